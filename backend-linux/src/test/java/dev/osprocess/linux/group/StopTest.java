// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.linux.RealProcesses;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code stop(grace)} on the running kernel (SIG-22, SIG-23). */
final class StopTest extends RealProcesses {
    private static final Duration SHORT = Duration.ofMillis(50);

    /** A child that no TERM ends; it is so when this returns. */
    private OsProcess stubborn() throws Exception {
        OsProcess child = shell("trap '' TERM; echo ready; exec sleep 1000");
        assertEquals("ready", lineFrom(child));
        await("sleep", () -> nameOf(child.pid())); // gVisor forgets a stop that comes during an exec
        return child;
    }

    /** A child that says "asked" to each TERM and goes on. */
    private OsProcess talkative() throws Exception {
        OsProcess child = shell("trap 'echo asked' TERM; echo ready; while :; do read word; done");
        assertEquals("ready", lineFrom(child));
        return child;
    }

    @Test
    void sig22_aPoliteChildIsStoppedByTerm() throws Exception {
        OsProcess child = sleeper();
        long before = System.nanoTime();
        StopReport report = child.stop(SOON);
        assertEquals(StopReport.Step.TERM, report.step());
        assertEquals(Optional.of(Signal.TERM), report.state().flatMap(ProcessState::signal));
        assertTrue(System.nanoTime() - before < SOON.toNanos(), "the grace was waited for");
        assertEquals(report.state(), child.state());
        awaitNoChild(child.pid());
    }

    @Test
    void sig22_aChildThatTidiesUpEndsInItsOwnWay() throws Exception {
        OsProcess child = shell("trap 'exit 3' TERM; echo ready; while :; do read word; done");
        assertEquals("ready", lineFrom(child));
        StopReport report = child.stop(SOON);
        assertEquals(StopReport.Step.TERM, report.step());
        assertEquals(3, report.state().orElseThrow().exitCode());
    }

    @Test
    void sig22_aChildThatIgnoresTermIsKilledAfterTheGraceAndNotBefore() throws Exception {
        OsProcess child = stubborn();
        long before = System.nanoTime();
        StopReport report = child.stop(SHORT);
        assertTrue(System.nanoTime() - before >= SHORT.toNanos(), "killed within the grace");
        assertEquals(StopReport.Step.KILL, report.step());
        assertEquals(Optional.of(Signal.KILL), report.state().flatMap(ProcessState::signal));
        assertTrue(report.state().orElseThrow().killRequested());
    }

    @Test
    void sig22_withoutGraceTermIsSentAllTheSame() throws Exception {
        OsProcess child = stubborn();
        assertEquals(StopReport.Step.KILL, child.stop(Duration.ZERO).step());
        OsProcess other = sleeper();
        StopReport report = other.stop(Duration.ZERO);
        Signal by = report.state().flatMap(ProcessState::signal).orElseThrow();
        assertTrue(by.equals(Signal.TERM) || by.equals(Signal.KILL), report.toString());
    }

    @Test
    void sig23_aStoppedChildTakesTermBecauseItIsContinued() throws Exception {
        OsProcess child = sleeper();
        child.signal(Signal.STOP);
        awaitState(child.pid(), "T");
        StopReport report = child.stop(SOON);
        assertEquals(StopReport.Step.TERM, report.step());
        assertEquals(Optional.of(Signal.TERM), report.state().flatMap(ProcessState::signal));
    }

    @Test
    void sig23_aStoppedChildThatIgnoresTermIsKilled() throws Exception {
        OsProcess child = stubborn();
        child.signal(Signal.STOP);
        awaitState(child.pid(), "T");
        assertEquals(StopReport.Step.KILL, child.stop(SHORT).step());
    }

    @Test
    void sig22_aChildThatHasFinishedIsSentNothing() throws Exception {
        OsProcess zombie = zombie(7);
        StopReport report = zombie.stop(SOON);
        assertEquals(StopReport.Step.NONE, report.step());
        assertEquals(7, report.state().orElseThrow().exitCode());
        StopReport again = zombie.stop(SOON);
        assertEquals(StopReport.Step.NONE, again.step());
        assertEquals(report.state(), again.state());
    }

    @Test
    void sig22_aNegativeGraceIsRefusedAndNothingIsSent() throws Exception {
        OsProcess child = sleeper();
        assertThrows(IllegalArgumentException.class, () -> child.stop(Duration.ofNanos(-1)));
        child.signal(Signal.STOP);
        awaitState(child.pid(), "T"); // a TERM that was sent before would have ended it
    }

    @Test
    void sig22_anInterruptEndsTheWaitAndTheChildLives() throws Exception {
        OsProcess child = talkative();
        FutureTask<StopReport> stop = new FutureTask<>(() -> child.stop(SOON));
        Thread thread = new Thread(stop, "stopper");
        thread.start();
        assertEquals("asked", lineFrom(child));
        thread.interrupt();
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> stop.get(SOON.toSeconds(), TimeUnit.SECONDS));
        assertEquals(InterruptedException.class, failed.getCause().getClass());
        assertEquals(Liveness.RUNNING, child.liveness());
        assertEquals(StopReport.Step.KILL, child.stop(SHORT).step());
    }

    @Test
    void sig22_twoStopsAtOnceBothSeeTheEnd() throws Exception {
        OsProcess child = stubborn();
        FutureTask<StopReport> other = new FutureTask<>(() -> child.stop(SHORT));
        new Thread(other, "stopper").start();
        StopReport report = child.stop(SHORT);
        StopReport theirs = other.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertEquals(Optional.of(Signal.KILL), report.state().flatMap(ProcessState::signal));
        assertEquals(report.state(), theirs.state());
    }

    @Test
    void sig22_aFoundProcessIsStopped() throws Exception {
        OsProcess parent = shell("sleep 1000 & echo $!; wait");
        OsProcess grandchild = descendantOf(parent);
        StopReport report = grandchild.stop(SOON);
        assertEquals(StopReport.Step.TERM, report.step());
        end(parent);
    }

    @Test
    void sig22_aReleasedObjectIsRefused() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.find(child.pid())) {
            child.close();
            assertThrows(ProcessReleasedException.class, () -> child.stop(SOON));
            assertEquals(Liveness.RUNNING, found.liveness());
            assertTrue(found.kill());
        }
    }
}
