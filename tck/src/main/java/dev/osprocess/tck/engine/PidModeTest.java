// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedKernel;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that are held by a number: nobody uses the number while it is freed, and nobody after that. */
class PidModeTest {
    @Test
    @Rule({"WAIT-15", "SIG-16", "CONC-04"})
    void wait15_aSignalThatIsUnderWayHoldsUpTheReap() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            try (Pause inSignal = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                Task<?> signaller = Task.doing(() -> life.signal(Signal.USR1));
                inSignal.awaitArrival();
                lab.kernel.exit(life.pid(), 7);
                // one look never parks but for the lock that the signal holds
                Task<ProcessState> collector =
                        Task.of(() -> life.waitFor(Duration.ZERO)).parked();
                assertEquals(0, lab.counters().reapCalls());
                assertEquals(ScriptedProcess.Phase.ZOMBIE, process.phase());
                inSignal.letGo();
                signaller.get();
                assertEquals(7, collector.get().exitCode());
            }
            assertEquals(List.of(Signal.USR1), process.received());
            long before = lab.counters().signalCalls();
            assertThrows(ProcessDoneException.class, () -> life.signal(Signal.USR1));
            assertEquals(before, lab.counters().signalCalls());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"WAIT-15", "SIG-16", "SIG-18"})
    void wait15_aSignalThatComesDuringTheReapWaitsAndReachesNobody() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle life = lab.start();
            lab.kernel.exit(life.pid(), 7);
            try (Pause reaped = lab.kernel.pauseAt(Point.AFTER_REAP)) {
                Task<ProcessState> collector = Task.of(life::waitFor);
                reaped.awaitArrival();
                ScriptedProcess newcomer = lab.kernel.reuse(life.pid());
                Task<?> signaller = Task.doing(() -> life.signal(Signal.KILL)).parked();
                reaped.letGo();
                signaller.failure(ProcessDoneException.class);
                collector.get();
                assertTrue(newcomer.received().isEmpty());
                assertEquals(0, lab.counters().signalCalls());
            }
        }
    }

    @Test
    @Rule("SIG-16")
    void sig16_signalsDoNotWaitForEachOther() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle life = lab.start();
            try (Pause one = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL);
                    Pause other = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                Task<?> first = Task.doing(() -> life.signal(Signal.USR1));
                Task<?> second = Task.doing(() -> life.signal(Signal.USR2));
                one.awaitArrival();
                other.awaitArrival();
                one.letGo();
                other.letGo();
                first.get();
                second.get();
            }
        }
    }

    @Test
    @Rule({"D2", "D16", "WAIT-15"})
    void d16_theIdentityIsNeverReadWhileTheNumberIsFreed() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            try (Pause reading = lab.kernel.pauseAt(Point.BEFORE_IDENTITY)) {
                Task<?> reader = Task.of(life::identity);
                reading.awaitArrival();
                lab.kernel.exit(life.pid(), 7);
                Task<?> collector = Task.of(() -> life.waitFor(Duration.ZERO)).parked();
                assertEquals(0, lab.counters().reapCalls(), "the number is pinned while somebody reads what it names");
                reading.letGo();
                assertEquals(ScriptedKernel.identityOf(process), reader.get());
                collector.get();
            }
            assertEquals(ScriptedKernel.identityOf(process), life.identity(), "kept for ever");
        }
    }

    @Test
    @Rule({"D2", "ID-14"})
    void d2_livenessNeverSpeaksOfANewcomer() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle life = lab.start();
            lab.kernel.exit(life.pid(), 7);
            try (Pause reaped = lab.kernel.pauseAt(Point.AFTER_REAP)) {
                Task<?> collector = Task.of(life::waitFor);
                reaped.awaitArrival();
                lab.kernel.reuse(life.pid());
                Task<Liveness> asker = Task.of(life::liveness).parked();
                reaped.letGo();
                assertEquals(Liveness.GONE, asker.get());
                collector.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"D5", "D18", "SIG-18", "ID-13"})
    void d18_aFoundNumberOfOurChildIsPinnedAgainstTheReapOfItsOwner(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(new ScriptedKernel(strategy).openingByNumber())) {
            LifeCycle owner = lab.start();
            LifeCycle found = lab.engine.find(owner.pid());
            assertEquals(ProcessMode.PID, found.mode());
            ScriptedProcess process = lab.processOf(owner);
            try (Pause inSignal = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                Task<?> signaller = Task.doing(() -> found.signal(Signal.USR1));
                inSignal.awaitArrival();
                lab.kernel.exit(owner.pid(), 7);
                Task<ProcessState> collector =
                        Task.of(() -> owner.waitFor(Duration.ZERO)).parked();
                assertEquals(0, lab.counters().reapCalls());
                inSignal.letGo();
                signaller.get();
                collector.get();
            }
            assertEquals(List.of(Signal.USR1), process.received());
            lab.kernel.reuse(owner.pid());
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.USR1), "its owner has reaped it");
            assertEquals(1, lab.counters().signalCalls());
            found.release();
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"D18", "SIG-18"})
    void d18_onceTheOwnerHasReapedNoFoundObjectUsesTheNumber(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(new ScriptedKernel(strategy).openingByNumber().withoutGuards())) {
            LifeCycle owner = lab.start();
            LifeCycle found = lab.engine.find(owner.pid());
            lab.kernel.exit(owner.pid(), 7);
            owner.waitFor();
            ScriptedProcess newcomer = lab.kernel.reuse(owner.pid());
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
            assertFalse(found.kill());
            assertEquals(Liveness.GONE, found.liveness());
            assertThrows(ProcessDoneException.class, found::identity);
            assertTrue(
                    newcomer.received().isEmpty(), "the claim of the owner protects it, not the guard of the backend");
            found.release();
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"D18", "ID-05"})
    void d18_aProcessFoundUnderARecycledNumberIsNotTakenForOurChild() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle child = lab.start();
            lab.kernel.exit(child.pid(), 7);
            try (Pause reaped = lab.kernel.pauseAt(Point.AFTER_REAP)) {
                Task<?> collector = Task.of(child::waitFor);
                reaped.awaitArrival();
                ScriptedProcess newcomer = lab.kernel.reuse(child.pid());
                Task<LifeCycle> finder = Task.of(() -> lab.engine.find(child.pid()));
                // it may wait until the number is either ours or not, so let the owner go on whatever it does
                dev.osprocess.tck.scripted.Patience.until(
                        "the finder to wait or to be done",
                        () -> finder.isDone() || finder.thread().getState() == Thread.State.WAITING);
                reaped.letGo();
                collector.get();
                LifeCycle found = finder.get();
                found.signal(Signal.USR1);
                assertEquals(List.of(Signal.USR1), newcomer.received(), "a living process is not 'finished already'");
                assertEquals(ProcessStatus.OK, found.status());
                found.release();
            }
        }
    }

    @Test
    @Rule({"WAIT-16", "CONC-11"})
    void wait16_aHundredSignallersAndWaitersMeetWithoutDeadlock() throws Exception {
        try (Lab lab = new Lab(Strategy.PID)) {
            LifeCycle life = lab.start();
            lab.processOf(life).ignores(Signal.TERM);
            List<Task<?>> tasks = new ArrayList<>();
            AtomicBoolean stop = new AtomicBoolean();
            for (int i = 0; i < 8; i++) {
                tasks.add(Task.doing(() -> {
                    while (!stop.get()) {
                        try {
                            life.signal(Signal.TERM);
                        } catch (ProcessDoneException done) {
                            return;
                        }
                    }
                }));
                tasks.add(Task.of(life::waitFor));
            }
            lab.awaitWatched(1);
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, life.waitFor().exitCode());
            stop.set(true);
            tasks.forEach(Task::get);
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"SIG-18", "STATE-16", "ID-12"})
    void sig18_aSignalStormNeverHitsTheNextBearerOfTheNumber(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            long pid = 5000;
            for (int round = 0; round < 100; round++) {
                lab.kernel.nextPid(pid);
                LifeCycle life = lab.start();
                List<Task<?>> stormers = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    Signal signal = i == 0 ? Signal.of(0) : Signal.KILL;
                    stormers.add(Task.doing(() -> {
                        while (true) {
                            try {
                                life.signal(signal);
                            } catch (ProcessDoneException done) {
                                return;
                            }
                        }
                    }));
                }
                life.waitFor();
                ScriptedProcess guard = lab.kernel.reuse(pid);
                stormers.forEach(Task::get);
                assertTrue(guard.received().isEmpty(), () -> "hit: " + guard);
                assertFalse(guard.hasEnded());
                lab.kernel.exit(pid, 0);
                lab.kernel.steal(pid);
            }
            if (strategy == Strategy.HANDLE) {
                assertEquals(0, lab.counters().signalsByNumber(), "STATE-16: nothing goes by number");
            }
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-09", "WAIT-16"})
    void state09_anErrorLeavesNoLockAndNoReferenceHeld(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle child = lab.start();
            LifeCycle found = lab.engine.find(child.pid());
            ProcessException refused =
                    ProcessException.builder(ErrorKind.PERMISSION, "look").build();
            for (LifeCycle life : List.of(child, found)) {
                lab.kernel.failNext(Call.LIVENESS, refused);
                assertThrows(ProcessException.class, life::liveness);
                lab.kernel.failNext(Call.IDENTITY, refused);
                assertThrows(ProcessException.class, life::identity);
                lab.kernel.failNext(Call.SIGNAL, refused);
                assertThrows(ProcessException.class, () -> life.signal(Signal.CONT));
            }
            lab.kernel.exit(child.pid(), 7);
            assertEquals(7, Task.of(child::waitFor).get().exitCode(), "the child is reaped, under the lock");
            found.release();
            lab.assertNothingLeft();
        }
    }
}
