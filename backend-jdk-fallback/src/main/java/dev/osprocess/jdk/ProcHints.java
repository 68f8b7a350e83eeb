// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK does not tell and proc(5) does, read as files: which ids are threads, which processes are zombies, and
 * when one began in ticks since boot. On Linux only; elsewhere, and wherever /proc is not to be trusted, everything is
 * unknown, and unknown is never taken for "no" (ID-13).
 */
final class ProcHints {
    static final long UNKNOWN = -1;

    /** Fields of proc_pid_stat(5), counted from field 3 as 0. */
    private static final int STATE = 0;

    private static final int THREADS = 17;
    private static final int START_TICKS = 19;

    private final JdkCalls calls;
    private final JdkHost host;
    private volatile @Nullable Boolean usable;

    ProcHints(JdkCalls calls, JdkHost host) {
        this.calls = calls;
        this.host = host;
    }

    /** Whether there is a /proc, and of our own pid namespace. */
    private boolean isUsable() {
        Boolean known = usable;
        if (known == null) {
            known = host == JdkHost.LINUX
                    && link("/proc/self").equals(Long.toString(calls.current().pid()));
            usable = known;
        }
        return known;
    }

    /** The process that this id's thread belongs to: the id itself for a process. */
    long threadGroupOf(long id) {
        if (isUsable()) {
            for (String line : text("/proc/" + id + "/status").split("\n", -1)) {
                if (line.startsWith("Tgid:")) {
                    return Long.parseLong(line.substring("Tgid:".length()).trim());
                }
            }
        }
        return UNKNOWN;
    }

    /** Whether it is known to have ended, unreaped. One whose first thread alone has left shows Z as well, and lives. */
    boolean isZombie(long pid) {
        String[] fields = stat(pid);
        return fields.length > START_TICKS
                && (fields[STATE].equals("Z") || fields[STATE].equals("X"))
                && Long.parseLong(fields[THREADS]) <= 1;
    }

    /** When it began, in ticks since boot; not more than 0 if unknown (some kernels say 0). */
    long startTicks(long pid) {
        String[] fields = stat(pid);
        return fields.length > START_TICKS ? Long.parseLong(fields[START_TICKS]) : UNKNOWN;
    }

    /** This boot of the system; empty if unknown. */
    String bootId() {
        return isUsable() ? text("/proc/sys/kernel/random/boot_id").trim() : "";
    }

    /** The pid namespace that our numbers count in; empty if unknown. */
    String pidNamespace() {
        String link = isUsable() ? link("/proc/self/ns/pid") : ""; // pid:[4026531836]
        int open = link.indexOf('[');
        return open > 0 && link.endsWith("]") ? link.substring(open + 1, link.length() - 1) : "";
    }

    private String[] stat(long pid) {
        String line = isUsable() ? text("/proc/" + pid + "/stat") : "";
        int afterName = line.lastIndexOf(')'); // the name may hold anything
        return afterName < 0
                ? new String[0]
                : line.substring(afterName + 1).trim().split(" ", -1);
    }

    private String text(String path) {
        try {
            return new String(calls.read(path), StandardCharsets.ISO_8859_1);
        } catch (IOException unknown) {
            return "";
        }
    }

    private String link(String path) {
        try {
            return calls.readLink(path);
        } catch (IOException unknown) {
            return "";
        }
    }
}
