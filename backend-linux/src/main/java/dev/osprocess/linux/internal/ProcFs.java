// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What proc(5) tells of processes. Everything here may be unknown: proc can be missing, be another namespace's, or hide
 * other users' processes (hidepid). Unknown is never taken for "no" (ID-13).
 */
final class ProcFs {
    private static final String FULL_ID_MAP = "4294967295";
    private static final int CAP_SYS_PTRACE = 19;

    /** The kernel's namespaces have numbers from here on (enum init_ns_ino in linux/nsfs.h). */
    private static final long FIRST_NAMESPACE = 0xEFFF_FFF8L;

    private final ProcFiles files;
    private final int self;
    private volatile @Nullable Boolean usable;

    ProcFs(ProcFiles files, int self) {
        this.files = files;
        this.self = self;
    }

    /** What /proc/PID/stat says: its fields from the third on. */
    record Stat(char state, long parent, long startTicks, long exitCode) {
        /** Whether it has ended and nobody has collected its state. */
        boolean isZombie() {
            return state == 'Z' || state == 'X';
        }
    }

    /** Whether /proc is there and is of our own pid namespace: only then do its numbers mean what ours mean. */
    boolean isUsable() {
        Boolean known = usable;
        if (known == null) {
            known = linkOf("/proc/self").equals(Integer.toString(self));
            usable = known;
        }
        return known;
    }

    /** The stat line of a process; null if it cannot be had. */
    @Nullable
    Stat stat(long pid) {
        if (!isUsable()) {
            return null;
        }
        String[] fields = statFields(pid);
        if (fields.length < 20) {
            return null;
        }
        // proc_pid_stat(5): fields[0] is field 3 (state), field 22 is the start time, field 52 the exit code
        long exitCode = fields.length > 49 ? Long.parseLong(fields[49]) : 0;
        // field 20: the threads; a process whose first thread has left shows Z while others live on
        boolean othersLive = Long.parseLong(fields[17]) > 1;
        char state = fields[0].charAt(0) == 'Z' && othersLive ? 'S' : fields[0].charAt(0);
        return new Stat(state, Long.parseLong(fields[1]), Long.parseLong(fields[19]), exitCode);
    }

    /** The fields of a stat line from the third on; none if it cannot be had. */
    private String[] statFields(long pid) {
        String line = textOf("/proc/" + pid + "/stat");
        int afterName = line.lastIndexOf(')'); // the name may hold anything
        return afterName < 0
                ? new String[0]
                : line.substring(afterName + 1).trim().split(" ", -1);
    }

    /** The processes whose parent this is now. */
    Set<Long> childrenOf(long pid) throws IOException {
        Set<Long> children = new LinkedHashSet<>();
        for (String name : files.list("/proc")) {
            if (name.charAt(0) >= '1' && name.charAt(0) <= '9') {
                Stat stat = stat(Long.parseLong(name));
                if (stat != null && stat.parent() == pid && !stat.isZombie()) {
                    children.add(Long.parseLong(name));
                }
            }
        }
        return children;
    }

    /** The process that this id's thread belongs to: the id itself for a process; −1 if unknown (ID-15). */
    long threadGroupOf(long id) {
        return isUsable() ? number(statusField(id, "Tgid:")) : -1;
    }

    /**
     * Whether this process may read what the kernel hides in stat from those without ptrace-read permission: only then is a
     * zero in the exit code a zero (proc_pid_stat(5)).
     */
    boolean mayReadExitCodeOf(long pid) {
        if (hidesFromEverybody()) {
            return false;
        }
        String uids = statusField(pid, "Uid:");
        String gids = statusField(pid, "Gid:");
        if (uids.isEmpty() || gids.isEmpty()) {
            return false;
        }
        long own = mask(statusField(self, "CapEff:"));
        boolean ptrace = (own & (1L << CAP_SYS_PTRACE)) != 0;
        if (allEqual(uids, effective("Uid:")) && allEqual(gids, effective("Gid:"))) {
            // a program with capabilities of its own is hidden from its user as well (cap_ptrace_access_check)
            return ptrace || (mask(statusField(pid, "CapPrm:")) & ~own) == 0;
        }
        // with that capability in the first user namespace, over every process
        return ptrace && textOf("/proc/self/uid_map").trim().endsWith(FULL_ID_MAP);
    }

    /**
     * Whether the kernel shows zeros to everybody where others show what needs that permission, as gVisor does. Everybody
     * has it for themselves, so it is to be seen in field 26, the address of one's own code.
     */
    private boolean hidesFromEverybody() {
        String[] own = statFields(self);
        return own.length > 23 && own[23].equals("0");
    }

    private static long mask(String hexadecimal) {
        return hexadecimal.isEmpty() ? 0 : Long.parseUnsignedLong(hexadecimal, 16);
    }

    private String effective(String field) {
        String[] ids = statusField(self, field).split("\\s+", -1);
        return ids.length > 3 ? ids[3] : ""; // the file system id, which the kernel compares here
    }

    private static boolean allEqual(String ids, String expected) {
        String[] each = ids.split("\\s+", -1);
        for (int i = 0; i < Math.min(3, each.length); i++) {
            if (!each[i].equals(expected)) {
                return false;
            }
        }
        return !expected.isEmpty();
    }

    /**
     * What the calling thread may do, as the next execve(2) sees it (capabilities(7)).
     *
     * @param root whether its effective user is root
     * @param inheritable the inheritable capabilities, which an exec leaves as they are
     * @param bounding the bounding set
     * @param ambient the ambient capabilities
     */
    record Rights(boolean root, long inheritable, long bounding, long ambient) {
        static final Rights NONE = new Rights(false, 0, 0, 0);

        /** What it is permitted after it has executed a program that has no capabilities of its own. */
        long afterExec() {
            return root ? inheritable | bounding : ambient;
        }
    }

    /** What the calling thread may do; nothing where that is not to be read. */
    Rights ownRights() {
        String status = textOf("/proc/thread-self/status");
        String[] uids = fieldOf(status, "Uid:").split("\\s+", -1);
        return new Rights(
                uids.length > 1 && uids[1].equals("0"),
                mask(fieldOf(status, "CapInh:")),
                mask(fieldOf(status, "CapBnd:")),
                mask(fieldOf(status, "CapAmb:")));
    }

    /** The signals that this process ignores now: bit n−1 for signal n; 0 if unknown. */
    long ignoredSignals() {
        String mask = statusField(self, "SigIgn:");
        return mask.isEmpty() ? 0 : Long.parseUnsignedLong(mask, 16);
    }

    /** This boot of the system; empty if unknown. */
    String bootId() {
        return textOf("/proc/sys/kernel/random/boot_id").trim();
    }

    /** The number of our pid namespace; empty if unknown. gVisor makes up another one for each process that asks. */
    String pidNamespace() {
        String number = inBrackets(linkOf("/proc/self/ns/pid"));
        return number.isEmpty() || Long.parseLong(number) < FIRST_NAMESPACE ? "" : number;
    }

    /** The inode behind a descriptor of this process (proc_pid_fdinfo(5), Linux 5.14); empty if unknown. */
    String inodeOf(int fd) {
        return fieldOf(textOf("/proc/self/fdinfo/" + fd), "ino:");
    }

    private static String inBrackets(String link) {
        int open = link.indexOf('[');
        int close = link.indexOf(']', open + 1);
        return open < 0 || close < 0 ? "" : link.substring(open + 1, close);
    }

    private String statusField(long pid, String field) {
        return fieldOf(textOf("/proc/" + pid + "/status"), field);
    }

    private static String fieldOf(String text, String field) {
        int at = text.startsWith(field) ? 0 : text.indexOf("\n" + field);
        if (at < 0) {
            return "";
        }
        int from = text.indexOf(':', at) + 1;
        int to = text.indexOf('\n', from);
        return text.substring(from, to < 0 ? text.length() : to).trim();
    }

    private static long number(String text) {
        return text.isEmpty() ? -1 : Long.parseLong(text);
    }

    private String textOf(String path) {
        try {
            return new String(files.read(path), StandardCharsets.ISO_8859_1);
        } catch (IOException unknown) {
            return "";
        }
    }

    private String linkOf(String path) {
        try {
            return files.readLink(path);
        } catch (IOException unknown) {
            return "";
        }
    }
}
