// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A proc(5) of a test's own: what was not put there is missing. */
final class ScriptedProcFiles implements ProcFiles {
    /** The number that this process has in the script. */
    static final int SELF = 4242;

    private final Map<String, String> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<String, List<String>> directories = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    /** One that is there, and of our own namespace. */
    static ScriptedProcFiles ours() {
        return new ScriptedProcFiles().link("/proc/self", Integer.toString(SELF));
    }

    /** One that is there and shows other users' processes to nobody. */
    static ScriptedProcFiles missing() {
        return new ScriptedProcFiles();
    }

    ScriptedProcFiles file(String path, String text) {
        files.put(path, text);
        return this;
    }

    ScriptedProcFiles link(String path, String target) {
        links.put(path, target);
        return this;
    }

    ScriptedProcFiles directory(String path, String... names) {
        directories.put(path, List.of(names));
        return this;
    }

    /** A stat line in the form of Linux 6: 52 fields. */
    ScriptedProcFiles stat(int pid, String name, char state, long start, int exitCode) {
        return file("/proc/" + pid + "/stat", statLine(pid, name, state, start, exitCode));
    }

    static String statLine(int pid, String name, char state, long start, int exitCode) {
        StringBuilder line = new StringBuilder()
                .append(pid)
                .append(" (")
                .append(name)
                .append(") ")
                .append(state);
        for (int field = 4; field <= 52; field++) {
            line.append(' ');
            switch (field) {
                case 4 -> line.append(SELF);
                case 20 -> line.append(1); // threads
                case 22 -> line.append(start);
                case 52 -> line.append(exitCode);
                default -> line.append(field + 1000);
            }
        }
        return line.append('\n').toString();
    }

    /** A status file of a process of this thread group, with these four user and group ids. */
    ScriptedProcFiles status(int id, int leader, String ids, String more) {
        return file(
                "/proc/" + id + "/status",
                "Name:\tx\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t" + leader + "\nPid:\t" + id + "\nUid:\t" + ids
                        + "\nGid:\t" + ids + "\n" + more);
    }

    void gone(int pid) {
        files.remove("/proc/" + pid + "/stat");
        files.remove("/proc/" + pid + "/status");
    }

    /** Every path that was asked for, in order. */
    List<String> asked() {
        return asked;
    }

    @Override
    public byte[] read(String path) throws IOException {
        asked.add(path);
        String text = files.get(path);
        if (text == null) {
            throw new NoSuchFileException(path);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String readLink(String path) throws IOException {
        asked.add(path);
        String target = links.get(path);
        if (target == null) {
            throw new NoSuchFileException(path);
        }
        return target;
    }

    @Override
    public List<String> list(String path) throws IOException {
        asked.add(path);
        List<String> names = directories.get(path);
        if (names == null) {
            throw new NoSuchFileException(path);
        }
        return names;
    }
}
