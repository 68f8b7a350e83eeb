// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.windows.WindowsAttributes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What tests with processes of Windows share. Whatever a test starts is ended after it, the last one first. */
@Tag("windows")
@Timeout(120)
abstract class RealProcesses {
    static final Duration SOON = Duration.ofSeconds(30);

    private final Deque<OsProcess> children = new ArrayDeque<>();
    private final List<ByteChannel> pipes = new ArrayList<>();

    @BeforeAll
    static void onWindowsOnly() {
        assumeTrue(
                System.getProperty("os.name", "").startsWith("Windows"),
                "these tests need Windows, or Wine: scripts/windows-suite");
    }

    @AfterEach
    final void everyChildIsEnded() throws Exception {
        for (OsProcess child : children) {
            try {
                child.kill();
                end(child);
            } catch (ProcessDoneException | ProcessReleasedException gone) {
                // the test's own doing
            }
        }
        for (ByteChannel pipe : pipes) {
            pipe.close();
        }
    }

    /** Where Windows keeps its programs. */
    static String system32(String file) {
        return System.getenv("SystemRoot") + "\\system32\\" + file;
    }

    static String cmd() {
        return system32("cmd.exe");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java.exe").toString();
    }

    /** The command line of a JVM with these classes. */
    static List<String> javaCommand(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Ends it after the test. */
    final OsProcess owned(OsProcess child) {
        children.push(child);
        return child;
    }

    /** A command of cmd.exe, in one piece, with the null device for input and output. */
    final OsProcess run(WindowsAttributes attributes, String command) throws ProcessException {
        return owned(OsProcess.start(
                cmd(),
                List.of("cmd", "/d", "/c", command),
                ProcessAttributes.builder()
                        .system(attributes)
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build()));
    }

    final OsProcess run(String command) throws ProcessException {
        return run(WindowsAttributes.builder().build(), command);
    }

    /** Ends the child and closes its pipes after the test. */
    final OsProcess owned(OsProcess child, int... places) {
        for (int place : places) {
            pipes.add(child.pipe(place));
        }
        return owned(child);
    }

    /** A shell that lives until it is told to {@code exit}, and says nothing. */
    final OsProcess held(WindowsAttributes attributes) throws ProcessException {
        return owned(
                OsProcess.start(
                        cmd(),
                        List.of("cmd", "/d", "/q"),
                        ProcessAttributes.builder()
                                .system(attributes)
                                .files(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2))
                                .build()),
                0);
    }

    final OsProcess held() throws ProcessException {
        return held(WindowsAttributes.builder().build());
    }

    static void tell(OsProcess child, String line) throws IOException {
        child.pipe(0).write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** What a child writes to the pipe at this place, to its end. */
    static byte[] output(OsProcess child, int place) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer chunk = ByteBuffer.allocate(8192);
        while (child.pipe(place).read(chunk.clear()) >= 0) {
            all.write(chunk.array(), 0, chunk.position());
        }
        return all.toByteArray();
    }

    static List<String> lines(OsProcess child) throws IOException {
        return new String(output(child, 1), StandardCharsets.UTF_8).lines().toList();
    }

    /** The next line of what a child writes. */
    static String lineFrom(OsProcess child) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder line = new StringBuilder();
        while (child.pipe(1).read(one.clear()) == 1) {
            char letter = (char) one.get(0);
            if (letter == '\n') {
                return line.toString().trim();
            }
            line.append(letter);
        }
        throw new EOFException(child + " said '" + line + "' and nothing more");
    }

    /** A JVM that reports what reached it, one line each. */
    final List<String> report(ProcessAttributes.Builder attributes, List<String> command) throws Exception {
        OsProcess child = owned(
                OsProcess.start(
                        java(),
                        command,
                        attributes
                                .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2))
                                .build()),
                1);
        List<String> said = lines(child);
        assertEnded(0, child);
        return said;
    }

    static void assertEnded(long code, OsProcess child) throws Exception {
        org.junit.jupiter.api.Assertions.assertEquals(code, end(child).exitCode());
    }

    static ProcessState end(OsProcess process) throws Exception {
        return process.waitFor(SOON)
                .orElseThrow(() -> new AssertionError(process + " has not ended within " + SOON.toSeconds() + " s"));
    }

    static ErrorKind kindOf(Executable call) {
        return assertThrows(ProcessException.class, call).kind();
    }
}
