// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the command line: inside of this JVM, or in one of its own, as a shell would. */
final class Cli {
    /** What a run left behind. */
    record Result(int code, String out, String err) {
        /** The last line of stderr. */
        String lastLine() {
            String[] lines = err.split("\n", -1);
            return lines.length < 2 ? err : lines[lines.length - 2];
        }
    }

    private static final long PATIENCE_SECONDS = 60;

    private Cli() {}

    /** In this JVM: for what never comes to a child. */
    static synchronized Result inside(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
            int code = Main.run(args);
            return new Result(code, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** In a JVM of its own, to its end, with nothing on stdin. */
    static Result run(String... args) throws IOException, InterruptedException {
        return new Running(Map.of(), args).result("");
    }

    /** In a JVM of its own that is running now. */
    static Running start(String... args) throws IOException {
        return new Running(Map.of(), args);
    }

    /** The same with these variables in its environment. */
    static Running start(Map<String, String> environment, String... args) throws IOException {
        return new Running(environment, args);
    }

    /** A command line that is running. */
    static final class Running {
        private final Process process;
        private final CompletableFuture<String> err;

        private Running(Map<String, String> environment, String... args) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath(),
                    Main.class.getName()));
            if (Runtime.version().feature() >= 24) {
                command.add(1, "--enable-native-access=ALL-UNNAMED"); // else the JVM warns on stderr
            }
            command.addAll(List.of(args));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            process = builder.start();
            err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        }

        /** The process id, which is the launching JVM's own. */
        long pid() {
            return process.pid();
        }

        /** Sends it TERM. By the handle: {@code Process.destroy} would close the streams as well. */
        void terminate() {
            process.toHandle().destroy();
        }

        /** Waits for a line on stdout. */
        void awaitLine(String line) throws IOException {
            StringBuilder seen = new StringBuilder();
            InputStream in = process.getInputStream();
            while (!seen.toString().equals(line + "\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new AssertionError(
                            "stdout ended after '" + seen + "' and before '" + line + "': " + err.join());
                }
                seen.append((char) next);
            }
        }

        /** Gives it this text on stdin and waits for its end. */
        Result result(String stdin) throws IOException, InterruptedException {
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            try (var in = process.getOutputStream()) {
                in.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                if (!stdin.isEmpty()) {
                    throw closed;
                }
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the command line did not end");
            }
            try {
                return new Result(
                        process.exitValue(),
                        out.get(PATIENCE_SECONDS, TimeUnit.SECONDS),
                        err.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException failed) {
                throw new AssertionError("a stream of the command line did not end", failed);
            }
        }

        private static String text(InputStream in) {
            try (in) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** What this JVM runs with, whether its build used the class path, the module path or both. */
        private static String classPath() {
            List<String> parts = new ArrayList<>();
            for (String property : List.of("jdk.module.path", "surefire.test.class.path", "java.class.path")) {
                String value = System.getProperty(property, "");
                if (!value.isEmpty()) {
                    parts.add(value);
                }
            }
            return String.join(File.pathSeparator, parts);
        }
    }
}
