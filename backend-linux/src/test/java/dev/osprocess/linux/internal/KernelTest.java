// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.NoChildException;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Discovery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/**
 * What tests on the running kernel share. They run twice, in a JVM of each mode: with pidfds, and with
 * {@code -Ddev.osprocess.linux.pidfd=off}. Every child that a test made by {@link #start} is ended and reaped after it.
 */
@Tag("kernel")
abstract class KernelTest {
    /** Whether this JVM was told to do without pidfds. */
    static final boolean SWITCHED_OFF = "off".equals(System.getProperty(LinuxProbe.PIDFD_PROPERTY));

    /** Whether processes are held by pidfds in this JVM. */
    static final boolean PIDFDS = Discovery.engine().backend().handleKind().equals("pidfd");

    /** The real calls, for what the public API does not do. */
    static final LinuxSyscalls RAW =
            new JffiSyscalls(Objects.requireNonNull(LinuxAbi.of(System.getProperty("os.arch", ""))));

    /** More than anything here takes; a wait that is over earlier costs nothing. */
    static final Duration SOON = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 2;

    private final List<OsProcess> started = new ArrayList<>();
    private final List<Integer> descriptors = new ArrayList<>();

    @AfterEach
    final void everyChildIsEndedAndReaped() throws Exception {
        for (OsProcess child : started) {
            try {
                child.kill();
                if (child.waitFor(SOON).isEmpty()) {
                    throw new AssertionError(child + " outlived its test");
                }
            } catch (NoChildException | ProcessDoneException | IllegalStateException gone) {
                // a test's own doing: stolen, lost or released
            }
        }
        started.clear();
        for (int descriptor : descriptors) {
            RAW.close(descriptor);
        }
        descriptors.clear();
    }

    // ---- starting
    // ----------------------------------------------------------------------------------------------------

    final OsProcess start(ProcessAttributes attributes, String program, String... arguments) throws ProcessException {
        List<String> argv = new ArrayList<>(List.of(program));
        argv.addAll(List.of(arguments));
        return owned(OsProcess.start(program, argv, attributes));
    }

    final OsProcess start(String program, String... arguments) throws ProcessException {
        return start(ProcessAttributes.defaults(), program, arguments);
    }

    /** Ends and reaps it after the test. */
    final OsProcess owned(OsProcess child) {
        started.add(child);
        return child;
    }

    /** A child that lives until it is ended. */
    final OsProcess sleeper() throws ProcessException {
        return start(quietly().build(), "/bin/sleep", "1000");
    }

    /** What tests begin with; a subclass that runs the same tests over another way to start gives something else. */
    ProcessAttributes.Builder attributes() {
        return ProcessAttributes.builder();
    }

    /** The same without anything to read or write. */
    final ProcessAttributes.Builder quietly() {
        return quiet(attributes());
    }

    static ProcessAttributes.Builder quiet() {
        return quiet(ProcessAttributes.builder());
    }

    private static ProcessAttributes.Builder quiet(ProcessAttributes.Builder attributes) {
        return attributes.files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.nullDevice());
    }

    static ProcessMode expectedMode() {
        return PIDFDS ? ProcessMode.HANDLE : ProcessMode.PID;
    }

    static ProcessState end(OsProcess child) throws Exception {
        return child.waitFor(SOON)
                .orElseThrow(() -> new AssertionError(child + " has not ended within " + SOON.toSeconds() + " s"));
    }

    /** What a shell script writes to its output, and its end, which must be an exit with 0. */
    final byte[] output(ProcessAttributes.Builder attributes, String script, OsString... arguments) throws Exception {
        List<OsString> argv = new ArrayList<>(List.of(OsString.of("sh"), OsString.of("-c"), OsString.of(script)));
        argv.add(OsString.of("script"));
        argv.addAll(List.of(arguments));
        ProcessAttributes all = attributes
                .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2))
                .build();
        OsProcess child = owned(OsProcess.start(OsString.of("/bin/sh"), argv, all));
        byte[] bytes;
        try (ByteChannel out = child.pipe(1)) {
            bytes = readAll(out);
        }
        assertEquals("exit status 0", end(child).toString());
        return bytes;
    }

    static byte[] readAll(ByteChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(65_536);
        while (channel.read(part) >= 0) {
            all.write(part.array(), 0, part.position());
            part.clear();
        }
        return all.toByteArray();
    }

    static void write(ByteChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // ---- looking
    // -----------------------------------------------------------------------------------------------------

    /** Opens a file by the raw call; closed after the test. */
    final int rawOpen(Path path, int flags) throws ErrnoException {
        int descriptor = RAW.open(Scripts.bytes(path.toString()), flags, 0600);
        descriptors.add(descriptor);
        return descriptor;
    }

    /** What is behind each descriptor of a process: {@code pipe:[17]}, {@code /dev/null}. */
    static Map<Integer, String> table(long pid) throws IOException {
        Map<Integer, String> table = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path entry : entries) {
                try {
                    table.put(
                            Integer.parseInt(entry.getFileName().toString()),
                            Files.readSymbolicLink(entry).toString());
                } catch (NoSuchFileException closedMeanwhile) {
                    // not there any more, so not in the table
                }
            }
        }
        return table;
    }

    static String behind(int descriptor) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    }

    /**
     * Waits until the table is this one. A program opens and closes its libraries while it begins; what leaked into it
     * stays, and so is found.
     */
    static void awaitTable(OsProcess child, Map<Integer, String> expected) throws Exception {
        await(expected, () -> table(child.pid()));
    }

    static int ownDescriptors() throws IOException {
        return table(RAW.getpid()).size();
    }

    /** Whether /proc/PID/status tells of signals; gVisor's does not. */
    static boolean showsSignals() throws IOException {
        return Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)
                .contains("\nSigIgn:");
    }

    static void assumeShowsSignals() throws IOException {
        assumeTrue(showsSignals(), "needs the signal masks in /proc/PID/status (SigIgn and others)");
    }

    static String statusField(long pid, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(field + ":")) {
                return line.substring(field.length() + 1).trim();
            }
        }
        throw new AssertionError("no " + field + " in /proc/" + pid + "/status");
    }

    static char processState(long pid) throws IOException {
        return statusField(pid, "State").charAt(0);
    }

    static void awaitState(OsProcess child, char state) throws Exception {
        await(state, () -> processState(child.pid()));
    }

    /** Children of this process that have ended and that nobody has reaped. */
    static List<Long> zombies() throws IOException {
        List<Long> zombies = new ArrayList<>();
        ProcFs proc = new ProcFs(new JavaProcFiles(), RAW.getpid());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                ProcFs.Stat stat = proc.stat(pid);
                if (stat != null && stat.parent() == RAW.getpid() && stat.isZombie()) {
                    zombies.add(pid);
                }
            }
        }
        return zombies;
    }

    /** Looks again and again until it is so, for a bounded time. */
    static <T> void await(T expected, Callable<T> look) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        T seen = look.call();
        while (!expected.equals(seen) && System.nanoTime() - deadline < 0) {
            Polling.pause(RAW, (int) PAUSE_MILLIS);
            seen = look.call();
        }
        assertEquals(expected, seen);
    }
}
