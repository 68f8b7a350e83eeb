// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.OnClose;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedHandle;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Giving up: release, close, and what becomes of those who are in the middle of something. */
class ReleaseTest {
    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-01", "REL-02"})
    void rel01_releaseNeitherKillsNorReapsNorWatches(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            assertEquals(ProcessStatus.OK, life.release());
            assertEquals(1, lab.counters().closeCalls());
            assertEquals(0, lab.engine.watched());
            assertEquals(0, lab.counters().signalCalls());
            lab.kernel.exit(life.pid(), 3);
            assertEquals(0, lab.counters().collectCalls());
            if (strategy != Strategy.FOREIGN_REAPER) {
                assertEquals(ScriptedProcess.Phase.ZOMBIE, process.phase(), "REL-02: a zombie until somebody waits");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-03", "STATE-02"})
    void rel03_secondReleaseDoesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            life.release();
            assertEquals(ProcessStatus.RELEASED, life.release());
            life.close();
            assertEquals(ProcessStatus.RELEASED, life.release());
            assertEquals(1, lab.counters().closeCalls());
            assertEquals(0, life.references());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-02", "STATE-06", "CONC-05"})
    void state02_manyWhoEndItAtOnceCloseItOnce(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (int round = 1; round <= 200; round++) {
                LifeCycle life = lab.start();
                lab.kernel.exit(life.pid(), 3);
                List<Task<?>> tasks = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    int what = i % 3;
                    tasks.add(Task.doing(() -> {
                        if (what == 0) {
                            life.release();
                        } else if (what == 1) {
                            life.close();
                        } else {
                            try {
                                assertEquals(3, life.waitFor().exitCode());
                            } catch (ProcessReleasedException released) {
                                assertEquals(ProcessStatus.RELEASED, life.status());
                            }
                        }
                    }));
                }
                tasks.forEach(Task::get);
                int closes = round;
                Patience.until("close " + closes, () -> lab.counters().closeCalls() == closes);
            }
            assertEquals(0, lab.counters().openHandles());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-04", "CONC-05", "D13"})
    void rel04_waitsAndFuturesTakenBeforeAReleaseEndWithTheTrueState(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            CompletableFuture<ProcessState> future = life.onExit(null);
            lab.awaitWatched(1);
            life.release();
            assertEquals(0, lab.counters().closeCalls(), "the handle stays open for those inside");
            assertThrows(ProcessReleasedException.class, life::waitFor);
            assertThrows(ProcessReleasedException.class, () -> life.onExit(null));
            assertThrows(ProcessReleasedException.class, () -> life.signal(Signal.TERM));
            lab.kernel.exit(life.pid(), 4);
            assertEquals(4, waiter.get().exitCode());
            assertEquals(4, Task.of(future::join).get().exitCode());
            assertEquals(ProcessStatus.RELEASED, life.status(), "and RELEASED it stays");
            lab.assertNothingLeft();
            assertEquals(1, lab.counters().closeCalls());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-04", "CONC-05", "STATE-03"})
    void conc05_aReleaseAtEveryMomentOfAWaitClosesOnceAndStrandsNobody(Strategy strategy) throws Exception {
        List<Point> moments = strategy == Strategy.FOREIGN_REAPER
                ? List.of(
                        Point.BEFORE_COLLECT, Point.BEFORE_ADD_EVENT, Point.AFTER_ADD_EVENT, Point.BEFORE_REMOVE_EVENT)
                : List.of(
                        Point.BEFORE_COLLECT,
                        Point.BEFORE_ADD_EVENT,
                        Point.AFTER_ADD_EVENT,
                        Point.BEFORE_REAP,
                        Point.AFTER_REAP,
                        Point.BEFORE_REMOVE_EVENT,
                        Point.AFTER_REMOVE_EVENT,
                        Point.BEFORE_HANDLE_CLOSE);
        for (Point moment : moments) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                Task<ProcessState> waiter;
                try (Pause pause = lab.kernel.pauseAt(moment, life.pid())) {
                    waiter = Task.of(life::waitFor);
                    boolean beforeTheEnd = moment == Point.BEFORE_COLLECT
                            || moment == Point.BEFORE_ADD_EVENT
                            || moment == Point.AFTER_ADD_EVENT;
                    if (!beforeTheEnd) {
                        lab.awaitWatched(1);
                        lab.kernel.exit(life.pid(), 4);
                    }
                    pause.awaitArrival();
                    life.release();
                    assertTrue(life.status() != ProcessStatus.OK);
                    assertEquals(0, lab.counters().closeCalls(), () -> "closed under a call at " + moment);
                }
                if (moment == Point.BEFORE_COLLECT) {
                    waiter.failure(ProcessReleasedException.class); // it had looked and not begun to wait
                    lab.kernel.exit(life.pid(), 4);
                } else {
                    if (moment == Point.BEFORE_ADD_EVENT || moment == Point.AFTER_ADD_EVENT) {
                        lab.kernel.exit(life.pid(), 4);
                    }
                    assertEquals(4, waiter.get().exitCode(), moment::toString);
                }
                lab.assertNothingLeft();
                assertEquals(1, lab.counters().closeCalls());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-08", "SIG-04", "CONC-06"})
    void state08_aSignalKeepsItsHandleThroughARelease(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            try (Pause inSignal = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                Task<?> signaller = Task.doing(() -> life.signal(Signal.USR1));
                inSignal.awaitArrival();
                life.release();
                assertEquals(0, lab.counters().closeCalls());
                inSignal.letGo();
                signaller.get();
            }
            assertEquals(List.of(Signal.USR1), process.received());
            assertEquals(1, lab.counters().closeCalls());
        }
    }

    @Test
    @Rule({"CONC-06", "STATE-07", "HND-04"})
    void conc06_theHandleClosesWhenTheLastOfThoseInsideLeaves() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            try (Pause inSignal = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL);
                    Pause inIdentity = lab.kernel.pauseAt(Point.BEFORE_IDENTITY)) {
                Task<?> signaller = Task.doing(() -> life.signal(Signal.USR1));
                Task<?> asker = Task.of(life::identity);
                inSignal.awaitArrival();
                inIdentity.awaitArrival();
                Task<Long> borrower = Task.of(() -> life.withHandle(ScriptedHandle.class, handle -> {
                    life.release();
                    assertTrue(handle.isOpen());
                    return lab.counters().closeCalls();
                }));
                assertEquals(0, borrower.get());
                assertEquals(0, lab.counters().closeCalls());
                inSignal.letGo();
                signaller.get();
                assertEquals(0, lab.counters().closeCalls());
                inIdentity.letGo();
                asker.get();
                assertEquals(1, lab.counters().closeCalls());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-03", "STATE-04"})
    void state03_theStatusLeavesOkBeforeTheHandleCanClose(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle released = lab.start();
            LifeCycle done = lab.start();
            for (LifeCycle life : List.of(released, done)) {
                try (Pause closing = lab.kernel.pauseAt(Point.BEFORE_HANDLE_CLOSE)) {
                    Task<?> ender = Task.doing(() -> {
                        if (life == released) {
                            life.release();
                        } else {
                            lab.kernel.exit(life.pid(), 0);
                            life.waitFor();
                        }
                    });
                    closing.awaitArrival();
                    assertEquals(life == released ? ProcessStatus.RELEASED : ProcessStatus.DONE, life.status());
                    assertEquals(0, life.references(), "STATE-04: zero is final");
                    // who comes now finds a reason, never an impossible state
                    assertThrows(Exception.class, life::identity);
                    assertThrows(Exception.class, () -> life.signal(Signal.TERM));
                    closing.letGo();
                    ender.get();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("STATE-09")
    void state09_referencesComeBackWhateverACallThrows(Strategy strategy) throws Exception {
        List<Throwable> failures = List.of(
                ProcessException.builder(ErrorKind.SYSTEM, "x")
                        .nativeError("EIO", 5)
                        .build(),
                new IllegalStateException("odd backend"),
                new OutOfMemoryError("scripted"));
        for (Throwable failure : failures) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                int before = life.references();
                lab.kernel.failNext(Call.SIGNAL, failure);
                assertThrows(failure.getClass(), () -> life.signal(Signal.TERM));
                lab.kernel.failNext(Call.LIVENESS, failure);
                assertThrows(failure.getClass(), life::liveness);
                lab.kernel.failNext(Call.IDENTITY, failure);
                assertThrows(failure.getClass(), life::identity);
                lab.kernel.failNext(Call.COLLECT, failure);
                assertThrows(failure.getClass(), life::waitFor);
                assertEquals(before, life.references());
                assertEquals(ProcessStatus.OK, life.status());
                life.release();
                lab.assertNothingLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-07", "D4"})
    void rel07_closeLetsTheChildLiveAndHasItReapedLater(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            OsProcess child = lab.startFront();
            ScriptedProcess process = lab.kernel.process(child.pid());
            Task.doing(child::close).get();
            assertFalse(process.hasEnded());
            assertTrue(process.received().isEmpty());
            lab.awaitWatched(1);
            lab.kernel.exit(process.pid(), 3);
            lab.assertNothingLeft();
            assertEquals(ScriptedProcess.Phase.GONE, process.phase(), "no zombie stays behind");
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-12", "D9", "D13"})
    void d9_aFailedLookForAGivenUpChildGivesItsEventsBackBeforeTheHandleCloses(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy);
                Said said = new Said()) {
            LifeCycle life = lab.start();
            life.close();
            lab.awaitWatched(1);
            lab.kernel.failNext(
                    Call.COLLECT,
                    ProcessException.builder(ErrorKind.SYSTEM, "waitid")
                            .nativeError("EIO", 5)
                            .build());
            lab.kernel.announce(life.pid()); // nobody else holds the handle, so the watch is the last to let go
            lab.assertNothingLeft();
            Patience.until(
                    "a word about it", () -> !said.about("pid " + life.pid()).isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-07", "D4"})
    void d4_closeOfAZombieAndOfAnEndedOneLeavesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle zombie = lab.start();
            ScriptedProcess process = lab.processOf(zombie);
            lab.kernel.exit(zombie.pid(), 3);
            zombie.close();
            LifeCycle waited = lab.start();
            lab.kernel.exit(waited.pid(), 3);
            waited.waitFor();
            waited.close();
            assertEquals(ProcessStatus.DONE, waited.status());
            lab.assertNothingLeft();
            assertEquals(ScriptedProcess.Phase.GONE, process.phase());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D4")
    void d4_closeKillsIfThatWasAskedFor(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start(OnClose.KILL_AND_REAP);
            ScriptedProcess process = lab.processOf(life);
            life.close();
            assertEquals(List.of(Signal.KILL), process.received());
            lab.assertNothingLeft();
            assertEquals(ScriptedProcess.Phase.GONE, process.phase());
            life.close();
            assertEquals(List.of(Signal.KILL), process.received());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D4", "STATE-09"})
    void d4_aKillThatFailsDoesNotKeepCloseFromLettingGo(Strategy strategy) throws Exception {
        for (Throwable failure : List.of(
                ProcessException.builder(ErrorKind.PERMISSION, "kill")
                        .nativeError("EPERM", 1)
                        .build(),
                new IllegalStateException("odd backend"))) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start(OnClose.KILL_AND_REAP);
                lab.kernel.failNext(Call.SIGNAL, failure);
                try {
                    life.close();
                } catch (IllegalStateException odd) {
                    assertEquals(failure, odd);
                }
                assertEquals(ProcessStatus.RELEASED, life.status());
                lab.kernel.exit(life.pid(), 3);
                lab.assertNothingLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-04", "D4", "D13"})
    void d4_whoWaitedBeforeACloseGetsTheState(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            life.close();
            lab.kernel.exit(life.pid(), 4);
            assertEquals(4, waiter.get().exitCode());
            assertEquals(ProcessStatus.RELEASED, life.status());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-11", "START-26"})
    void rel11_aFailedStartLeavesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (Throwable failure : List.of(
                    ProcessException.builder(ErrorKind.NOT_FOUND, "fork/exec")
                            .path("/x")
                            .build(),
                    new IllegalStateException())) {
                lab.kernel.failNext(Call.SPAWN, failure);
                assertThrows(failure.getClass(), lab::startFront);
            }
            assertEquals(0, lab.counters().spawnCalls());
            lab.assertNothingLeft();
            assertEquals(0, lab.counters().closeCalls());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("REL-13")
    void rel13_aCloseThatFailsIsNotRepeatedAndStrandsNobody(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            CompletableFuture<ProcessState> future = life.onExit(null);
            lab.awaitWatched(1);
            lab.kernel.failNext(Call.CLOSE, new IllegalStateException("odd backend"));
            lab.kernel.exit(life.pid(), 4);
            assertEquals(4, waiter.get().exitCode());
            assertEquals(4, Task.of(future::join).get().exitCode());
            Patience.until("the close", () -> lab.counters().closeCalls() == 1);

            LifeCycle released = lab.start();
            lab.kernel.failNext(Call.CLOSE, new IllegalStateException("odd backend"));
            assertEquals(ProcessStatus.OK, released.release());
            assertEquals(2, lab.counters().closeCalls());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("REL-15")
    void rel15_objectsThatWereGivenUpLeaveNothingInTheEngine(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (int i = 0; i < 10_000; i++) {
                LifeCycle released = lab.start();
                ScriptedProcess process = lab.processOf(released);
                released.release();
                lab.kernel.exit(process.pid(), 0);
                lab.kernel.bury(process);
            }
            assertEquals(0, lab.engine.unreaped(), "a released child has no owner any more");
            assertEquals(0, lab.engine.watched());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-05", "PS-01", "PS-15", "ID-02", "CONC-02"})
    void rel05_pidAndStateStayReadableAfterEverything(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            long pid = life.pid();
            lab.kernel.exit(pid, 4);
            ProcessState state = life.waitFor();
            life.release();
            life.close();
            assertEquals(pid, life.pid());
            assertEquals(pid, state.pid());
            assertEquals(state, life.state());
            LifeCycle other = lab.start();
            other.release();
            assertEquals(pid + 1, other.pid());
            assertNull(other.state());
        }
    }

    @Test
    @Rule({"STATE-05", "STATE-03"})
    void state05_everyRefusalNamesTheOperationAndThePid() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.engine.start(OsString.of("/bin/x"), List.of(), ProcessAttributes.defaults());
            life.release();
            int calls = 0;
            for (var call : List.<org.junit.jupiter.api.function.Executable>of(
                    life::waitFor, life::identity, life::liveness, life::kill, () -> life.onExit(null))) {
                ProcessReleasedException refused = assertThrows(ProcessReleasedException.class, call);
                assertTrue(String.valueOf(refused.getMessage()).contains(" pid " + life.pid()), refused.getMessage());
                assertEquals(life.pid(), refused.pid());
                assertEquals(ErrorKind.ALREADY_RELEASED, refused.kind());
                assertNotNull(refused.getMessage());
                calls++;
            }
            assertEquals(5, calls);
        }
    }
}
