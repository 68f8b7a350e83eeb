// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which process this is, in a form that can be written down and outlives the JVM (D16): the pid, and what tells its
 * bearer from every later one. On Linux that is the boot, the pid namespace, the start time in clock ticks since boot
 * and, where the kernel shows it, the inode of its pidfd; elsewhere the creation time. {@link OsProcess#find(ProcessIdentity)}
 * finds the process again, or says that it is gone.
 */
public final class ProcessIdentity {
    /** Marks that say where a pid counts, and nothing of who bears it. */
    private static final Set<String> PLACES = Set.of("boot", "ns");

    private final String system;
    private final long pid;
    private final SortedMap<String, String> marks;

    private ProcessIdentity(String system, long pid, SortedMap<String, String> marks) {
        this.system = system;
        this.pid = pid;
        this.marks = marks;
    }

    /**
     * An identity of these parts. For backends.
     *
     * @param system the system that the marks belong to, for instance {@code linux}
     * @param pid the process id
     * @param marks what tells this bearer of the pid from the others; names and values of letters, digits, {@code .},
     *     {@code _} and {@code -}
     */
    public static ProcessIdentity of(String system, long pid, Map<String, String> marks) {
        checkWord(system);
        if (pid <= 0) {
            throw new IllegalArgumentException("pid " + pid + ": must be 1 or more");
        }
        TreeMap<String, String> sorted = new TreeMap<>(marks);
        for (Map.Entry<String, String> mark : sorted.entrySet()) {
            checkWord(mark.getKey());
            checkWord(mark.getValue());
        }
        return new ProcessIdentity(system, pid, sorted);
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static ProcessIdentity parse(String text) {
        String[] parts = Objects.requireNonNull(text, "text").trim().split(":", -1);
        if (parts.length < 2 || !parts[1].matches("[0-9]{1,18}")) {
            throw malformed(text);
        }
        TreeMap<String, String> marks = new TreeMap<>();
        for (int i = 2; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals <= 0 || marks.put(parts[i].substring(0, equals), parts[i].substring(equals + 1)) != null) {
                throw malformed(text);
            }
        }
        return of(parts[0], Long.parseLong(parts[1]), marks);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'" + text
                        + "' is not a process identity: expected SYSTEM:PID:MARK=VALUE:…, as printed by 'osprocess identity PID'");
    }

    private static void checkWord(String word) {
        if (word.isEmpty()
                || !word.chars()
                        .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || c == '.' || c == '_' || c == '-')) {
            throw new IllegalArgumentException(
                    "'" + word + "' in a process identity: must be letters, digits, '.', '_' or '-'");
        }
    }

    /** The system that this was taken on. */
    public String system() {
        return system;
    }

    /** The process id at that time. */
    public long pid() {
        return pid;
    }

    /** What tells this bearer of the pid from the others, sorted by name; not modifiable. */
    public Map<String, String> marks() {
        return Collections.unmodifiableSortedMap(marks);
    }

    /**
     * Whether both name one process: same system, same pid, and every mark that both have is equal, among them at least
     * one that tells the bearers of a pid apart. The marks {@code boot} and {@code ns} only say where the pid counts. One
     * that has more marks than the other (a newer kernel shows more) can still be the same.
     */
    public boolean denotesSameProcess(ProcessIdentity other) {
        if (pid != other.pid || !system.equals(other.system)) {
            return false;
        }
        boolean shared = false;
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            String theirs = other.marks.get(mark.getKey());
            if (theirs != null) {
                if (!theirs.equals(mark.getValue())) {
                    return false;
                }
                shared |= !PLACES.contains(mark.getKey());
            }
        }
        return shared;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessIdentity that
                && pid == that.pid
                && system.equals(that.system)
                && marks.equals(that.marks);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(pid) * 31 + marks.hashCode();
    }

    /** One word without blanks, for files and command lines; {@link #parse(String)} reads it back. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(system).append(':').append(pid);
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            text.append(':').append(mark.getKey()).append('=').append(mark.getValue());
        }
        return text.toString();
    }
}
