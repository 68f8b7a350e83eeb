// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
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
import dev.osprocess.tck.scripted.ScriptedKernel;
import dev.osprocess.tck.scripted.ScriptedProcess;
import dev.osprocess.tck.scripted.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for children, on the scripted kernel. */
class WaitTest {
    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-01", "WAIT-02", "STATE-10"})
    void wait01_aParkedWaiterGetsTheTrueStateAndTheChildIsReaped(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.exit(life.pid(), 7);
            ProcessState state = waiter.get();
            assertEquals(7, state.exitCode());
            assertEquals(life.pid(), state.pid());
            assertNull(lab.kernel.bearerOf(life.pid()), "the number is free");
            lab.assertNothingLeft(); // STATE-10: nobody called release
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-13", "CONC-03", "WAIT-04"})
    void wait13_fourWaitersGetOneStateAndOneReaps(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            List<Task<ProcessState>> waiters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiters.add(Task.of(life::waitFor).parked());
            }
            lab.kernel.exit(life.pid(), 7);
            ProcessState first = waiters.get(0).get();
            for (Task<ProcessState> waiter : waiters) {
                assertSame(first, waiter.get());
            }
            assertSame(first, life.waitFor(), "D3: waiting again gives the recorded state");
            assertEquals(
                    strategy == Strategy.FOREIGN_REAPER ? 0 : 1, lab.counters().reapCalls());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-13", "STATE-03", "WAIT-27"})
    void wait13_reapThenStatusThenEventsThenCloseThenNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            lab.kernel.keepJournal();
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            try (Pause afterReap = lab.kernel.pauseAt(
                            strategy == Strategy.FOREIGN_REAPER ? Point.BEFORE_COLLECT : Point.AFTER_REAP);
                    Pause remove = lab.kernel.pauseAt(Point.BEFORE_REMOVE_EVENT);
                    Pause close = lab.kernel.pauseAt(Point.BEFORE_HANDLE_CLOSE)) {
                lab.kernel.exit(life.pid(), 7);
                afterReap.awaitArrival();
                assertEquals(ProcessStatus.OK, life.status(), "reaped, and not yet told");
                assertFalse(waiter.isDone());
                afterReap.letGo();
                remove.awaitArrival();
                assertEquals(ProcessStatus.DONE, life.status(), "the status leaves OK before anything is given back");
                assertNotNull(life.state(), "the state is stored before the status says DONE");
                assertFalse(close.hasArrived());
                remove.letGo();
                close.awaitArrival();
                assertEquals(0, lab.kernel.registrations(), "events are given back before the close");
                close.letGo();
            }
            waiter.get();
            List<Point> order = lab.kernel.journal().stream().map(Step::point).toList();
            assertTrue(
                    order.indexOf(Point.AFTER_REMOVE_EVENT) < order.indexOf(Point.BEFORE_HANDLE_CLOSE),
                    order::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule("WAIT-14")
    void wait14_whenTheWatcherWakesTheChildIsStillAZombie(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            CompletableFuture<ProcessState> future = life.onExit(null);
            try (Pause woken = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                lab.kernel.exit(life.pid(), 7);
                woken.awaitArrival();
                assertEquals(ScriptedProcess.Phase.ZOMBIE, process.phase(), "its number is pinned until the reap");
                assertEquals(0, lab.counters().reapCalls());
            }
            assertEquals(7, future.join().exitCode());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-16")
    void wait16_aSignalPassesWhileAnotherThreadWaits(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            assertTrue(Task.of(life::kill).get());
            assertEquals(Signal.KILL, waiter.get().signal().orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"WAIT-18", "D6", "SIG-06"})
    void wait18_whenTheStateIsStolenEveryWaiterLearnsThatThereIsNone(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> one = Task.of(life::waitFor).parked();
            Task<ProcessState> other = Task.of(life::waitFor).parked();
            CompletableFuture<ProcessState> future = life.onExit(null);
            try (Pause woken = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                lab.kernel.exit(life.pid(), 7);
                woken.awaitArrival();
                lab.kernel.steal(life.pid());
            }
            assertEquals(ErrorKind.NO_CHILD, one.failure(NoChildException.class).kind());
            other.failure(NoChildException.class);
            CompletionException failed = assertThrows(CompletionException.class, future::join);
            assertTrue(failed.getCause() instanceof NoChildException, failed::toString);
            assertEquals(ProcessStatus.DONE, life.status());
            assertNull(life.state(), "nothing is invented");
            NoChildException again = assertThrows(NoChildException.class, life::waitFor);
            assertNotSame(
                    again, assertThrows(NoChildException.class, life::waitFor), "each caller has its own stack trace");
            long before = lab.counters().signalCalls();
            assertThrows(ProcessDoneException.class, () -> life.signal(Signal.TERM));
            assertFalse(life.kill());
            assertEquals(before, lab.counters().signalCalls());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-23")
    void wait23_anInterruptedWaiterLosesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            Task<ProcessState> timed =
                    Task.of(() -> life.waitFor(Duration.ofDays(1))).parked();
            Task<ProcessState> patient = Task.of(life::waitFor).parked();
            waiter.thread().interrupt();
            timed.thread().interrupt();
            waiter.failure(InterruptedException.class);
            timed.failure(InterruptedException.class);
            assertEquals(ProcessStatus.OK, life.status());
            assertTrue(lab.processOf(life).received().isEmpty(), "the child is untouched");
            assertFalse(patient.isDone());
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, patient.get().exitCode());
            assertEquals(7, life.waitFor().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-24")
    void wait24_zeroAndLessLookOnce(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
                long before = lab.counters().collectCalls();
                assertNull(life.waitFor(none));
                assertEquals(before + 1, lab.counters().collectCalls());
            }
            assertEquals(0, lab.engine.watched(), "a single look leaves nothing behind");
            lab.kernel.exit(life.pid(), 7);
            ProcessState state = life.waitFor(Duration.ofNanos(-1));
            assertNotNull(state);
            assertEquals(7, state.exitCode());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-24")
    void wait24_aTimeoutLosesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            assertNull(life.waitFor(Duration.ofNanos(1)));
            assertNull(life.waitFor(Duration.ofMillis(1)));
            assertEquals(ProcessStatus.OK, life.status());
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, life.waitFor().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-24")
    void wait24_hugeDurationsDoNotOverflow(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (Duration huge : List.of(
                    Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                    Duration.ofNanos(Long.MAX_VALUE),
                    Duration.ofDays(365_000))) {
                LifeCycle life = lab.start();
                Task<ProcessState> waiter = Task.of(() -> life.waitFor(huge)).parked();
                lab.awaitWatched(1);
                lab.kernel.exit(life.pid(), 7);
                assertEquals(7, waiter.get().exitCode());
                Patience.until("the watch to end", () -> lab.engine.watched() == 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-24")
    void wait24_anEndAtTheDeadlineIsSeen(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            try (Pause added = lab.kernel.pauseAt(Point.AFTER_ADD_EVENT);
                    Pause watcher = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                Task<ProcessState> waiter = Task.of(() -> life.waitFor(Duration.ofNanos(1)));
                added.awaitArrival();
                lab.kernel.exit(life.pid(), 7);
                watcher.awaitArrival(); // from here on only the waiter itself can see the end
                added.letGo();
                ProcessState ended = waiter.get();
                assertNotNull(ended, "the child had ended at the deadline");
                assertEquals(7, ended.exitCode());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-30")
    void wait30_anEndIsSeenAtWhateverMomentItComes(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle before = lab.start();
            lab.kernel.exit(before.pid(), 1);
            assertEquals(1, before.waitFor().exitCode());
            for (Point moment : List.of(Point.BEFORE_COLLECT, Point.BEFORE_ADD_EVENT, Point.AFTER_ADD_EVENT)) {
                LifeCycle life = lab.start();
                try (Pause pause = lab.kernel.pauseAt(moment, life.pid())) {
                    Task<ProcessState> waiter = Task.of(life::waitFor);
                    pause.awaitArrival();
                    lab.kernel.exit(life.pid(), 3);
                    pause.letGo();
                    assertEquals(3, waiter.get().exitCode(), moment::toString);
                }
            }
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-30")
    void wait30_aThousandChildrenThatEndAtOnceAreAllSeen(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (int i = 0; i < 1000; i++) {
                LifeCycle life = lab.start();
                CompletableFuture<ProcessState> future = life.onExit(null);
                Task<Boolean> end = i % 100 == 0 ? Task.of(() -> lab.kernel.exit(life.pid(), 3)) : null;
                if (end == null) {
                    lab.kernel.exit(life.pid(), 3);
                }
                assertEquals(3, Task.of(future::join).get().exitCode());
            }
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-09")
    void wait09_stoppingAndContinuingIsNoEnd(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            long looks = lab.counters().collectCalls();
            lab.kernel.stop(life.pid());
            Patience.until("a look", () -> lab.counters().collectCalls() > looks);
            lab.kernel.resume(life.pid());
            long later = lab.counters().collectCalls();
            Patience.until("looks go on", () -> lab.counters().collectCalls() > later);
            assertFalse(waiter.isDone());
            assertEquals(ProcessStatus.OK, life.status());
            lab.kernel.exit(life.pid(), 3);
            assertEquals(3, waiter.get().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("STATE-12")
    void state12_aFailedLookLeavesTheObjectUsable(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            lab.kernel.failNext(Call.COLLECT, failure());
            assertEquals(
                    "EIO",
                    assertThrows(ProcessException.class, life::waitFor)
                            .nativeName()
                            .orElseThrow());
            assertEquals(ProcessStatus.OK, life.status());
            life.signal(Signal.USR1);
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, life.waitFor().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("STATE-12")
    void state12_aLookOfTheWatcherThatFailsReachesThoseWhoWaitNowAndNobodyLater(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (Throwable thrown :
                    List.of(failure(), new IllegalStateException("odd backend"), new StackOverflowError())) {
                LifeCycle life = lab.start();
                Task<ProcessState> waiter = Task.of(life::waitFor).parked();
                CompletableFuture<ProcessState> future = life.onExit(null);
                lab.awaitWatched(1);
                lab.kernel.failNext(Call.COLLECT, thrown);
                lab.kernel.announce(life.pid());
                ProcessException seen = waiter.failure(ProcessException.class);
                assertEquals(ErrorKind.SYSTEM, seen.kind());
                Task.of(future::join).failure(CompletionException.class);
                assertEquals(ProcessStatus.OK, life.status());
                Task<ProcessState> next = Task.of(life::waitFor).parked();
                lab.awaitWatched(1);
                lab.kernel.exit(life.pid(), 7);
                assertEquals(7, next.get().exitCode());
                lab.assertNothingLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"WAIT-29", "WAIT-19", "D17"})
    void d17_waitingForAProcessThatIsNotOursEndsWithTheTruthOrUnknown(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            ScriptedProcess told = lab.kernel.startForeign();
            LifeCycle life = lab.engine.find(told.pid());
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.exit(told.pid(), 9);
            assertEquals(9, waiter.get().exitCode());
            assertEquals(ScriptedProcess.Phase.ZOMBIE, told.phase(), "WAIT-19: its parent's to reap");

            lab.kernel.hidingForeignStates();
            ScriptedProcess hidden = lab.kernel.startForeign();
            LifeCycle other = lab.engine.find(hidden.pid());
            lab.kernel.exit(hidden.pid(), 9);
            ProcessState state = other.waitFor();
            assertEquals(ExitCause.UNKNOWN, state.cause());
            assertEquals(-1, state.exitCode());
            assertTrue(state.wallTime().isEmpty(), "PS-14: nobody knows when it began");
            assertEquals(0, lab.counters().reapCalls());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-11", "D17"})
    void d17_waitingForOneselfIsRefusedAtOnce(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            for (LifeCycle self : List.of(lab.engine.find(ScriptedKernel.SELF), lab.engine.current())) {
                assertEquals(
                        ErrorKind.INVALID,
                        Task.of(self::waitFor).failure(ProcessException.class).kind());
                assertEquals(
                        ErrorKind.INVALID,
                        assertThrows(ProcessException.class, () -> self.waitFor(Duration.ZERO))
                                .kind());
                CompletionException failed =
                        Task.of(() -> self.onExit(null).join()).failure(CompletionException.class);
                assertTrue(failed.getCause() instanceof ProcessException, failed::toString);
                assertEquals(ProcessStatus.OK, self.status());
                self.close();
            }
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule("STATE-18")
    void state18_whoeverSeesDoneSeesTheState() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            for (int i = 0; i < 500; i++) {
                LifeCycle life = lab.start();
                Task<Boolean> reader = Task.of(() -> {
                    while (life.status() == ProcessStatus.OK) {
                        Thread.onSpinWait();
                    }
                    return life.state() != null;
                });
                lab.kernel.exit(life.pid(), 3);
                life.waitFor();
                assertTrue(reader.get());
            }
        }
    }

    private static ProcessException failure() {
        return ProcessException.builder(ErrorKind.SYSTEM, "waitid")
                .nativeError("EIO", 5)
                .build();
    }
}
