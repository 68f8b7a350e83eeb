// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for children and for others on the running kernel. */
final class WaitTest extends KernelTest {
    private OsProcess shell(String script) throws ProcessException {
        return start(quiet().build(), "/bin/sh", "-c", script);
    }

    /** A child that lives until {@link #release} and exits with this code then. */
    private OsProcess held(int code) throws ProcessException {
        return start(
                ProcessAttributes.builder()
                        .files(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build(),
                "/bin/sh",
                "-c",
                "read line; exit " + code);
    }

    private static void release(OsProcess child) throws Exception {
        child.pipe(0).close();
    }

    private static <T> FutureTask<T> inThread(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "waiter");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    // ---- waiting
    // -----------------------------------------------------------------------------------------------------

    @Test
    void wait01_waitReturnsWithTheEndAndNotBefore() throws Exception {
        OsProcess child = held(7);
        FutureTask<ProcessState> waiter = inThread(child::waitFor);
        assertTrue(child.waitFor(Duration.ofMillis(50)).isEmpty());
        assertFalse(waiter.isDone());
        release(child);
        assertEquals(7, result(waiter).exitCode());
    }

    @Test
    void wait02_afterTheWaitTheNumberIsFree() throws Exception {
        OsProcess child = shell("exit 0");
        end(child);
        ErrnoException gone = assertThrows(ErrnoException.class, () -> RAW.kill((int) child.pid(), 0));
        assertEquals(Errno.ESRCH, gone.errno());
        assertEquals(List.of(), zombies());
    }

    @Test
    void wait03_aHundredChildrenGetTheirOwnCodes() throws Exception {
        List<OsProcess> children = new ArrayList<>();
        List<FutureTask<ProcessState>> waiters = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            children.add(shell("exit " + i));
        }
        for (int i = 99; i >= 0; i--) {
            waiters.add(0, inThread(children.get(i)::waitFor));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(i, result(waiters.get(i)).exitCode());
        }
    }

    @Test
    void wait13_fourWaitersGetOneState() throws Exception {
        OsProcess child = held(3);
        List<FutureTask<ProcessState>> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiters.add(inThread(child::waitFor));
        }
        release(child);
        for (FutureTask<ProcessState> waiter : waiters) {
            assertEquals(end(child), result(waiter));
        }
    }

    @Test
    void wait23_anInterruptEndsTheWaitAndLosesNothing() throws Exception {
        OsProcess child = held(5);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, child::waitFor);
        assertEquals(Liveness.RUNNING, child.liveness());
        release(child);
        assertEquals(5, end(child).exitCode());
    }

    @Test
    void wait24_timedWaitsLoseNothing() throws Exception {
        OsProcess child = held(5);
        for (Duration timeout : List.of(
                Duration.ZERO,
                Duration.ofNanos(1),
                Duration.ofSeconds(-5),
                Duration.ofMillis(10),
                Duration.ofSeconds(Long.MIN_VALUE))) {
            assertTrue(child.waitFor(timeout).isEmpty(), timeout.toString());
        }
        FutureTask<ProcessState> forEver = inThread(() ->
                child.waitFor(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)).orElseThrow());
        release(child);
        assertEquals(5, result(forEver).exitCode());
    }

    @Test
    void wait24_anEndAtTheDeadlineIsNotLost() throws Exception {
        for (int i = 0; i < 200; i++) {
            OsProcess child = start(quiet().build(), "/bin/true");
            ProcessState state = null;
            for (int rounds = 0; state == null && rounds < 100_000; rounds++) {
                state = child.waitFor(Duration.ofNanos(200_000)).orElse(null);
            }
            assertTrue(state != null && state.success());
        }
    }

    @Test
    void wait25_theEndIsSeenPromptly() throws Exception {
        List<Long> latencies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            OsProcess child = held(0);
            FutureTask<Long> waiter = inThread(() -> {
                child.waitFor();
                return System.nanoTime();
            });
            awaitState(child, 'S');
            long before = System.nanoTime();
            release(child);
            latencies.add((result(waiter) - before) / 1_000_000);
        }
        latencies.sort(null);
        // an event takes a millisecond or two, the poller of pid mode up to 50: both with room for a busy machine
        assertTrue(latencies.get(10) < (PIDFDS ? 100 : 200), "half of them within " + latencies.get(10) + " ms");
    }

    @Test
    void wait27_onExitCompletesAfterTheTruthAndOffTheWatcher() throws Exception {
        OsProcess child = held(4);
        CompletableFuture<String> seen = child.onExit()
                .thenApply(state -> child.status() + " " + state.exitCode() + " "
                        + Thread.currentThread().getName().contains("exit-watcher"));
        release(child);
        assertEquals("DONE 4 false", seen.get(SOON.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void wait28_cancellingAFutureAffectsNobody() throws Exception {
        OsProcess child = held(4);
        CompletableFuture<ProcessState> first = child.onExit();
        CompletableFuture<ProcessState> second = child.onExit();
        assertNotSame(first, second);
        assertTrue(first.cancel(true));
        assertEquals(Liveness.RUNNING, child.liveness());
        release(child);
        assertEquals(4, second.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
        assertEquals(4, child.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
    }

    @Test
    void wait30_aChildThatEndedBeforeIsWaitedFor() throws Exception {
        OsProcess child = shell("exit 3");
        awaitState(child, 'Z');
        assertEquals(3, end(child).exitCode());
        for (int i = 0; i < 300; i++) {
            assertTrue(end(start(quiet().build(), "/bin/true")).success());
        }
    }

    @Test
    void d04_aClosedObjectsChildIsReapedByTheLibrary() throws Exception {
        OsProcess child = held(0);
        child.close();
        release(child);
        await(List.of(), KernelTest::zombies);
        await(false, () -> Files.exists(Path.of("/proc/" + child.pid())));
    }

    // ---- a state that somebody else took
    // -----------------------------------------------------------------------------

    @Test
    void wait18_aStateThatSomebodyTookIsNoChildForEverybody() throws Exception {
        OsProcess child = held(3);
        FutureTask<ProcessState> waiter = inThread(child::waitFor);
        CompletableFuture<ProcessState> future = child.onExit();
        // another part of this process reaps; the kernel gives the state to one of those who wait
        FutureTask<ChildReport> thief = inThread(() -> RAW.waitid(LinuxAbi.P_PID, (int) child.pid(), LinuxAbi.WEXITED));
        await("S", () -> Character.toString(processState(child.pid())));
        release(child);
        ChildReport stolen;
        try {
            stolen = result(thief);
        } catch (ExecutionException late) {
            assertEquals(
                    Errno.ECHILD,
                    assertInstanceOf(ErrnoException.class, late.getCause()).errno());
            stolen = null; // ours was first
        }
        if (stolen == null) {
            assertEquals(3, result(waiter).exitCode());
            assertEquals(3, future.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
            return;
        }
        assertNoChild(waiter);
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> future.get(SOON.toSeconds(), TimeUnit.SECONDS));
        assertInstanceOf(NoChildException.class, failed.getCause());
        assertThrows(NoChildException.class, child::waitFor);
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.TERM), "D6");
        assertFalse(child.kill());
    }

    private static void assertNoChild(FutureTask<ProcessState> waiter) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> result(waiter));
        assertEquals(
                ErrorKind.NO_CHILD,
                assertInstanceOf(NoChildException.class, failed.getCause()).kind());
    }

    @Test
    void wait18_aStateThatWasTakenBeforeAnybodyWaitedIsNoChild() throws Exception {
        OsProcess child = shell("exit 3");
        assertNotNull(RAW.waitid(LinuxAbi.P_PID, (int) child.pid(), LinuxAbi.WEXITED));
        assertThrows(NoChildException.class, child::waitFor);
        assertEquals(ProcessStatus.DONE, child.status());
        assertTrue(child.state().isEmpty(), "nothing is invented");
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.of(0)));
    }

    @Test
    void sig06_aSignalAfterTheStateWasTakenIsDone() throws Exception {
        OsProcess child = shell("exit 3");
        assertNotNull(RAW.waitid(LinuxAbi.P_PID, (int) child.pid(), LinuxAbi.WEXITED));
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.TERM));
        assertEquals(Liveness.GONE, child.liveness());
    }

    // ---- faults in front of the real kernel
    // --------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.EPERM, Errno.ENOSYS})
    void conc15_aChildWithoutPidfdIsWaitedForByItsNumber(int errno) throws Exception {
        ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
        LinuxProbe probe = LinuxProbe.of(calls, new JavaProcFiles(), SWITCHED_OFF ? "off" : "");
        Engine engine = Engine.over(new LinuxBackend(probe));
        try {
            calls.fail("pidfd_open", errno);
            OsProcess child = FrontDoor.start(
                    engine,
                    "/bin/sh",
                    List.of("sh", "-c", "read line; exit 7"),
                    ProcessAttributes.builder()
                            .files(ChildFile.pipe(), ChildFile.closed(), ChildFile.inherit(2))
                            .build());
            assertEquals(ProcessMode.PID, child.mode());
            CompletableFuture<ProcessState> future = child.onExit();
            assertEquals(Liveness.RUNNING, child.liveness());
            child.signal(Signal.of(0));
            release(child);
            assertEquals(7, future.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
            assertEquals(0, engine.unreaped());
            assertEquals(List.of(), zombies());
        } finally {
            engine.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"waitid", "poll", "epoll_wait", "read"})
    void wait08_interruptedCallsAreInvisible(String call) throws Exception {
        ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
        LinuxProbe probe = LinuxProbe.of(calls, new JavaProcFiles(), SWITCHED_OFF ? "off" : "");
        Engine engine = Engine.over(new LinuxBackend(probe));
        try {
            for (int i = 0; i < 10; i++) {
                calls.fail(call, Errno.EINTR, Errno.EINTR);
                OsProcess child = FrontDoor.start(engine, "/bin/sh", List.of("sh", "-c", "exit 6"), quiet().build());
                assertEquals(
                        6,
                        child.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
            }
        } finally {
            engine.stop();
        }
    }

    @Test
    void wait34_whenEventsCannotBeRegisteredTheEndIsSeenAllTheSame() throws Exception {
        ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
        LinuxProbe probe = LinuxProbe.of(calls, new JavaProcFiles(), SWITCHED_OFF ? "off" : "");
        Engine engine = Engine.over(new LinuxBackend(probe));
        try {
            calls.fail("epoll_ctl", Errno.ENOSPC);
            OsProcess child = FrontDoor.start(engine, "/bin/sh", List.of("sh", "-c", "exit 6"), quiet().build());
            assertEquals(
                    6, child.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
        } finally {
            engine.stop();
        }
    }

    @Test
    void id18_inHandleModeNothingGoesByNumber() throws Exception {
        ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
        LinuxProbe probe = LinuxProbe.of(calls, new JavaProcFiles(), "");
        Engine engine = Engine.over(new LinuxBackend(probe));
        try {
            assumeTrue(probe.system().pidfds(), "pidfds cannot be used here: " + probe.pidfdObstacle());
            OsProcess child = FrontDoor.start(engine, "/bin/sleep", List.of("sleep", "1000"), quiet().build());
            child.signal(Signal.of(0));
            child.liveness();
            assertTrue(child.kill());
            end(child);
            assertEquals(0, calls.count("kill"));
        } finally {
            engine.stop();
        }
    }

    // ---- processes that are not our children
    // -------------------------------------------------------------------------

    private long grandchild(String script) throws Exception {
        OsProcess parent = start(
                ProcessAttributes.builder()
                        .files(ChildFile.pipe(), ChildFile.pipe())
                        .build(),
                "/bin/sh",
                "-c",
                script);
        ByteBuffer line = ByteBuffer.allocate(32);
        while (line.position() == 0 || line.get(line.position() - 1) != '\n') {
            assertTrue(parent.pipe(1).read(line) > 0);
        }
        return Long.parseLong(new String(line.array(), 0, line.position(), StandardCharsets.US_ASCII).trim());
    }

    @Test
    void id04_aFoundProcessCanBeProbedAndKilled() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(expectedMode(), found.mode());
            found.signal(Signal.of(0));
            assertTrue(found.kill());
            assertEquals("signal: killed", end(child).toString());
            assertFalse(found.waitFor(SOON).isEmpty());
        }
    }

    @Test
    void d17_aGrandchildsEndIsSeenAndItsCodeNotInvented() throws Exception {
        long pid = grandchild("sleep 1000 & echo $!; wait $!; read never");
        OsProcess found = OsProcess.find(pid);
        try (found) {
            assertTrue(found.waitFor(Duration.ofMillis(20)).isEmpty());
            found.signal(Signal.TERM);
            ProcessState state = found.waitFor(SOON).orElseThrow();
            assertTrue(
                    state.cause() == ExitCause.UNKNOWN || state.toString().equals("signal: terminated"),
                    state.toString());
            assertTrue(state.usage().isEmpty(), "PS-17");
        }
        assertEquals(ProcessStatus.DONE, found.status());
        // a zombie is an end; if its parent were killed before it has reaped it, the first process would have to
        await(false, () -> Files.exists(Path.of("/proc/" + pid)));
    }

    @Test
    void id05_aMissingProcessIsDoneFromBirth() throws Exception {
        OsProcess child = shell("exit 0");
        end(child);
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(ProcessStatus.DONE, found.status());
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
            assertThrows(ProcessDoneException.class, found::waitFor);
        }
        assertTrue(OsProcess.findLive(child.pid()).isEmpty());
    }

    @Test
    void id09_aNumberIsNotNarrowed() throws Exception {
        OsProcess child = sleeper();
        assertTrue(OsProcess.findLive((1L << 32) + child.pid()).isEmpty());
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void id14_aZombieCanBeFound() throws Exception {
        OsProcess child = shell("exit 3");
        awaitState(child, 'Z');
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(Liveness.EXITED, found.liveness());
            found.signal(Signal.of(0));
            assertEquals(3, found.waitFor().exitCode());
        }
        assertEquals(3, end(child).exitCode(), "the found object took the state");
    }

    @Test
    void id15_aThreadIsNoProcess() throws Exception {
        FutureTask<Long> thread = inThread(() -> {
            String target = Files.readSymbolicLink(Path.of("/proc/thread-self")).toString();
            long id = Long.parseLong(target.substring(target.lastIndexOf('/') + 1));
            assertTrue(OsProcess.findLive(id).isEmpty(), "thread " + id + " was found as a process");
            return id;
        });
        assertTrue(result(thread) != OsProcess.currentPid());
    }

    @Test
    void id17_findsLeaveNoDescriptor() throws Exception {
        OsProcess child = sleeper();
        OsProcess.find(child.pid()).close();
        int before = ownDescriptors();
        for (int i = 0; i < 200; i++) {
            OsProcess.find(child.pid()).close();
            OsProcess.find(child.pid()).release();
        }
        assertEquals(before, ownDescriptors());
    }

    @Test
    void d16_anIdentityFindsItsProcessAndNobodyElse() throws Exception {
        OsProcess child = sleeper();
        ProcessIdentity identity = ProcessIdentity.parse(child.identity().toString());
        assertTrue(identity.marks().containsKey("start"), identity.toString());
        try (OsProcess again = OsProcess.find(identity)) {
            assertEquals(child.pid(), again.pid());
            assertEquals(ProcessStatus.OK, again.status());
        }
        child.kill();
        end(child);
        try (OsProcess gone = OsProcess.find(identity)) {
            assertEquals(ProcessStatus.DONE, gone.status());
        }
    }
}
