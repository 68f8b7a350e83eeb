// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A second JVM with the same classes and in the same mode, started by the JDK so that nothing under test takes part. */
public final class ChildJvm {
    private static final String MODE = "dev.osprocess.linux.pidfd";
    private static final String SAID = "> ";
    private static final int LIMIT_SECONDS = 100;

    private ChildJvm() {}

    /** Runs a main class, which must end with 0, and gives its output and errors. */
    public static List<String> run(List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        // to a file: a child that outlives the JVM would hold a pipe open, and its reader would wait for both
        Path file = Files.createTempFile("child-jvm", ".txt");
        Process jvm = new ProcessBuilder(command(options, main, arguments))
                .redirectErrorStream(true)
                .redirectOutput(file.toFile())
                .start();
        try {
            jvm.getOutputStream().close();
            boolean ended = jvm.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String output = Files.readString(file, StandardCharsets.UTF_8);
            assertTrue(ended, main.getSimpleName() + " did not end: " + output);
            assertEquals(0, jvm.exitValue(), output);
            return List.of(output.trim().split("\n", -1));
        } finally {
            jvm.destroyForcibly();
            Files.delete(file);
        }
    }

    /** What its main class said by {@link #say}, without what the log says in between. */
    public static List<String> said(List<String> output) {
        return output.stream()
                .filter(line -> line.startsWith(SAID))
                .map(line -> line.substring(SAID.length()))
                .toList();
    }

    /** For main classes: a line for the test. */
    public static void say(Object line) {
        System.out.println(SAID + line);
    }

    /** The command line of such a JVM. */
    public static List<String> command(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.add("-D" + MODE + "=" + System.getProperty(MODE, "on"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
