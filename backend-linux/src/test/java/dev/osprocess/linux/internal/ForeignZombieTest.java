// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ExitCause;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.linux.Pidfd;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Zombies that are not ours, where /proc is hidden: only the pidfd tells of their end, and it stays readable, which must
 * not keep the watcher busy (D17).
 */
final class ForeignZombieTest extends KernelTest {
    private static final Duration PATIENCE = Duration.ofNanos(ForeignPidfdTarget.PATIENCE_NANOS);

    /** Looks during the patience: each wakes the watcher once, at first often, then every 50 ms. */
    private static final int FEW = 200;

    private static final Duration LITTLE_CPU = Duration.ofMillis(500);

    private final ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
    private Engine engine;
    private long watcherThread;

    @BeforeEach
    void engineWithoutProc() throws ProcessException {
        Set<Long> others = watchers();
        engine = Engine.over(new LinuxBackend(LinuxProbe.of(calls, ScriptedProcFiles.missing(), "")));
        Set<Long> now = watchers();
        now.removeAll(others);
        assertEquals(1, now.size());
        watcherThread = now.iterator().next();
    }

    @AfterEach
    void engineIsStopped() throws InterruptedException {
        assertEquals(0, engine.watched());
        engine.stop();
    }

    private static Set<Long> watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("exit-watcher"))
                .map(Thread::getId)
                .collect(Collectors.toSet());
    }

    private Duration cpuOfWatcher() {
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getThreadCpuTime(watcherThread));
    }

    /** A shell whose job, in the background, exits with 7 when it reads a line from descriptor 3; then do the rest. */
    private OsProcess parent(String rest) throws ProcessException {
        ProcessAttributes attributes = ProcessAttributes.builder()
                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2), ChildFile.pipeToChild())
                .build();
        return start(attributes, "/bin/sh", "-c", "(read word <&3; exit 7) & echo $!; " + rest);
    }

    private static long pidFrom(OsProcess parent) throws Exception {
        ByteChannel out = parent.pipe(1);
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder digits = new StringBuilder();
        while (out.read(one.clear()) == 1 && one.get(0) != '\n') {
            digits.append((char) one.get(0));
        }
        return Long.parseLong(digits.toString());
    }

    private static String nameOf(long pid) throws Exception {
        return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                .trim();
    }

    private static void closePipes(OsProcess parent) throws Exception {
        for (int place : List.of(0, 1, 3)) {
            parent.pipe(place).close();
        }
    }

    private void assumePidfds() {
        assumeTrue(engine.backend().handleKind().equals("pidfd"), "needs pidfds: a number alone tells nothing here");
    }

    @Test
    void d17_aZombieOfWhichNothingIsToldEndsTheWaitAfterThePatienceAndNothingSpins() throws Exception {
        assumePidfds();
        OsProcess parent = parent("exec sleep 1000");
        long pid = pidFrom(parent);
        await("sleep", () -> nameOf(parent.pid())); // the shell would reap
        try (OsProcess found = FrontDoor.find(engine, pid)) {
            // while it is lent, the pidfd stays open and readable, also when nobody watches it any more
            found.withHandle(Pidfd.class, lent -> {
                CompletableFuture<ProcessState> end = found.onExit();
                assertNothingHappens(end);

                int waits = calls.count("epoll_wait");
                Duration cpu = cpuOfWatcher();
                long before = System.nanoTime();
                KernelTest.write(parent.pipe(3), new byte[] {'\n'});
                ProcessState state = end.get(SOON.toSeconds(), TimeUnit.SECONDS);
                Duration took = Duration.ofNanos(System.nanoTime() - before);
                assertEquals(ExitCause.UNKNOWN, state.cause());
                assertTrue(took.compareTo(PATIENCE) >= 0, "unknown after " + took);
                assertEquals('Z', processState(pid));
                assertTrue(calls.count("epoll_wait") - waits < FEW, "waits: " + (calls.count("epoll_wait") - waits));
                assertTrue(cpuOfWatcher().minus(cpu).compareTo(LITTLE_CPU) < 0, "CPU of the watcher");

                assertTrue((Polling.poll(calls, lent.number()) & LinuxAbi.POLLIN) != 0, "readable still");
                assertNothingHappens(new CompletableFuture<>());
                return state.pid();
            });
        }
        closePipes(parent);
    }

    /** For a while the watcher neither wakes up nor looks at anything. */
    private void assertNothingHappens(CompletableFuture<ProcessState> never) throws Exception {
        await(true, () -> isParked());
        int waits = calls.count("epoll_wait");
        int looks = calls.count("poll");
        int asked = calls.count("waitid");
        assertThrows(TimeoutException.class, () -> never.get(300, TimeUnit.MILLISECONDS));
        assertEquals(waits, calls.count("epoll_wait"));
        assertEquals(looks, calls.count("poll"));
        assertEquals(asked, calls.count("waitid"));
    }

    /** Whether the watcher has come back to its wait: two counts of calls in a row are the same. */
    private boolean isParked() throws Exception {
        int before = calls.count("epoll_wait") + calls.count("poll");
        Polling.pause(RAW, 100);
        return before == calls.count("epoll_wait") + calls.count("poll");
    }

    @Test
    void d17_whatTheKernelTellsAfterTheReapIsTakenWithinThePatience() throws Exception {
        assumePidfds();
        assumeTrue(
                Surroundings.kernelAtLeast(6, 15),
                "needs a kernel that tells the exit status of a reaped process (PIDFD_GET_INFO, Linux 6.15)");
        OsProcess parent = parent("read word; wait $!; echo reaped");
        long pid = pidFrom(parent);
        try (OsProcess found = FrontDoor.find(engine, pid)) {
            CompletableFuture<ProcessState> end = found.onExit();
            awaitState(parent, 'S'); // in its read: a shell that runs may reap early
            KernelTest.write(parent.pipe(3), new byte[] {'\n'});
            await('Z', () -> processState(pid));
            assertFalse(end.isDone(), "nobody could know yet");
            KernelTest.write(parent.pipe(0), new byte[] {'\n'});
            assertEquals(7, end.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
        }
        closePipes(parent);
    }

    @Test
    void wait29_whileNothingEndsNothingIsLookedAt() throws Exception {
        assumePidfds();
        OsProcess parent = parent("exec sleep 1000");
        long pid = pidFrom(parent);
        await("sleep", () -> nameOf(parent.pid()));
        try (OsProcess found = FrontDoor.find(engine, pid)) {
            CompletableFuture<ProcessState> end = found.onExit();
            assertNothingHappens(end);
            assertTrue(found.kill());
            assertEquals(
                    ExitCause.UNKNOWN,
                    end.get(SOON.toSeconds(), TimeUnit.SECONDS).cause());
        }
        closePipes(parent);
    }

    // ---- on the scripted seam
    // ----------------------------------------------------------------------------------------

    private static ScriptedProcFiles zombieWithZero(String ownCodeAddress) {
        String line = ScriptedProcFiles.statLine(ScriptedProcFiles.SELF, "java", 'S', 5, 0);
        return ScriptedProcFiles.ours()
                .file(
                        "/proc/" + ScriptedProcFiles.SELF + "/stat",
                        line.replace(" 1026 ", " " + ownCodeAddress + " ")) // field 26
                .status(ScriptedProcFiles.SELF, ScriptedProcFiles.SELF, "0\t0\t0\t0", "")
                .stat(7, "x", 'Z', 100, 0)
                .status(7, 7, "0\t0\t0\t0", "");
    }

    @Test
    void d17_aZeroIsNotBelievedWhereTheKernelShowsZerosToEverybody() throws ProcessException {
        ScriptedSyscalls scripted = new ScriptedSyscalls();
        scripted.process(7).foreign();
        ForeignNumberTarget told = new ForeignNumberTarget(Scripts.byNumber(scripted, zombieWithZero("4194304")), 7);
        assertEquals(ProcessState.exited(7, 0).withRawStatus(0), told.collect());
        ForeignNumberTarget hidden = new ForeignNumberTarget(Scripts.byNumber(scripted, zombieWithZero("0")), 7);
        assertEquals(ProcessState.unknown(7), hidden.collect());
    }

    @Test
    void d16_aNumberThatIsNoNamespacesIsNotKept() {
        assertEquals("", new ProcFs(withNamespace("pid:[111]"), ScriptedProcFiles.SELF).pidNamespace());
        assertEquals(
                "4026531836", new ProcFs(withNamespace("pid:[4026531836]"), ScriptedProcFiles.SELF).pidNamespace());
    }

    private static ScriptedProcFiles withNamespace(String link) {
        return ScriptedProcFiles.ours().link("/proc/self/ns/pid", link);
    }

    /** A proc in which the process is seen as a zombie at the first look that counts: it ended just before. */
    private static final class EndsWhenLookedAt implements ProcFiles {
        private final ScriptedProcFiles files = ScriptedProcFiles.ours().stat(7, "x", 'S', 100, 0);
        private final FakeProcess process;
        private int looks;

        EndsWhenLookedAt(FakeProcess process) {
            this.process = process;
        }

        @Override
        public byte[] read(String path) throws IOException {
            if (path.equals("/proc/7/stat") && ++looks == 2) {
                process.exits(7);
                files.stat(7, "x", 'Z', 100, 0);
            }
            return files.read(path);
        }

        @Override
        public String readLink(String path) throws IOException {
            return files.readLink(path);
        }

        @Override
        public List<String> list(String path) throws IOException {
            return files.list(path);
        }
    }

    @Test
    void d18_aChildOfOursThatEndsBetweenTheTwoLooksIsAskedAgain() throws ProcessException {
        ScriptedSyscalls scripted = new ScriptedSyscalls();
        FakeProcess process = scripted.process(7);
        LinuxSystem system = new LinuxSystem(
                scripted, new ProcFs(new EndsWhenLookedAt(process), ScriptedProcFiles.SELF), false, true, true);
        ForeignNumberTarget target = new ForeignNumberTarget(system, 7);
        ProcessState state = target.collect();
        assertEquals(7, Objects.requireNonNull(state).exitCode());
        assertFalse(process.reaped);
    }
}
