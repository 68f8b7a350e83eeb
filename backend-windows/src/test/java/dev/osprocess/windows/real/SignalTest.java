// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.TreeKillReport;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Backends;
import dev.osprocess.windows.WindowsAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ending processes, and what else Windows can send. */
final class SignalTest extends RealProcesses {
    @Test
    void sig10_killEndsTheChildWithCodeOne() throws Exception {
        OsProcess child = held();
        child.signal(Signal.of(0));
        assertTrue(child.kill());
        ProcessState state = end(child);
        assertEquals(1, state.exitCode());
        assertTrue(state.killRequested());
        assertFalse(child.kill());
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.KILL));
    }

    @Test
    void sig15_aFoundProcessIsEndedThroughItsHandle() throws Exception {
        OsProcess child = held();
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertTrue(found.kill());
            assertEquals(1, end(found).exitCode());
        }
        assertEquals(1, end(child).exitCode());
    }

    @Test
    void sig11_whatWindowsCannotSendIsRefusedAndTheChildLives() throws Exception {
        OsProcess child = held();
        for (Signal signal : List.of(Signal.TERM, Signal.INT, Signal.HUP, Signal.STOP, Signal.of(15))) {
            assertThrows(UnsupportedFeatureException.class, () -> child.signal(signal));
        }
        assertEquals(Liveness.RUNNING, child.liveness());
        tell(child, "exit 3");
        assertEnded(3, child);
    }

    @Test
    void sig11_interruptIsCtrlBreakForAChildInItsOwnGroup() throws Exception {
        OsProcess child = held(WindowsAttributes.builder().newProcessGroup().build());
        WineDifference.CTRL_BREAK.leavesOutUnderWine();
        child.signal(Signal.INT);
        assertEquals(0xC000013AL, end(child).exitCode());
    }

    @Test
    void sig14_killAgainstTheOwnEndIsAlwaysSentOrFinished() throws Exception {
        for (int i = 0; i < 60; i++) {
            OsProcess child = run("exit 3");
            Thread.sleep(i % 12 * 5L); // so that every phase of its life is met
            boolean sent = child.kill();
            long code = end(child).exitCode();
            assertTrue(
                    sent ? code == 1 || code == 3 : code == 3, () -> "kill said " + sent + ", and the code is " + code);
        }
    }

    @Test
    void sig14_killOfAProcessThatHasEndedIsFinishedAndItsCodeStays() throws Exception {
        OsProcess child = run("exit 7");
        try (OsProcess found = OsProcess.find(child.pid())) {
            end(child);
            // with WineDifference.TERMINATE_AFTER_THE_END the call itself would succeed; the handle is asked first
            assertFalse(found.kill());
            assertEquals(7, end(found).exitCode());
        }
    }

    @Test
    void sig22_stopEndsByForceWhereNobodyCanBeAsked() throws Exception {
        StopReport report = held().stop(Duration.ofSeconds(5));
        assertEquals(StopReport.Step.KILL, report.step());
        assertEquals(1, report.state().orElseThrow().exitCode());
    }

    private static OsProcess childOf(OsProcess parent) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Set<Long> children = Backends.selected().childrenOf(parent.pid());
            for (long child : children) {
                var found = OsProcess.findLive(child);
                // what helps a console lives on its own account
                if (found.isPresent()) {
                    return found.get();
                }
            }
            Thread.sleep(5);
        }
        throw new AssertionError(parent + " has no child");
    }

    @Test
    void sig20_aJobOfItsOwnIsEndedAsAWhole() throws Exception {
        OsProcess parent = held(WindowsAttributes.builder().newJob().build());
        tell(parent, "\"" + cmd() + "\" /d /q");
        try (OsProcess grandchild = childOf(parent)) {
            parent.signalGroup(Signal.KILL);
            assertEquals(1, end(grandchild).exitCode());
            assertEnded(1, parent);
        }
    }

    @Test
    void sig20_closingTheObjectDoesNotEndItsJob() throws Exception {
        OsProcess parent = held(WindowsAttributes.builder().newJob().build());
        try (OsProcess found = OsProcess.find(parent.pid())) {
            parent.release();
            assertTrue(found.waitFor(Duration.ofMillis(200)).isEmpty());
            assertTrue(found.kill());
            end(found);
        }
    }

    @Test
    void sig21_aTreeIsEndedByWalkingIt() throws Exception {
        OsProcess parent = held();
        tell(parent, "\"" + cmd() + "\" /d /q");
        try (OsProcess grandchild = childOf(parent)) {
            TreeKillReport report = parent.killTree();
            assertTrue(report.reached().containsAll(List.of(parent.pid(), grandchild.pid())), report::toString);
            assertEquals(1, end(grandchild).exitCode());
            assertEnded(1, parent);
        }
    }
}
