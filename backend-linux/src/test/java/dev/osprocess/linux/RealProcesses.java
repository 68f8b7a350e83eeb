// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.SystemAttributes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * What tests with processes on the running kernel share. Whatever a test starts is ended and reaped after it: first the
 * descendants that it named by {@link #descendant}, while their parents can still reap them, then its own children, the
 * last one first.
 */
@Tag("kernel")
@Timeout(120)
public abstract class RealProcesses {
    /** More than anything here takes; what comes earlier costs nothing. */
    protected static final Duration SOON = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 2;

    private final Deque<OsProcess> children = new ArrayDeque<>();
    private final Deque<OsProcess> descendants = new ArrayDeque<>();
    private final List<ByteChannel> pipes = new ArrayList<>();

    @AfterEach
    final void everyProcessIsEndedAndReaped() throws Exception {
        for (OsProcess descendant : descendants) {
            descendant.kill();
            await(true, () -> descendant.liveness() != Liveness.RUNNING);
            descendant.close();
        }
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
        for (OsProcess descendant : descendants) {
            Orphans.reap(descendant.pid());
            awaitNoChild(descendant.pid());
        }
        for (OsProcess child : children) {
            awaitNoChild(child.pid());
        }
    }

    // ---- starting
    // ----------------------------------------------------------------------------------------------------

    /** A child whose standard streams are the null device, except errors. */
    protected final OsProcess start(ProcessAttributes.Builder attributes, String... command) throws ProcessException {
        return owned(OsProcess.start(
                command[0],
                List.of(command),
                attributes
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build()));
    }

    /** The same with all defaults. */
    protected final OsProcess start(String... command) throws ProcessException {
        return start(ProcessAttributes.builder(), command);
    }

    /** A child that lives until it is ended. */
    protected final OsProcess sleeper() throws ProcessException {
        return start("/bin/sleep", "1000");
    }

    /** A child that lives until it is ended, in this group or session. */
    protected final OsProcess sleeper(SystemAttributes system) throws ProcessException {
        return start(ProcessAttributes.builder().system(system), "/bin/sleep", "1000");
    }

    /** A shell that reads what {@link #tell} says and whose output {@link #lineFrom} reads. */
    protected final OsProcess shell(String script, String... arguments) throws ProcessException {
        return shell(ProcessAttributes.builder(), script, arguments);
    }

    /** The same with these attributes. */
    protected final OsProcess shell(ProcessAttributes.Builder attributes, String script, String... arguments)
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

    /** A shell that lives until it is told something, and exits with this code then. */
    protected final OsProcess held(int code) throws ProcessException {
        return shell("read word; exit " + code);
    }

    /**
     * A child that starts this job in the background, tells its number and then never reaps it. What the job reads from
     * descriptor 3 is what {@link #tell} says.
     */
    protected final OsProcess neverReaping(String job) throws Exception {
        OsProcess parent = shell("exec 3<&0; " + job + " & echo $!; exec sleep 1000");
        await("sleep", () -> nameOf(parent.pid())); // before that, the shell would reap
        return parent;
    }

    /** A zombie: a child that has exited with this code, and that nobody has reaped. */
    protected final OsProcess zombie(int code) throws Exception {
        OsProcess child = shell("exit " + code);
        awaitState(child.pid(), "Z");
        return child;
    }

    /** Ends and reaps it after the test. */
    protected final OsProcess owned(OsProcess child) {
        children.push(child);
        return child;
    }

    /** A process that a child of the test has started: found by the number that it told, and ended after the test. */
    protected final OsProcess descendant(long pid) throws ProcessException {
        OsProcess found = OsProcess.findLive(pid)
                .orElseThrow(() -> new AssertionError("the descendant " + pid + " of this test is not there"));
        descendants.push(found);
        return found;
    }

    /** The same by the number on the next line of a shell's output. */
    protected final OsProcess descendantOf(OsProcess shell) throws IOException {
        return descendant(Long.parseLong(lineFrom(shell)));
    }

    // ---- talking
    // -----------------------------------------------------------------------------------------------------

    /** The next line of a shell's output. */
    protected static String lineFrom(OsProcess shell) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder line = new StringBuilder();
        while (shell.pipe(1).read(one.clear()) == 1) {
            char letter = (char) one.get(0);
            if (letter == '\n') {
                return line.toString();
            }
            line.append(letter);
        }
        throw new EOFException(shell + " said '" + line + "' and nothing more");
    }

    /** Ends what waits for a line. */
    protected static void tell(OsProcess shell) throws IOException {
        shell.pipe(0).write(ByteBuffer.wrap(new byte[] {'\n'}));
    }

    // ---- looking
    // -----------------------------------------------------------------------------------------------------

    /** How it ended; fails if that takes too long. */
    protected static ProcessState end(OsProcess process) throws Exception {
        return process.waitFor(SOON)
                .orElseThrow(() -> new AssertionError(process + " has not ended within " + SOON.toSeconds() + " s"));
    }

    /** The kind of error that this call throws. */
    protected static ErrorKind kindOf(Executable call) {
        return assertThrows(ProcessException.class, call).kind();
    }

    /** What /proc says of a process: R, S, T, Z …; empty if there is none. */
    protected static String stateOf(long pid) throws IOException {
        try {
            return Surroundings.statField(pid, 3);
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException gone) { // ESRCH: it went between the open and the read
            if (Files.exists(Path.of("/proc/" + pid + "/stat"))) {
                throw gone;
            }
            return "";
        }
    }

    /** The name of a process's program; empty if there is none. */
    protected static String nameOf(long pid) throws IOException {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .trim();
        } catch (NoSuchFileException gone) {
            return "";
        }
    }

    protected static void awaitState(long pid, String state) throws Exception {
        await(state, () -> stateOf(pid));
    }

    /** Waits until no child of this JVM has this number, not even a zombie. */
    protected static void awaitNoChild(long pid) throws Exception {
        await(false, () -> isChild(pid));
    }

    /** Whether a process of this number, running or a zombie, is a child of this JVM. */
    protected static boolean isChild(long pid) throws IOException {
        if (stateOf(pid).isEmpty()) {
            return false;
        }
        try {
            return Surroundings.statField(pid, 4).equals(Long.toString(OsProcess.currentPid()));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Looks again and again until it is so, for a bounded time. */
    protected static <T> void await(T expected, Callable<T> look) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        T seen = look.call();
        while (!expected.equals(seen) && System.nanoTime() - deadline < 0) {
            Thread.sleep(PAUSE_MILLIS);
            seen = look.call();
        }
        assertEquals(expected, seen);
    }
}
