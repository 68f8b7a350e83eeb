// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import java.io.File;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Starts real children, and sees that none is left. The module's only backend is this one, so OsProcess takes it. */
@Timeout(120) // of JDK waits too, which have no bound of their own
abstract class RealProcesses {
    static final String SH = "/bin/sh";
    static final Duration LONG = Duration.ofSeconds(20);

    private final List<OsProcess> started = new ArrayList<>();
    private final List<Engine> engines = new ArrayList<>();

    @AfterEach
    final void leaveNothingBehind() throws Exception {
        for (OsProcess process : started) {
            ProcessHandle.of(process.pid())
                    .filter(one ->
                            one.parent().filter(ProcessHandle.current()::equals).isPresent())
                    .ifPresent(ProcessHandle::destroyForcibly);
            process.close();
        }
        for (Engine engine : engines) {
            engine.stop();
        }
    }

    final OsProcess sh(String script) throws Exception {
        return start(ProcessAttributes.defaults(), SH, "-c", script);
    }

    final OsProcess start(ProcessAttributes attributes, String... command) throws Exception {
        OsProcess process = OsProcess.start(command[0], List.of(command), attributes);
        started.add(process);
        return process;
    }

    /** An engine over a scripted seam. */
    final Engine over(JdkCalls calls) throws Exception {
        return over(new JdkBackend(calls, JdkHost.LINUX));
    }

    final Engine over(JdkBackend backend) throws Exception {
        Engine engine = Engine.over(backend);
        engines.add(engine);
        return engine;
    }

    static LifeCycle start(Engine engine, String... command) throws Exception {
        return engine.start(
                dev.osprocess.OsString.of(command[0]),
                Engine.osStrings(List.of(command)),
                ProcessAttributes.defaults());
    }

    static ProcessAttributes.Builder piped() {
        return ProcessAttributes.builder().files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2));
    }

    static String output(OsProcess process) throws Exception {
        try (InputStream in = Channels.newInputStream(process.pipe(1))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a shell script prints. */
    final String printed(ProcessAttributes.Builder attributes, String... command) throws Exception {
        OsProcess process = start(attributes.build(), command);
        String text = output(process);
        assertEquals("exit status 0", ended(process).toString());
        return text;
    }

    static ProcessState ended(OsProcess process) throws Exception {
        return process.waitFor(LONG).orElseThrow(() -> new AssertionError(process + " has not ended"));
    }

    static ProcessState ended(LifeCycle child) throws Exception {
        ProcessState state = child.waitFor(LONG);
        if (state == null) {
            throw new AssertionError("pid " + child.pid() + " has not ended, as the backend sees it");
        }
        return state;
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Starts a JVM with this one's class path and gives what it prints; it must exit with 0. */
    static String java(List<String> options, Class<?> main) throws Exception {
        return java(Map.of(), options, main);
    }

    /** The same with these variables in its environment. */
    static String java(Map<String, String> environment, List<String> options, Class<?> main) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment);
        Path said = Files.createTempFile("jvm", ".txt"); // no pipe, whose end would have to be awaited without a bound
        Process jvm = builder.redirectOutput(said.toFile()).start();
        try {
            boolean ended = jvm.waitFor(2 * LONG.toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(said, StandardCharsets.UTF_8);
            assertTrue(ended, main.getSimpleName() + " did not end: " + text);
            assertEquals(0, jvm.exitValue(), text);
            return text;
        } finally {
            jvm.destroyForcibly();
            Files.delete(said);
        }
    }
}
