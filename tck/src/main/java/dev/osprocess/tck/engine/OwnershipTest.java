// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.ScriptedKernel;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding processes, and who may reap: the one that started it (D18). */
class OwnershipTest {
    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"D18", "WAIT-19", "ID-11"})
    void d18_aFoundObjectOfOurChildReadsTheStateAndLeavesTheZombieToTheOwner(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle owner = lab.start();
            ScriptedProcess process = lab.processOf(owner);
            LifeCycle found = lab.engine.find(owner.pid());
            Task<ProcessState> waiter = Task.of(found::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.exit(owner.pid(), 6);
            assertEquals(6, waiter.get().exitCode());
            assertEquals(0, lab.counters().reapCalls());
            assertEquals(ScriptedProcess.Phase.ZOMBIE, process.phase());
            assertEquals(1, lab.engine.unreaped());
            assertEquals(6, owner.waitFor().exitCode());
            assertEquals(1, lab.counters().reapCalls());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D18", "REL-07", "ID-11"})
    void d18_closingAFoundObjectConcernsItsOwnHandleOnly(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle owner = lab.start();
            LifeCycle found = lab.engine.find(owner.pid());
            found.close();
            assertEquals(1, lab.counters().closeCalls());
            assertEquals(0, lab.engine.watched(), "there is nothing to hand over");
            assertEquals(1, lab.engine.unreaped());
            owner.signal(Signal.USR1);
            lab.kernel.exit(owner.pid(), 6);
            assertEquals(6, owner.waitFor().exitCode());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"D18", "ID-12", "ID-11"})
    void d18_aFoundHandleStillNamesOurChildAfterItsOwnerReapedIt() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle owner = lab.start();
            LifeCycle found = lab.engine.find(owner.pid());
            lab.kernel.exit(owner.pid(), 6);
            owner.waitFor();
            lab.kernel.reuse(owner.pid());
            assertEquals(Liveness.GONE, found.liveness());
            assertEquals(6, found.waitFor().exitCode());
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D5", "ID-05", "STATE-13", "WAIT-06"})
    void id05_aMissingPidGivesAnObjectThatIsDoneFromBirthAndReachesNobody(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle missing = lab.engine.find(4711);
            ScriptedProcess newcomer = lab.kernel.reuse(4711);
            assertEquals(ProcessStatus.DONE, missing.status());
            assertEquals(4711, missing.pid());
            assertThrows(ProcessDoneException.class, missing::waitFor);
            assertThrows(ProcessDoneException.class, () -> missing.signal(Signal.KILL));
            assertEquals(Liveness.GONE, missing.liveness());
            missing.close();
            assertEquals(ProcessStatus.DONE, missing.release());
            assertTrue(newcomer.received().isEmpty());
            assertEquals(
                    0,
                    lab.counters().signalCalls()
                            + lab.counters().collectCalls()
                            + lab.counters().closeCalls());
            LifeCycle live = lab.engine.findLive(4711);
            assertTrue(live != null && live.status() == ProcessStatus.OK);
            assertNull(lab.engine.findLive(4712));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -4711, Long.MIN_VALUE})
    @Rule({"ID-07", "ID-08", "REL-06", "D5"})
    void id07_whatIsNoPidNeverReachesTheSystem(long pid) throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            assertThrows(IllegalArgumentException.class, () -> lab.engine.find(pid));
            assertThrows(IllegalArgumentException.class, () -> lab.engine.findLive(pid));
            assertEquals(0, lab.counters().openCalls());
        }
    }

    @Test
    @Rule("ID-09")
    void id09_aNumberReachesTheBackendUncut() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            long pid = lab.kernel.startForeign().pid();
            assertEquals(
                    ProcessStatus.DONE,
                    lab.engine.find((1L << 32) + pid).status(),
                    "its last 32 bits are somebody else's number");
            assertNull(lab.engine.findLive((1L << 32) + pid));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorKind.class,
            names = {"PERMISSION", "EXHAUSTED", "SYSTEM", "INVALID"})
    @Rule({"ID-06", "D5", "ERR-16"})
    void id06_anOpenThatFailsForAnotherReasonIsNeverDone(ErrorKind kind) throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            lab.kernel.startForeign();
            lab.kernel.failNext(
                    Call.OPEN, ProcessException.builder(kind, "pidfd_open").build());
            assertEquals(
                    kind,
                    assertThrows(ProcessException.class, () -> lab.engine.find(100))
                            .kind());
            lab.kernel.failNext(
                    Call.OPEN, ProcessException.builder(kind, "pidfd_open").build());
            assertEquals(
                    kind,
                    assertThrows(ProcessException.class, () -> lab.engine.findLive(100))
                            .kind());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"D5", "STATE-16"})
    void state16_theModeIsTheTargetsAndNeverChanges() throws Exception {
        try (Lab lab = new Lab(new ScriptedKernel(Strategy.HANDLE).openingByNumber())) {
            LifeCycle child = lab.start();
            LifeCycle found = lab.engine.find(child.pid());
            assertEquals(ProcessMode.HANDLE, child.mode());
            assertEquals(ProcessMode.PID, found.mode(), "degrading is visible on the object");
            lab.kernel.failNext(
                    Call.SIGNAL,
                    ProcessException.builder(ErrorKind.SYSTEM, "pidfd_send_signal")
                            .nativeError("ENOSYS", 38)
                            .build());
            assertThrows(ProcessException.class, () -> child.signal(Signal.TERM));
            assertEquals(0, lab.counters().signalsByNumber(), "no fall back to the number");
            assertEquals(ProcessMode.HANDLE, child.mode());
            found.release();
            child.release();
            assertEquals(ProcessMode.HANDLE, child.mode());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D16")
    void d16_anIdentityFindsItsProcessOrSaysThatItIsGone(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle child = lab.start();
            ProcessIdentity identity = ProcessIdentity.parse(child.identity().toString());
            LifeCycle again = lab.engine.find(identity);
            assertEquals(ProcessStatus.OK, again.status());
            again.release();

            LifeCycle otherBoot =
                    lab.engine.find(ProcessIdentity.of("scripted", child.pid(), Map.of("serial", "987654")));
            assertEquals(ProcessStatus.DONE, otherBoot.status());
            assertEquals(child.pid(), otherBoot.pid());
            ProcessDoneException gone = assertThrows(ProcessDoneException.class, otherBoot::waitFor);
            assertTrue(String.valueOf(gone.getMessage()).contains("identity"), gone.getMessage());

            lab.kernel.exit(child.pid(), 0);
            child.waitFor();
            ScriptedProcess newcomer = lab.kernel.reuse(child.pid());
            LifeCycle recycled = lab.engine.find(identity);
            assertEquals(ProcessStatus.DONE, recycled.status(), "the number is in use by another one");
            assertThrows(ProcessDoneException.class, () -> recycled.signal(Signal.KILL));
            assertTrue(newcomer.received().isEmpty());
            assertEquals(
                    ProcessStatus.DONE,
                    lab.engine
                            .find(ProcessIdentity.of("scripted", 4711, Map.of()))
                            .status());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D16")
    void d16_anIdentityThatCannotBeReadLeavesNothingOpen(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle child = lab.start();
            ProcessIdentity identity = child.identity();
            lab.kernel.failNext(
                    Call.IDENTITY,
                    ProcessException.builder(ErrorKind.PERMISSION, "open").build());
            assertThrows(ProcessException.class, () -> lab.engine.find(identity));
            assertEquals(1, lab.counters().openHandles(), "the child's own");
            child.release();
            assertEquals(identity, child.identity(), "what was read once stays known");
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("ID-14")
    void id14_livenessTellsRunningEndedAndGoneApart(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle child = lab.start();
            assertEquals(Liveness.RUNNING, child.liveness());
            lab.kernel.stop(child.pid());
            assertEquals(Liveness.RUNNING, child.liveness());
            lab.kernel.exit(child.pid(), 0);
            assertEquals(strategy == Strategy.FOREIGN_REAPER ? Liveness.GONE : Liveness.EXITED, child.liveness());
            assertEquals(ProcessStatus.OK, child.status(), "asking consumes nothing");
            child.waitFor();
            assertEquals(Liveness.GONE, child.liveness());
        }
    }
}
