// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The seam: what {@code /proc} says of a process. */
final class ProcTable {
    private static final String TGID = "Tgid:";

    /** Places in the line behind the name: proc(5) counts them from 3. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int START_TICKS = 19;

    /**
     * One process.
     *
     * @param startTicks when it was started, in ticks since the system was
     */
    record Entry(char state, long parent, long startTicks) {
        boolean isZombie() {
            return state == 'Z' || state == 'X';
        }
    }

    /** What it says of this number; null if there is no such process. */
    @Nullable
    Entry of(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return new Entry(words[STATE].charAt(0), Long.parseLong(words[PARENT]), Long.parseLong(words[START_TICKS]));
        } catch (IOException gone) {
            return null;
        }
    }

    /** Whether this is the id of a thread that is no process (ID-15). */
    boolean isThread(long id) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(id), "status"))) {
                if (line.startsWith(TGID)) {
                    return Long.parseLong(line.substring(TGID.length()).strip()) != id;
                }
            }
        } catch (IOException gone) {
            return false;
        }
        return false;
    }

    Set<Long> childrenOf(long pid) throws IOException {
        Set<Long> children = new HashSet<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path folder : all) {
                long number = Long.parseLong(folder.getFileName().toString());
                Entry entry = of(number);
                if (entry != null && entry.parent() == pid) {
                    children.add(number);
                }
            }
        }
        return children;
    }
}
