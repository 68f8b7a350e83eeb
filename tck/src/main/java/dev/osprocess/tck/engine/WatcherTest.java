// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.OnClose;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedKernel;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The thread that sees processes end: early, late, stale and missing events. */
class WatcherTest {
    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-33", "D17"})
    void wait33_anEventThatComesBeforeTheTruthIsNotLost(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.exitUnseen(life.pid(), 3, 3);
            assertEquals(3, waiter.get().exitCode());
            lab.assertNothingLeft();
            assertEquals(lab.counters().eventAdds(), lab.counters().eventRemoves());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-33", "WAIT-30"})
    void wait33_anEarlyEventDuringTheRegistrationIsNotLostEither(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter;
            try (Pause added = lab.kernel.pauseAt(Point.AFTER_ADD_EVENT)) {
                waiter = Task.of(life::waitFor);
                added.awaitArrival();
                long looks = lab.counters().collectCalls();
                lab.kernel.announce(life.pid());
                Patience.until("the watcher's look", () -> lab.counters().collectCalls() > looks);
                lab.awaitWatcherRounds();
            }
            waiter.parked();
            lab.kernel.exit(life.pid(), 3);
            assertEquals(3, waiter.get().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-33", "STATE-08", "D9"})
    void wait33_eventsThatAreGivenBackAfterAnEarlyOneKeepTheHandleOpen(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> future = life.onExit(null);
            lab.awaitWatched(1);
            try (Pause removing = lab.kernel.pauseAt(Point.BEFORE_REMOVE_EVENT)) {
                lab.kernel.announce(life.pid());
                removing.awaitArrival();
                lab.kernel.exit(life.pid(), 3);
                assertEquals(3, Task.of(life::waitFor).get().exitCode());
                assertEquals(3, Task.of(future::join).get().exitCode());
                assertEquals(0, lab.counters().closeCalls(), "or a stranger's registration would be removed");
            }
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-34")
    void wait34_eventsOfOldKeysReachNobody(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            lab.kernel.nextPid(7000);
            LifeCycle old = lab.start();
            CompletableFuture<ProcessState> ended = old.onExit(null);
            long staleKey = lab.kernel.keysOf(7000).get(0);
            lab.kernel.exit(7000, 1);
            assertEquals(1, Task.of(ended::join).get().exitCode());
            Patience.until("the number to be free", () -> lab.kernel.bearerOf(7000) == null);
            lab.kernel.nextPid(7000);
            LifeCycle fresh = lab.start();
            Task<ProcessState> waiter = Task.of(fresh::waitFor).parked();
            lab.awaitWatched(1);
            long looks = lab.counters().collectCalls();
            lab.kernel.announceKey(staleKey);
            lab.kernel.announceKey(987_654_321);
            lab.awaitWatcherRounds();
            assertEquals(looks, lab.counters().collectCalls(), "nobody was looked at");
            assertFalse(waiter.isDone());
            lab.kernel.exit(7000, 2);
            assertEquals(2, waiter.get().exitCode());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D9", "D2"})
    void d9_withoutEventsProcessesAreLookedAtByDeadline(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(new ScriptedKernel(strategy).withoutEvents())) {
            List<Task<ProcessState>> waiters = new ArrayList<>();
            List<LifeCycle> lives = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                LifeCycle life = lab.start();
                lives.add(life);
                waiters.add(Task.of(life::waitFor).parked());
            }
            Patience.until("all to be watched", () -> lab.engine.watched() == 20);
            for (LifeCycle life : lives) {
                lab.kernel.exit(life.pid(), life.pid() % 100);
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(lives.get(i).pid() % 100, waiters.get(i).get().exitCode());
            }
            assertEquals(0, lab.counters().eventAdds());
            assertEquals(0, lab.counters().eventRemoves());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D9", "CONC-15"})
    void d9_whenEventsCannotBeAskedForTheProcessIsLookedAtByDeadline(Strategy strategy) throws Exception {
        for (Throwable failure :
                List.of(exhausted(), new IllegalStateException("odd backend"), new OutOfMemoryError("x"))) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                lab.kernel.failNext(Call.ADD_EVENT, failure);
                Task<ProcessState> waiter = Task.of(life::waitFor).parked();
                Patience.until("the watch", () -> lab.engine.watched() == 1);
                lab.kernel.exit(life.pid(), 5);
                assertEquals(5, waiter.get().exitCode());
                lab.assertNothingLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D9")
    void d9_whenEventsFailForGoodThoseWhoWaitedAreLookedAtByDeadline(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.breakEvents();
            lab.kernel.exit(life.pid(), 5);
            assertEquals(5, waiter.get().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D9")
    void d9_whenEventsFailForGoodThoseWhoComeLaterAreLookedAtByDeadlineToo(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle first = lab.start();
            CompletableFuture<ProcessState> ended = first.onExit(null);
            lab.kernel.breakEvents();
            lab.kernel.exit(first.pid(), 1);
            Task.of(ended::join).get(); // from here on the watcher knows
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            CompletableFuture<ProcessState> future = life.onExit(null);
            lab.kernel.exit(life.pid(), 5);
            assertEquals(5, waiter.get().exitCode());
            assertEquals(5, Task.of(future::join).get().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D9")
    void d9_eventsThatFailDuringARegistrationStrandNobody(Strategy strategy) throws Exception {
        for (Point moment : List.of(Point.BEFORE_ADD_EVENT, Point.AFTER_ADD_EVENT)) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                Task<ProcessState> waiter;
                try (Pause adding = lab.kernel.pauseAt(moment)) {
                    waiter = Task.of(life::waitFor);
                    adding.awaitArrival();
                    lab.kernel.breakEvents();
                    LifeCycle probe = lab.start(); // seen to end by deadline, so the watcher knows that events are lost
                    CompletableFuture<ProcessState> ended = probe.onExit(null);
                    lab.kernel.exit(probe.pid(), 0);
                    Task.of(ended::join).get();
                }
                waiter.parked();
                lab.kernel.exit(life.pid(), 5);
                assertEquals(5, waiter.get().exitCode());
                lab.assertNothingLeft();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D9")
    void d9_abackendThatThrowsWhatItMayNotIsTakenForOneWithoutEvents(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.failNext(Call.AWAIT, new IllegalStateException("odd backend"));
            lab.kernel.announceKey(987_654_321); // lets it come to the call that fails
            lab.kernel.exit(life.pid(), 5);
            assertEquals(5, waiter.get().exitCode());
            LifeCycle later = lab.start();
            Task<ProcessState> next = Task.of(later::waitFor).parked();
            lab.kernel.exit(later.pid(), 6);
            assertEquals(6, next.get().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D9", "STATE-09"})
    void d9_givingEventsBackMayFailAndStrandsNobody(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.failNext(Call.REMOVE_EVENT, new IllegalStateException("odd backend"));
            lab.kernel.exit(life.pid(), 5);
            assertEquals(5, waiter.get().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D9", "WAIT-26"})
    void wait26_aThousandWatchedChildrenNeedOneThread(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            List<LifeCycle> lives = new ArrayList<>();
            List<CompletableFuture<ProcessState>> futures = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                LifeCycle life = lab.start();
                lives.add(life);
                futures.add(life.onExit(null));
            }
            long ours = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("osprocess-scripted-exit-watcher"))
                    .count();
            assertTrue(ours >= 1);
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("osprocess-scripted-on-exit"))
                            .count()
                    <= 4);
            for (LifeCycle life : lives) {
                lab.kernel.exit(life.pid(), life.pid() & 0xff);
            }
            for (int i = 0; i < 1000; i++) {
                assertEquals(
                        lives.get(i).pid() & 0xff,
                        Task.of(futures.get(i)::join).get().exitCode(),
                        "WAIT-03");
            }
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule("D9")
    void d9_anEngineWithoutEventsAtAllIsNotMade() {
        ScriptedKernel kernel = new ScriptedKernel(Strategy.HANDLE);
        ProcessException failure = exhausted();
        kernel.failNext(Call.EXIT_EVENTS, failure);
        assertSame(failure, assertThrows(ProcessException.class, () -> Engine.over(kernel)));
    }

    @Test
    @Rule({"REL-14", "D9"})
    void rel14_noThreadOfTheEngineKeepsTheJvm() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        CompletableFuture<Boolean> made = new CompletableFuture<>();
        // a thread inherits this from the one that makes it
        Thread maker = new Thread(() -> {
            try (Lab lab = new Lab(Strategy.HANDLE)) {
                LifeCycle life = lab.start();
                CompletableFuture<Boolean> told = life.onExit(null)
                        .thenApply(state -> Thread.currentThread().isDaemon());
                lab.kernel.exit(life.pid(), 7);
                assertTrue(Task.of(told::join).get(), "the thread that completes futures");
                for (Thread thread : Thread.getAllStackTraces().keySet()) {
                    assertTrue(
                            before.contains(thread)
                                    || !thread.getName().startsWith("osprocess-scripted")
                                    || thread.isDaemon(),
                            thread + " keeps the JVM from ending");
                }
                made.complete(true);
            } catch (Exception | AssertionError failed) {
                made.completeExceptionally(failed);
            }
        });
        maker.setDaemon(false);
        maker.start();
        try {
            assertTrue(Task.of(made::join).get());
        } finally {
            maker.join(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
        }
    }

    @Test
    @Rule("D9")
    void d9_theEventsAreClosedWhenTheEngineStops() throws Exception {
        ScriptedKernel kernel = new ScriptedKernel(Strategy.HANDLE);
        Engine engine = Engine.over(kernel);
        assertFalse(kernel.areEventsClosed());
        engine.stop();
        assertTrue(kernel.areEventsClosed());
        kernel.assertNoViolations();
    }

    @Test
    @Rule("D9")
    void d9_anEngineWhoseWatcherHasNoThreadLeavesNoEventsOpen() {
        ScriptedKernel kernel = new ScriptedKernel(Strategy.HANDLE);
        OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
        assertSame(
                noThread,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> Engine.over(kernel, task -> new Thread(task) {
                            @Override
                            public synchronized void start() {
                                throw noThread;
                            }
                        })));
        assertTrue(kernel.areEventsClosed());
        kernel.assertNoViolations();
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("D11")
    void d11_eachWayToDoWorseIsSaidOnceAndHidesNoOther(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy);
                Said said = new Said()) {
            for (int i = 0; i < 2; i++) {
                lab.kernel.failNext(Call.ADD_EVENT, exhausted());
                endOf(lab.start(), lab);
            }
            assertEquals(1, said.about("has no exit events for a process").size());
            for (int i = 0; i < 2; i++) {
                lab.kernel.failNext(Call.REMOVE_EVENT, new IllegalStateException("odd backend"));
                endOf(lab.start(), lab);
            }
            assertEquals(1, said.about("could not take back the exit events").size());
            lab.kernel.breakEvents();
            endOf(lab.start(), lab);
            assertEquals(1, said.about("has lost its exit events").size());
            assertEquals(1, said.about("has no exit events for a process").size());
            lab.assertNothingLeft();
        }
    }

    /** Watched first, so that the watcher is the one that sees it. */
    private static void endOf(LifeCycle life, Lab lab) {
        CompletableFuture<ProcessState> future = life.onExit(null);
        lab.kernel.exit(life.pid(), 5);
        assertEquals(5, Task.of(future::join).get().exitCode());
    }

    @Test
    @Rule({"D4", "STATE-12"})
    void d04_aChildThatIsHandedOverToAWatchThatIsBeingGivenUpIsNamed() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE);
                Said said = new Said()) {
            LifeCycle life = lab.start(OnClose.KILL_AND_REAP);
            Task<Boolean> closing;
            try (Pause handedOver = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                closing = Task.doing(life::close);
                handedOver.awaitArrival();
                lab.kernel.failNext(
                        Call.COLLECT,
                        ProcessException.builder(ErrorKind.SYSTEM, "waitid").build());
                lab.kernel.announce(life.pid());
                Patience.until("the watch to be given up", () -> lab.engine.watched() == 0);
            }
            closing.get();
            Patience.until(
                    "the warning",
                    () -> said.about("nobody waits for pid " + life.pid()).size() == 1);
        }
    }

    @Test
    @Rule("CONC-14")
    void conc14_theLibrarysThreadsDoNotKeepTheContextClassLoaderOfTheFirstCaller() throws Exception {
        Thread self = Thread.currentThread();
        ClassLoader before = self.getContextClassLoader();
        List<Thread> watchers = new ArrayList<>();
        try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
            self.setContextClassLoader(application);
            watchers.addAll(watchers());
            try (Lab lab = new Lab(Strategy.HANDLE)) {
                List<Thread> now = watchers();
                now.removeAll(watchers);
                assertEquals(1, now.size());
                assertSame(Engine.class.getClassLoader(), now.get(0).getContextClassLoader());
                LifeCycle life = lab.start();
                CompletableFuture<ClassLoader> seen = life.onExit(null)
                        .thenApply(state -> Thread.currentThread().getContextClassLoader());
                lab.kernel.exit(life.pid(), 0);
                assertSame(Engine.class.getClassLoader(), Task.of(seen::join).get());
            }
        } finally {
            self.setContextClassLoader(before);
        }
    }

    private static List<Thread> watchers() {
        List<Thread> watchers = new ArrayList<>(Thread.getAllStackTraces().keySet());
        watchers.removeIf(thread -> !thread.getName().equals("osprocess-scripted-exit-watcher"));
        return watchers;
    }

    private static ProcessException exhausted() {
        return ProcessException.builder(ErrorKind.EXHAUSTED, "epoll_ctl")
                .nativeError("ENOSPC", 28)
                .build();
    }
}
