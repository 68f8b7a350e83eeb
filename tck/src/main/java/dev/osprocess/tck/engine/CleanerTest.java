// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.Leaks;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that were dropped: treated as closed, counted, and never while one of their methods is inside. */
@ResourceLock("the garbage collector")
class CleanerTest {
    private static final Cleaner CANARIES = Cleaner.create();

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-08", "D4", "D13"})
    void rel08_droppedChildrenLiveOnAndAreReapedWhenTheyEnd(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            long leaksBefore = leaksOfOthers();
            List<ScriptedProcess> processes = dropChildren(lab, 50);
            collectUntil("50 to be handed over", () -> lab.engine.watched() == 50);
            assertEquals(leaksBefore + 50, Leaks.count(), "D13: each is counted");
            assertEquals(0, lab.counters().collectCalls(), "REL-10: nobody waits and nobody looks");
            for (ScriptedProcess process : processes) {
                assertFalse(process.hasEnded());
                assertTrue(process.received().isEmpty(), "nothing is killed");
                lab.kernel.exit(process.pid(), 0);
            }
            lab.assertNothingLeft();
            assertTrue(processes.stream().allMatch(process -> process.phase() == ScriptedProcess.Phase.GONE));
        }
    }

    private static List<ScriptedProcess> dropChildren(Lab lab, int count) throws ProcessException {
        List<ScriptedProcess> processes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            processes.add(lab.kernel.process(lab.startFront().pid()));
        }
        return processes;
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-08", "D18"})
    void rel08_droppedFoundObjectsCloseTheirHandles(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            ScriptedProcess foreign = lab.kernel.startForeign();
            for (int i = 0; i < 50; i++) {
                lab.findFront(foreign.pid());
            }
            assertEquals(50, lab.counters().openCalls());
            collectUntil("all to be closed", () -> lab.counters().closeCalls() == 50);
            assertFalse(foreign.hasEnded());
            assertEquals(0, lab.counters().signalCalls() + lab.counters().collectCalls());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-14", "REL-09", "REL-12"})
    void state14_theCleanerForgetsWhatWasReleasedOrHasEnded(Strategy strategy) throws Exception {
        try (Said said = new Said();
                Lab lab = new Lab(strategy)) {
            long leaksBefore = leaksOfOthers();
            for (int i = 0; i < 50; i++) {
                releaseOne(lab, i % 3);
            }
            aCollection();
            aCollection();
            assertEquals(50, lab.counters().closeCalls());
            assertEquals(0, lab.engine.watched());
            assertEquals(leaksBefore, Leaks.count(), "none of them was leaked");
            assertEquals(List.of(), said.about("could not be closed"), "the Cleaner had nothing to do with them");
        }
    }

    private static void releaseOne(Lab lab, int how) throws Exception {
        OsProcess process = lab.startFront();
        if (how == 0) {
            process.release();
        } else {
            lab.kernel.exit(process.pid(), 0);
            process.waitFor();
            if (how == 1) {
                process.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("STATE-15")
    void state15_anObjectIsNotCollectedWhileOneOfItsMethodsIsInside(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            warmUpSignals(lab);
            long leaksBefore = leaksOfOthers();
            try (Pause inside = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                Task<Boolean> signaller = Task.doing(() -> lab.startFront().signal(Signal.USR1));
                inside.awaitArrival();
                aCollection();
                aCollection();
                assertEquals(0, lab.engine.watched(), "the Cleaner would have handed it over");
                assertEquals(leaksBefore, Leaks.count());
                assertEquals(1, lab.counters().closeCalls(), "the one of the warm-up");
                inside.letGo();
                signaller.get();
            }
            collectUntil("it to be found", () -> lab.engine.watched() == 1);
            lab.kernel.exit(101, 0);
            lab.assertNothingLeft();
        }
    }

    /** Only compiled code lets go of an object before the method that it was called for has returned. */
    private static void warmUpSignals(Lab lab) throws ProcessException {
        OsProcess process = lab.startFront();
        for (int i = 0; i < 30_000; i++) {
            process.signal(Signal.USR1);
        }
        process.release();
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"STATE-15", "D13"})
    void state15_aWaitOnAnObjectThatNobodyHoldsEndsWithTheTrueState(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            Task<ProcessState> waiter =
                    Task.of(() -> lab.startFront().waitFor()).parked();
            lab.awaitWatched(1);
            long leaksBefore = leaksOfOthers();
            aCollection();
            aCollection();
            lab.kernel.exit(100, 7);
            assertEquals(7, waiter.get().exitCode());
            assertEquals(leaksBefore, Leaks.count());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"D13", "REL-12"})
    void d13_aPendingOnExitIsNoLeakAndIsStillCompleted(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            long leaksBefore = leaksOfOthers();
            CompletableFuture<ProcessState> future = futureOfDropped(lab);
            aCollection();
            aCollection();
            assertEquals(leaksBefore, Leaks.count());
            assertEquals(1, lab.engine.watched());
            lab.kernel.exit(100, 7);
            assertEquals(7, Task.of(future::join).get().exitCode());
            lab.assertNothingLeft();
        }
    }

    private static CompletableFuture<ProcessState> futureOfDropped(Lab lab) throws ProcessException {
        return lab.startFront().onExit();
    }

    @Test
    @Rule("REL-10")
    void rel10_theCleanerDoesNotWaitForChildrenThatLive() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            dropChildren(lab, 1);
            collectUntil("the first", () -> lab.engine.watched() == 1);
            dropChildren(lab, 1);
            collectUntil("the second, while the first lives on", () -> lab.engine.watched() == 2);
            lab.kernel.exit(100, 0);
            lab.kernel.exit(101, 0);
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"REL-08", "REL-10"})
    void rel10_aFailureWhileOneIsCleanedDoesNotStopTheCleaner() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            lab.kernel.failNext(Call.ADD_EVENT, new IllegalStateException("odd backend"));
            dropChildren(lab, 2);
            collectUntil("both", () -> lab.engine.watched() == 2);
            lab.kernel.exit(100, 0);
            lab.kernel.exit(101, 0);
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"REL-12", "D13"})
    void rel12_aLeakIsNamedWithThePlaceOfCreationIfThatWasAskedFor() throws Exception {
        String before = System.getProperty(Leaks.PROPERTY);
        try (Said said = new Said();
                Lab lab = new Lab(Strategy.HANDLE)) {
            System.setProperty(Leaks.PROPERTY, "trace");
            dropChildren(lab, 1);
            collectUntil("the report", () -> said.about("dropped").size() == 1);
            var report = said.about("dropped").get(0);
            assertTrue(String.valueOf(report.getMessage()).contains("pid 100"), report.getMessage());
            Throwable place = report.getThrown();
            assertTrue(
                    List.of(place.getStackTrace()).stream()
                            .anyMatch(frame -> frame.getMethodName().equals("dropChildren")),
                    () -> List.of(place.getStackTrace()).toString());
            releaseOne(lab, 1);
            Patience.until("the first to be watched", () -> lab.engine.watched() == 1);
            lab.kernel.exit(100, 0);
            lab.assertNothingLeft();
            aCollection();
            assertEquals(1, said.about("dropped").size(), "no report for one that was waited for");
            System.clearProperty(Leaks.PROPERTY);
            dropChildren(lab, 1);
            collectUntil("another one", () -> lab.engine.watched() == 1);
            assertEquals(1, said.about("dropped").size(), "silent by default");
            lab.kernel.exit(102, 0);
            lab.assertNothingLeft();
        } finally {
            if (before != null) {
                System.setProperty(Leaks.PROPERTY, before);
            } else {
                System.clearProperty(Leaks.PROPERTY);
            }
        }
    }

    @Test
    @Rule({"STATE-02", "STATE-14"})
    void state02_releasesAgainstTheCleanerCloseOnce() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            for (int round = 0; round < 30; round++) {
                OsProcess process = lab.startFront();
                ScriptedProcess scripted = lab.kernel.process(process.pid());
                Task<?> other = Task.doing(process::close);
                process.release();
                assertEquals(ProcessStatus.RELEASED, process.status());
                other.get();
                System.gc();
                lab.kernel.exit(scripted.pid(), 0);
                lab.kernel.bury(scripted);
            }
            Patience.until("all to be closed", () -> lab.counters().openHandles() == 0);
            assertEquals(30, lab.counters().closeCalls());
        }
    }

    /** How many leaks there were, after those that earlier tests left behind have been found. */
    private static long leaksOfOthers() throws InterruptedException {
        long before;
        long now = Leaks.count();
        do {
            before = now;
            aCollection();
            aCollection();
            now = Leaks.count();
        } while (now != before);
        return now;
    }

    /** A collection has taken place that found a dropped object, and a Cleaner has run. */
    private static void aCollection() throws InterruptedException {
        CountDownLatch collected = new CountDownLatch(1);
        dropCanary(collected);
        for (int i = 0; i < 2000; i++) {
            System.gc();
            if (collected.await(10, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        throw new AssertionError("the garbage collector did not find a dropped object");
    }

    private static void dropCanary(CountDownLatch collected) {
        CANARIES.register(new byte[16], collected::countDown);
    }

    private static void collectUntil(String what, BooleanSupplier condition) throws InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(Patience.SECONDS),
                    "collected in vain for " + what);
            aCollection();
        }
    }
}
