// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own for what belongs to a whole process: limits, inherited signals, the threads of the library's first
 * use. It is started by the JDK, so that nothing under test takes part, through a shell that first makes the
 * surroundings; it prints lines of {@code name=value}.
 */
final class ChildJvm {
    private static final long LIMIT_SECONDS = 120;

    private ChildJvm() {}

    /**
     * Runs a main class and gives what it printed.
     *
     * @param surroundings shell commands to be run before the JVM takes the shell's place; may be empty
     */
    static Map<String, String> run(String surroundings, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", surroundings + "\nexec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        String mode = System.getProperty(LinuxProbe.PIDFD_PROPERTY);
        if (mode != null) {
            command.add("-D" + LinuxProbe.PIDFD_PROPERTY + "=" + mode);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
        command.addAll(List.of(arguments));
        // to a file: a child that outlives the JVM would hold a pipe open, and its reader would wait for both
        Path file = Files.createTempFile("child-jvm", ".txt");
        Process jvm = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        try {
            jvm.getOutputStream().close();
            boolean ended = jvm.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String output = Files.readString(file, StandardCharsets.UTF_8);
            if (!ended) {
                throw new AssertionError(main.getSimpleName() + " did not end: " + output);
            }
            assertEquals(0, jvm.exitValue(), output);
            Map<String, String> printed = new TreeMap<>();
            for (String line : output.split("\n", -1)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    printed.put(line.substring(0, equals), line.substring(equals + 1));
                } else {
                    printed.merge("log", line, (before, after) -> before + "\n" + after);
                }
            }
            return printed;
        } finally {
            jvm.destroyForcibly();
            Files.delete(file);
        }
    }

    /** For the main classes: one line of the report. */
    static void print(String name, Object value) {
        System.out.println(name + "=" + value);
    }
}
