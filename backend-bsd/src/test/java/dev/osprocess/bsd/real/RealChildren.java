// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.osprocess.ChildFile;
import dev.osprocess.NoChildException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * What tests share that run this backend for real: on Linux, under the profile of the tests (see {@code BsdOnLinux}), or,
 * for whoever has one, on a BSD or macOS. Whatever a test starts is ended and reaped after it.
 */
@Timeout(120)
abstract class RealChildren {
    /** More than anything here takes; what comes earlier costs nothing. */
    static final Duration SOON = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 2;

    private final Deque<OsProcess> children = new ArrayDeque<>();
    private final List<ByteChannel> pipes = new ArrayList<>();

    @BeforeAll
    static void thisBackendServes() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        Assumptions.assumeFalse(os.startsWith("windows"), "needs a Unix");
    }

    @AfterEach
    final void everyChildIsEndedAndReaped() throws Exception {
        for (OsProcess child : children) {
            try {
                child.kill();
                end(child);
            } catch (ProcessDoneException | NoChildException | ProcessReleasedException gone) {
                // the test's own doing
            }
        }
        for (ByteChannel pipe : pipes) {
            pipe.close();
        }
        for (OsProcess child : children) {
            await(false, () -> isChild(child.pid()));
        }
    }

    /** A child with these attributes. */
    final OsProcess start(ProcessAttributes attributes, String... command) throws ProcessException {
        return owned(OsProcess.start(command[0], List.of(command), attributes));
    }

    /** A child without input. */
    final OsProcess start(String... command) throws ProcessException {
        return start(
                ProcessAttributes.builder()
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build(),
                command);
    }

    final OsProcess sleeper() throws ProcessException {
        return start("/bin/sleep", "1000");
    }

    final OsProcess owned(OsProcess child) {
        children.push(child);
        return child;
    }

    /** A shell whose input and output are pipes. */
    final OsProcess shell(ProcessAttributes.Builder attributes, String script, String... arguments)
            throws ProcessException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        command.addAll(List.of(arguments));
        OsProcess child = owned(OsProcess.start(
                "/bin/sh",
                command,
                attributes
                        .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                        .build()));
        pipes.add(child.pipe(0));
        pipes.add(child.pipe(1));
        return child;
    }

    /** All that a shell prints. */
    final String outputOf(ProcessAttributes.Builder attributes, String script, String... arguments) throws Exception {
        OsProcess child = shell(attributes, script, arguments);
        String output = new String(bytesFrom(child.pipe(1)), StandardCharsets.UTF_8);
        end(child);
        return output;
    }

    static byte[] bytesFrom(ByteChannel pipe) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (pipe.read(buffer.clear()) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toByteArray();
    }

    static String lineFrom(OsProcess shell) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder line = new StringBuilder();
        while (shell.pipe(1).read(one.clear()) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString();
    }

    /** Ends what waits for a line. */
    static void tell(OsProcess shell) throws IOException {
        shell.pipe(0).write(ByteBuffer.wrap(new byte[] {'\n'}));
    }

    static ProcessState end(OsProcess process) throws Exception {
        return process.waitFor(SOON).orElseThrow(() -> new AssertionError(process + " has not ended"));
    }

    static void assumeLinux(String why) {
        Assumptions.assumeTrue(System.getProperty("os.name", "").equals("Linux"), "needs Linux: " + why);
    }

    /** A field of /proc/PID/stat, counted as in proc(5); empty if there is no such process. */
    static String stat(long pid, int field) throws IOException {
        Path file = Path.of("/proc/" + pid + "/stat");
        String stat;
        try {
            stat = Files.readString(file);
        } catch (IOException gone) {
            assertFalse(Files.exists(file), "unreadable: " + file);
            return "";
        }
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[field - 3];
    }

    private static boolean isChild(long pid) throws IOException {
        return System.getProperty("os.name", "").equals("Linux")
                && stat(pid, 4).equals(Long.toString(OsProcess.currentPid()));
    }

    /** Looks again and again until it is so, for a bounded time. */
    static <T> void await(T expected, Callable<T> look) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        T seen = look.call();
        while (!expected.equals(seen) && System.nanoTime() - deadline < 0) {
            Thread.sleep(PAUSE_MILLIS);
            seen = look.call();
        }
        assertEquals(expected, seen);
    }
}
