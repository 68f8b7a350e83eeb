// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.OnClose;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How children of the JDK fallback end, and how that is told: for real. */
final class EndTest extends RealProcesses {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 127, 128, 193, 255})
    void wait01_ps04_anExitCodeThatNoSignalCanGiveIsTold(int code) throws Exception {
        ProcessState state = ended(sh("exit " + code));
        assertEquals(ExitCause.EXITED, state.cause());
        assertEquals(code, state.exitCode());
        assertEquals(code == 0, state.success());
        assertEquals("exit status " + code, state.toString());
    }

    @Test
    void wait12_ps16_exit137AndKillLookTheSameAndNothingIsGuessed() throws Exception {
        ProcessState exited = ended(sh("exit 137"));
        OsProcess child = sh("exec sleep 300");
        assertTrue(child.kill());
        ProcessState killed = ended(child);
        for (ProcessState state : List.of(exited, killed)) {
            assertEquals(ExitCause.UNKNOWN, state.cause());
            assertEquals(-1, state.exitCode());
            assertTrue(state.signal().isEmpty());
            assertFalse(state.exited());
            assertEquals(OptionalLong.of(137), state.rawStatus());
            assertEquals("ended, status unknown: exit status 137, or signal 9", state.toString());
        }
        assertFalse(exited.killRequested());
        assertTrue(killed.killRequested(), "a hint, and no evidence (PS-18)");
    }

    @Test
    void sig01_sig19_termReachesAHandlerAndDoesNotWait() throws Exception {
        OsProcess child =
                start(piped().build(), SH, "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.02; done");
        child.pipe(1).read(java.nio.ByteBuffer.allocate(6));
        child.signal(Signal.TERM);
        assertEquals(9, ended(child).exitCode());
    }

    @Test
    void sig03_wait04_afterTheEndTheStateStaysAndSignalsReachNobody() throws Exception {
        OsProcess child = sh("exit 4");
        ProcessState state = ended(child);
        assertSame(state, child.waitFor());
        assertEquals(ProcessStatus.DONE, child.status());
        assertEquals(Liveness.GONE, child.liveness());
        assertFalse(child.kill());
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.TERM));
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.of(0)));
    }

    @Test
    void sig06_aChildThatEndedUnseenIsFinishedToSignals() throws Exception {
        OsProcess child = sh("exit 0");
        await("the JDK reaps it", () -> ProcessHandle.of(child.pid()).isEmpty());
        await("and says so", () -> livenessOf(child) == Liveness.GONE);
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.TERM));
        assertFalse(child.kill());
        assertEquals(0, ended(child).exitCode());
    }

    private static Liveness livenessOf(OsProcess process) {
        try {
            return process.liveness();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void sig22_stopGoesFromTermToKill() throws Exception {
        assertEquals(StopReport.Step.TERM, sh("exec sleep 300").stop(LONG).step());
        OsProcess deaf = start(piped().build(), SH, "-c", "trap '' TERM; echo ready; while :; do sleep 0.02; done");
        deaf.pipe(1).read(java.nio.ByteBuffer.allocate(6));
        assertEquals(StopReport.Step.KILL, deaf.stop(Duration.ofMillis(50)).step());
    }

    @Test
    void wait13_manyWaitersGetOneStateAndTheChildIsReapedByTheJdk() throws Exception {
        OsProcess child = sh("exec sleep 300");
        List<CompletableFuture<ProcessState>> futures = new ArrayList<>();
        List<FutureTask<ProcessState>> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(child.onExit());
            FutureTask<ProcessState> waiter = new FutureTask<>(child::waitFor);
            new Thread(waiter, "waiter " + i).start();
            waiters.add(waiter);
        }
        assertNotSame(futures.get(0), futures.get(1));
        child.kill();
        ProcessState seen = futures.get(0).get(LONG.toSeconds(), TimeUnit.SECONDS);
        for (FutureTask<ProcessState> waiter : waiters) {
            assertSame(seen, waiter.get(LONG.toSeconds(), TimeUnit.SECONDS));
        }
        for (CompletableFuture<ProcessState> future : futures) {
            assertSame(seen, future.get(LONG.toSeconds(), TimeUnit.SECONDS));
        }
        assertTrue(ProcessHandle.of(child.pid()).isEmpty(), "no zombie is left");
    }

    @Test
    void wait24_aTimeoutLosesNothing() throws Exception {
        OsProcess child = sh("exec sleep 300");
        assertTrue(child.waitFor(Duration.ofMillis(30)).isEmpty());
        assertTrue(child.waitFor(Duration.ZERO).isEmpty());
        assertTrue(child.waitFor(Duration.ofSeconds(-1)).isEmpty());
        child.kill();
        assertTrue(child.waitFor(Duration.ofSeconds(Long.MAX_VALUE)).isPresent());
    }

    @Test
    void wait23_anInterruptedWaiterLosesNothing() throws Exception {
        OsProcess child = sh("exec sleep 300");
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            try {
                child.waitFor();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        });
        waiter.start();
        await("it waits", () -> waiter.getState() == Thread.State.WAITING);
        waiter.interrupt();
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        assertEquals(Liveness.RUNNING, child.liveness());
        child.kill();
        ended(child);
    }

    @Test
    void wait26_noThreadOfOursPerChild() throws Exception {
        ended(sh("exit 0")); // the engine is there
        long before = threadsOfOurs();
        List<OsProcess> children = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            OsProcess child = sh("exec sleep 300");
            var unused = child.onExit();
            children.add(child);
        }
        assertEquals(before, threadsOfOurs());
        for (OsProcess child : children) {
            child.kill();
        }
        for (OsProcess child : children) {
            ended(child);
        }
    }

    private static long threadsOfOurs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("osprocess-"))
                .count();
    }

    @Test
    void rel01_rel03_releaseLeavesTheChildAlone() throws Exception {
        OsProcess child = sh("exec sleep 300");
        ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
        assertEquals(ProcessStatus.OK, child.release());
        assertEquals(ProcessStatus.RELEASED, child.release());
        assertTrue(handle.isAlive());
        assertThrows(ProcessReleasedException.class, child::waitFor);
        assertThrows(ProcessReleasedException.class, child::kill);
        assertTrue(handle.destroyForcibly());
        await("the JDK reaps it, which is no zombie as elsewhere (REL-02)", () -> !handle.isAlive());
    }

    @Test
    void rel07_closeDoesNotKillUnlessItWasAskedTo() throws Exception {
        ProcessAttributes bothWays = ProcessAttributes.builder()
                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                .build();
        OsProcess child = start(bothWays, SH, "-c", "read line; echo \"$line\"; exec sleep 300");
        ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
        ByteChannel in = child.pipe(0);
        ByteChannel out = child.pipe(1);
        child.close();
        in.write(ByteBuffer.wrap("alive\n".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(6);
        while (answer.hasRemaining()) {
            assertTrue(out.read(answer) > 0, "close() ended the child");
        }
        assertTrue(handle.isAlive());
        handle.destroyForcibly();
        in.close();
        out.close();
        OsProcess doomed =
                start(ProcessAttributes.builder().onClose(OnClose.KILL_AND_REAP).build(), SH, "-c", "exec sleep 300");
        ProcessHandle itsHandle = ProcessHandle.of(doomed.pid()).orElseThrow();
        doomed.close();
        await("it is killed", () -> !itsHandle.isAlive());
    }

    @Test
    void conc10_theJdksOwnChildrenAndOursDoNotDisturbEachOther() throws Exception {
        for (int i = 0; i < 20; i++) {
            Process theirs = new ProcessBuilder(SH, "-c", "exit " + (i + 1)).start();
            OsProcess ours = sh("exit " + (i + 21));
            assertEquals(i + 21, ended(ours).exitCode());
            assertEquals(i + 1, theirs.waitFor());
        }
    }

    /** Run in a JVM whose common pool is blocked: the JDK completes its futures there. */
    static final class BlockedPool {
        public static void main(String[] args) throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch blocked = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    blocked.countDown();
                    boolean done = false;
                    while (!done) {
                        try {
                            never.await();
                            done = true;
                        } catch (InterruptedException again) {
                            done = false;
                        }
                    }
                });
            }
            blocked.await();
            OsProcess child = OsProcess.start(SH, List.of(SH, "-c", "exec sleep 0.3"));
            Process theirs = new ProcessBuilder(SH, "-c", "exec sleep 0.1").start();
            CompletableFuture<Process> late = theirs.onExit();
            String state = child.waitFor(LONG).map(Object::toString).orElse("nothing");
            theirs.waitFor();
            System.out.println(state + ", the JDK's future " + (late.isDone() ? "done" : "pending"));
            System.exit(0);
        }
    }

    @Test
    void wait30_aBlockedCommonPoolDoesNotHideAnEnd() throws Exception {
        String text = java(List.of("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2"), BlockedPool.class);
        assertEquals("exit status 0, the JDK's future pending\n", text);
    }
}
