// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Futures of the end: after the truth, on another thread than the watcher's, and each for itself. */
class OnExitTest {
    private static final String WATCHER = "osprocess-scripted-exit-watcher";
    private static final String OWN = "osprocess-scripted-on-exit";

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-27", "STATE-18"})
    void wait27_completionComesAfterReapStateAndStatus(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            CompletableFuture<Boolean> checked = life.onExit(null).thenApply(state -> {
                assertEquals(ProcessStatus.DONE, life.status());
                assertEquals(state, life.state());
                assertEquals(
                        strategy == Strategy.FOREIGN_REAPER ? 0 : 1,
                        lab.counters().reapCalls());
                assertEquals(null, lab.kernel.bearerOf(life.pid()));
                return true;
            });
            lab.kernel.exit(life.pid(), 7);
            assertTrue(Task.of(checked::join).get());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule("WAIT-27")
    void wait27_nothingIsToldWhileTheChildIsBeingReaped(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> future = life.onExit(null);
            LifeCycle next = lab.start();
            CompletableFuture<ProcessState> afterwards = next.onExit(null);
            try (Pause reaped = lab.kernel.pauseAt(Point.AFTER_REAP, life.pid())) {
                lab.kernel.exit(life.pid(), 7);
                reaped.awaitArrival();
                // futures are told one after the other, so what was on its way to the first has come
                lab.kernel.exit(next.pid(), 8);
                assertEquals(8, Task.of(next::waitFor).get().exitCode());
                assertEquals(8, Task.of(afterwards::join).get().exitCode());
                assertFalse(future.isDone(), "a future is told before the child is reaped");
                assertEquals(ProcessStatus.OK, life.status());
            }
            assertEquals(7, Task.of(future::join).get().exitCode());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-28")
    void wait28_cancellingOneFutureAffectsNobody(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> cancelled = life.onExit(null);
            CompletableFuture<ProcessState> other = life.onExit(null);
            assertNotSame(cancelled, other);
            assertTrue(cancelled.cancel(true));
            assertTrue(lab.processOf(life).received().isEmpty(), "cancelling is not killing");
            assertFalse(lab.processOf(life).hasEnded());
            CompletableFuture<ProcessState> later = life.onExit(null);
            assertTrue(life.onExit(null).complete(ProcessState.unknown(1)), "nor is completing it");
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, Task.of(other::join).get().exitCode());
            assertEquals(7, Task.of(later::join).get().exitCode());
            assertEquals(7, life.waitFor().exitCode());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"WAIT-27", "CONC-11"})
    void wait27_aCallbackMayUseEverythingOfItselfAndOfOthers() throws Exception {
        for (Strategy strategy : Strategy.values()) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                LifeCycle other = lab.start();
                CompletableFuture<String> used = life.onExit(null).thenApply(state -> {
                    try {
                        return life.waitFor() + ", " + life.kill() + ", " + life.release() + ", " + other.kill() + ", "
                                + other.waitFor() + ", " + life.onExit(null).join();
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                });
                lab.kernel.exit(life.pid(), 7);
                assertEquals(
                        "exit status 7, false, DONE, true, signal: killed, exit status 7",
                        Task.of(used::join).get());
                lab.assertNothingLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-27", "EV-02"})
    void ev02_callbacksThatBlockDoNotStallOthers(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            CountDownLatch block = new CountDownLatch(1);
            List<CompletableFuture<Void>> blocked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                LifeCycle life = lab.start();
                blocked.add(life.onExit(null).thenAccept(state -> await(block)));
                lab.kernel.exit(life.pid(), 0);
            }
            LifeCycle free = lab.start();
            CompletableFuture<ProcessState> future = free.onExit(null);
            lab.kernel.exit(free.pid(), 7);
            assertEquals(7, Task.of(future::join).get().exitCode());
            assertFalse(blocked.stream().anyMatch(CompletableFuture::isDone));
            block.countDown();
            blocked.forEach(one -> Task.of(one::join).get());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-27", "EV-02"})
    void ev02_aBlockedCallbackDoesNotStallOneThatAWaiterSetsOff(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            CountDownLatch block = new CountDownLatch(1);
            CountDownLatch standing = new CountDownLatch(1);
            LifeCycle blocking = lab.start();
            CompletableFuture<Void> blocked = blocking.onExit(null).thenAccept(state -> {
                standing.countDown();
                await(block);
            });
            lab.kernel.exit(blocking.pid(), 0);
            await(standing);
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> future = life.onExit(null);
            // the watcher is held back, so it is the waiter who sees the end and tells it
            try (Pause watcher = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                lab.kernel.exit(life.pid(), 7);
                watcher.awaitArrival();
                assertEquals(7, Task.of(life::waitFor).get().exitCode());
            }
            assertEquals(7, Task.of(future::join).get().exitCode());
            block.countDown();
            Task.of(blocked::join).get();
        }
    }

    @Test
    @Rule({"WAIT-27", "EV-02"})
    void ev02_theWatcherIsWokenForAFutureThatComesWhileItSleeps() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            CountDownLatch block = new CountDownLatch(1);
            CountDownLatch standing = new CountDownLatch(1);
            LifeCycle blocking = lab.start();
            CompletableFuture<Void> blocked = blocking.onExit(null).thenAccept(state -> {
                standing.countDown();
                await(block);
            });
            lab.kernel.exit(blocking.pid(), 0);
            await(standing);
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> future = life.onExit(null);
            Task<ProcessState> waiter;
            // the waiter has seen the end and has told nobody, while the watcher goes to sleep with nothing to do
            try (Pause told = lab.kernel.pauseAt(Point.AFTER_REMOVE_EVENT, life.pid())) {
                try (Pause watcher = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                    lab.kernel.exit(life.pid(), 7);
                    watcher.awaitArrival();
                    waiter = Task.of(life::waitFor);
                    told.awaitArrival();
                }
                lab.awaitWatcherRounds();
            }
            assertEquals(7, waiter.get().exitCode());
            assertEquals(7, Task.of(future::join).get().exitCode());
            block.countDown();
            Task.of(blocked::join).get();
        }
    }

    @Test
    @Rule("WAIT-28")
    void wait28_aFutureThatWasGivenUpIsForgotten() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> kept = life.onExit(null); // the watch goes on
            WeakReference<CompletableFuture<ProcessState>> dropped = cancelled(life);
            Patience.until("the engine to let go of a future that was cancelled", () -> {
                System.gc();
                return dropped.get() == null;
            });
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, Task.of(kept::join).get().exitCode());
        }
    }

    private static WeakReference<CompletableFuture<ProcessState>> cancelled(LifeCycle life) throws ProcessException {
        CompletableFuture<ProcessState> future = life.onExit(null);
        assertTrue(future.cancel(false));
        return new WeakReference<>(future);
    }

    @Test
    @Rule("WAIT-18")
    void wait18_eachFutureGetsAnErrorOfItsOwn() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> one = life.onExit(null);
            CompletableFuture<ProcessState> other = life.onExit(null);
            try (Pause watcher = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                lab.kernel.exit(life.pid(), 7);
                watcher.awaitArrival();
                lab.kernel.steal(life.pid());
            }
            Throwable first = Task.of(one::join)
                    .failure(java.util.concurrent.CompletionException.class)
                    .getCause();
            Throwable second = Task.of(other::join)
                    .failure(java.util.concurrent.CompletionException.class)
                    .getCause();
            assertNotSame(first, second, "whoever adds to one would add to both");
        }
    }

    @Test
    @Rule("WAIT-27")
    void wait27_aCallbackThatThrowsHurtsOnlyItself() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> throwing = life.onExit(null).thenApply(state -> {
                throw new IllegalStateException("callback");
            });
            CompletableFuture<ProcessState> fine = life.onExit(null);
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, Task.of(fine::join).get().exitCode());
            Task.of(throwing::join).failure(java.util.concurrent.CompletionException.class);
            LifeCycle next = lab.start();
            CompletableFuture<ProcessState> later = next.onExit(null);
            lab.kernel.exit(next.pid(), 8);
            assertEquals(8, Task.of(later::join).get().exitCode());
        }
    }

    @Test
    @Rule({"WAIT-27", "D9"})
    void d9_callbacksNeverRunOnTheWatcherWhateverTheExecutorDoes() throws Exception {
        List<Executor> executors = List.of(
                Runnable::run,
                task -> {
                    throw new RejectedExecutionException("full");
                },
                task -> {
                    throw new IllegalStateException("odd executor");
                });
        for (Executor executor : executors) {
            try (Lab lab = new Lab(Strategy.HANDLE)) {
                LifeCycle life = lab.start();
                CompletableFuture<String> ranOn = life.onExit(executor)
                        .thenApply(state -> Thread.currentThread().getName());
                lab.kernel.exit(life.pid(), 7);
                String name = Task.of(ranOn::join).get();
                assertFalse(name.startsWith(WATCHER), name);
                assertTrue(name.startsWith(OWN), name);
            }
        }
    }

    @Test
    @Rule({"WAIT-27", "D9"})
    void d9_anExecutorWhoseExecuteBlocksDoesNotStopTheWatcher() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            CountDownLatch block = new CountDownLatch(1);
            LifeCycle slow = lab.start();
            CompletableFuture<ProcessState> slowOne = slow.onExit(task -> {
                await(block);
                task.run();
            });
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> future = life.onExit(null);
            lab.kernel.exit(slow.pid(), 1);
            lab.kernel.exit(life.pid(), 7);
            assertEquals(7, Task.of(future::join).get().exitCode());
            assertFalse(slowOne.isDone());
            block.countDown();
            assertEquals(1, Task.of(slowOne::join).get().exitCode());
        }
    }

    @Test
    @Rule("D9")
    void d9_aGivenExecutorRunsTheCallbackEvenIfItsOwnThreadSawTheEnd() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            ExecutorService single = Executors.newSingleThreadExecutor(task -> new Thread(task, "only-thread"));
            try {
                LifeCycle life = lab.start();
                CompletableFuture<String> ranOn = life.onExit(single)
                        .thenApply(state -> Thread.currentThread().getName());
                try (Pause watcher = lab.kernel.pauseAt(Point.AFTER_BLOCK)) {
                    lab.kernel.exit(life.pid(), 7);
                    watcher.awaitArrival();
                    assertEquals(
                            7,
                            single.submit(() -> life.waitFor())
                                    .get(10, TimeUnit.SECONDS)
                                    .exitCode());
                    assertEquals("only-thread", Task.of(ranOn::join).get());
                }
            } finally {
                single.shutdown();
            }
        }
    }

    @Test
    @Rule({"D9", "PS-20"})
    void ps20_everyWayGivesTheSameState() throws Exception {
        for (Strategy strategy : Strategy.values()) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                CompletableFuture<ProcessState> future = life.onExit(null);
                Task<ProcessState> timed = Task.of(() -> life.waitFor(java.time.Duration.ofDays(1)));
                Task<ProcessState> waited = Task.of(life::waitFor);
                lab.kernel.exit(life.pid(), 7);
                ProcessState state = waited.get();
                assertEquals(state, timed.get());
                assertEquals(state, Task.of(future::join).get());
                assertEquals(state, life.state());
                assertEquals(state, life.onExit(null).join());
                assertNotNull(state.wallTime().orElseThrow());
                assertFalse(state.wallTime().orElseThrow().isNegative(), "PS-14");
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS), "nobody opened the latch");
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
