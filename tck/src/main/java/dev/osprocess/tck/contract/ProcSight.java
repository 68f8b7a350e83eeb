// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import dev.osprocess.tck.Sight;
import dev.osprocess.tck.fixture.Kit;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What {@code /proc} shows of a process, for tests that need {@link Sight#PROC}. */
final class ProcSight {
    /** As fdinfo writes it (open(2)). */
    static final int NON_BLOCKING = 04000;

    /** As fdinfo writes it (open(2)). */
    static final int CLOSE_ON_EXEC = 02000000;

    /** Where in {@code stat}, behind the name, the processor times begin: proc(5), fields 14 to 17. */
    private static final int TIMES = 11;

    /** The unit of those times, of every Linux that has a JVM. */
    private static final Duration TICK = Duration.ofMillis(10);

    private ProcSight() {}

    static byte[] bytes(long pid, String file) throws IOException {
        return Files.readAllBytes(Path.of("/proc/" + pid, file));
    }

    /** Of {@code status}: what stands behind {@code NAME:}. */
    static String status(long pid, String name) throws IOException {
        return field(bytes(pid, "status"), name + ":");
    }

    /** What stands behind these words at a line's begin. */
    static String field(byte[] lines, String words) {
        return new String(lines, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith(words))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line begins with " + words))
                .substring(words.length())
                .trim();
    }

    /** Processor time of a process, without its children. */
    static Duration cpu(long pid) throws IOException {
        return times(pid, 0);
    }

    /** Processor time of the children that a process has waited for. */
    static Duration cpuOfReaped(long pid) throws IOException {
        return times(pid, 2);
    }

    private static Duration times(long pid, int from) throws IOException {
        String line = new String(bytes(pid, "stat"), StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return TICK.multipliedBy(Long.parseLong(fields[TIMES + from]) + Long.parseLong(fields[TIMES + from + 1]));
    }

    /** This JVM's descriptors, and what they name. */
    static Map<Integer, String> ownDescriptors() throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        String[] names = new File("/proc/self/fd").list();
        if (names == null) {
            throw new IOException("cannot list /proc/self/fd");
        }
        for (String name : names) {
            try {
                open.put(
                        Integer.valueOf(name),
                        Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString());
            } catch (NoSuchFileException closedMeanwhile) {
                // what the listing itself used
            }
        }
        return open;
    }

    /** The number of this JVM's descriptor of this file. */
    static int descriptorOf(Path file) throws IOException {
        return ownDescriptors().entrySet().stream()
                .filter(open -> open.getValue().equals(file.toString()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no descriptor of " + file));
    }

    /** The flags of one of this JVM's descriptors. */
    static int flags(int descriptor) throws IOException {
        return flags(Files.readAllBytes(Path.of("/proc/self/fdinfo", Integer.toString(descriptor))));
    }

    /** The flags that an fdinfo says. */
    static int flags(byte[] fdinfo) {
        return Integer.parseInt(field(fdinfo, "flags:"), 8);
    }

    /** The descriptors of a child, and what they name. */
    static Map<Integer, String> descriptors(Kit.Child child) {
        Map<Integer, String> open = new TreeMap<>();
        for (String each : child.ask("descriptors", "/proc/self/fd")) {
            int equals = each.indexOf('=');
            open.put(Integer.valueOf(each.substring(0, equals)), each.substring(equals + 1));
        }
        return open;
    }
}
