// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** WAIT: waiting for our own children. */
@LookAt("Target.collect: null while the process runs, its state once, and reaped by the call that gives it")
abstract class WaitContract extends Contract {
    private static final int SOME = 4;
    private static final int ROUNDS = 8;
    private static final int TRIES = 5;
    private static final int VIRTUAL_THREADS = 200;
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration PROMPT = Duration.ofMillis(200);

    private static FutureTask<ProcessState> waiter(OsProcess process) throws Exception {
        FutureTask<ProcessState> wait = new FutureTask<>(() -> process.waitFor());
        Thread thread = new Thread(wait, "waiter for " + process.pid());
        thread.setDaemon(true);
        thread.start();
        Bounded.awaitParked(thread);
        return wait;
    }

    private static ProcessState get(FutureTask<ProcessState> wait) throws Exception {
        try {
            return wait.get(Bounded.LONG.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hanging) {
            throw new AssertionError("waitFor has not returned within " + Bounded.LONG.toSeconds() + " s", hanging);
        }
    }

    private static ProcessState get(CompletableFuture<ProcessState> end) throws Exception {
        return Situations.get("onExit", end);
    }

    @Test
    @Rule({"WAIT-01", "WAIT-02", "WAIT-04"})
    void wait01_theEndIsSeenWithItsCodeAndKept() throws Exception {
        Kit.Child child = kit().child();
        assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO), "it runs");
        child.exit(7);
        ProcessState state = Bounded.call("waitFor", () -> child.process().waitFor());
        assertTrue(state.exited());
        assertEquals(7, state.exitCode());
        assertEquals(ProcessStatus.DONE, child.process().status());
        assertEquals(state, child.process().waitFor(), "a second wait");
    }

    @Test
    @Rule("WAIT-01")
    void wait01_theEndOfAPipeIsNotTheEndOfTheProcess() throws Exception {
        Kit.Child child = kit().child(ProcessAttributes.builder()
                .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.nullDevice()));
        FutureTask<ProcessState> wait = waiter(child.process());
        try (ByteChannel output = child.process().pipe(1)) {
            child.ask("close-output");
            assertEquals(-1, Bounded.call("reading to the end", () -> output.read(ByteBuffer.allocate(1))));
        }
        child.ask("nothing");
        assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO), "the child has only closed its output");
        assertFalse(wait.isDone(), "the child has only closed its output");
        child.exit(7);
        assertEquals(7, get(wait).exitCode());
    }

    @Test
    @Rule({"WAIT-02", "WAIT-27"})
    void wait02_noZombieIsLeftHoweverTheEndIsLearned() throws Exception {
        Kit.Child waited = kit().child();
        Kit.Child timed = kit().child();
        Kit.Child looked = kit().child();
        Kit.Child told = kit().child();
        CompletableFuture<ProcessState> end = told.process().onExit();
        for (Kit.Child child : List.of(waited, timed, looked, told)) {
            child.exit(7);
        }
        Situations.end(waited.process());
        assertGone(waited, "waitFor");
        assertTrue(timed.process().waitFor(Bounded.LONG).isPresent());
        assertGone(timed, "waitFor with a time");
        Bounded.await(
                "a look to see the end",
                () -> looked.process().waitFor(Duration.ZERO).isPresent());
        assertGone(looked, "waitFor(0)");
        get(end);
        assertGone(told, "onExit");
    }

    private static void assertGone(Kit.Child child, String by) {
        assertFalse(Situations.isChild(child.pid()), "after " + by + " gave the state a zombie is left");
    }

    @Test
    @Rule({"WAIT-03", "WAIT-34", "WAIT-27"})
    @LookAt("ExitEvents.await: the keys of those that ended, and of nobody else")
    void wait03_eachWaiterGetsTheStateOfItsOwnChild() throws Exception {
        List<Kit.Child> children = new ArrayList<>();
        List<FutureTask<ProcessState>> waits = new ArrayList<>();
        List<CompletableFuture<ProcessState>> ends = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            Kit.Child child = kit().child();
            children.add(child);
            waits.add(waiter(child.process()));
            ends.add(child.process().onExit());
        }
        for (int i = SOME - 1; i >= 0; i--) {
            children.get(i).exit(10 + i);
            assertEquals(10 + i, get(waits.get(i)).exitCode(), "the state of child " + i);
            assertEquals(10 + i, get(ends.get(i)).exitCode(), "the state of child " + i);
            for (int other = 0; other < i; other++) {
                assertFalse(waits.get(other).isDone(), "the end of child " + i + " woke who waits for " + other);
                assertFalse(ends.get(other).isDone(), "the end of child " + i + " was told of " + other);
                assertEquals(ProcessStatus.OK, children.get(other).process().status());
            }
        }
    }

    @Test
    @Rule({"WAIT-03", "WAIT-30"})
    @LookAt("ExitEvents: several ends between two calls of await are all told")
    void wait03_manyEndsAtOnceAreAllSeen() throws Exception {
        List<Kit.Child> children = new ArrayList<>();
        List<CompletableFuture<ProcessState>> ends = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            children.add(kit().child());
            ends.add(children.get(i).process().onExit());
        }
        for (int i = 0; i < SOME; i++) {
            children.get(i).exit(20 + i);
        }
        for (int i = 0; i < SOME; i++) {
            assertEquals(20 + i, get(ends.get(i)).exitCode(), "the state of child " + i);
        }
    }

    @Test
    @Rule({"WAIT-09", "WAIT-10"})
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.SIGNALS)
    @LookAt("Target.collect and the exit event: a stop and its continuing are no end")
    void wait09_stoppingAndContinuingIsNoEnd() throws Exception {
        Kit.Child child = kit().child();
        FutureTask<ProcessState> wait = waiter(child.process());
        for (int i = 0; i < 2; i++) {
            Situations.stop(kit(), child.process());
            assertEquals(Optional.empty(), child.process().waitFor(SHORT), "a stopped child");
            assertEquals(Liveness.RUNNING, child.process().liveness(), "a stopped child");
            assertFalse(wait.isDone(), "a stop was taken for an end");
            child.process().signal(Signal.CONT);
            child.ask("nothing");
            assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO), "a continued child");
            assertFalse(wait.isDone(), "the continuing of a stopped child was taken for an end");
        }
        child.exit(3);
        assertEquals(3, get(wait).exitCode());
    }

    @Test
    @Rule({"WAIT-10", "WAIT-24"})
    void wait10_aLookAtARunningChildFindsNothing() throws Exception {
        Kit.Child child = kit().child();
        for (Duration timeout : new Duration[] {
            Duration.ZERO,
            Duration.ofNanos(1),
            Duration.ofMillis(1),
            Duration.ofDays(-1),
            Duration.ofSeconds(Long.MIN_VALUE)
        }) {
            assertEquals(Optional.empty(), child.process().waitFor(timeout), "a wait of " + timeout);
            assertEquals(Optional.empty(), child.process().state());
            assertEquals(ProcessStatus.OK, child.process().status());
        }
        child.exit(0);
        assertTrue(Situations.end(child.process()).success());
    }

    @Test
    @Rule({"WAIT-12", "SIG-10"})
    @Needs(value = Capability.EXACT_CAUSE, sight = Sight.SIGNALS)
    @LookAt("Target.collect: exited and signaled are told apart, never by a code of 128 and more")
    void wait12_aDeathBySignalIsNoExitCode() throws Exception {
        Kit.Child exits = kit().child();
        exits.exit(137);
        ProcessState exited = Situations.end(exits.process());
        assertEquals(ExitCause.EXITED, exited.cause(), exited.toString());
        assertEquals(137, exited.exitCode());
        assertEquals(Optional.empty(), exited.signal());
        Kit.Child killed = kit().child();
        assertTrue(killed.process().kill());
        ProcessState state = Situations.end(killed.process());
        assertEquals(ExitCause.SIGNALED, state.cause(), state.toString());
        assertEquals(Optional.of(Signal.KILL), state.signal());
        assertEquals(-1, state.exitCode());
        assertFalse(state.exited());
    }

    @Test
    @Rule({"WAIT-13", "CONC-03"})
    void wait13_allWaitersGetOneState() throws Exception {
        Kit.Child child = kit().child();
        List<FutureTask<ProcessState>> waits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waits.add(waiter(child.process()));
        }
        CompletableFuture<ProcessState> end = child.process().onExit();
        child.exit(7);
        ProcessState state = get(end);
        assertEquals(7, state.exitCode());
        for (FutureTask<ProcessState> wait : waits) {
            assertEquals(state, get(wait));
        }
        assertFalse(Situations.isChild(child.pid()), "a zombie is left");
    }

    @Test
    @Rule("WAIT-18")
    @LookAt("Target.collect: NoChildException if the state was taken by somebody else; never a state of zeros")
    void wait18_aStateThatWasTakenIsNotInvented() throws Exception {
        ChildServer.Expected expected = kit().expect();
        Target target = kit().backend()
                .start(new StartRequest(
                        OsString.of(expected.program()),
                        expected.arguments().stream().map(OsString::of).toList(),
                        null,
                        ChildEnvironment.inherited(),
                        List.of(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2)),
                        null));
        try {
            JavaChild line = kit().lineOf(expected);
            assertNull(target.collect(), "Target.collect gave a state of a child that runs");
            line.exit(7);
            ProcessState[] first = new ProcessState[1];
            Bounded.await("Target.collect to give the state", () -> {
                first[0] = target.collect();
                return first[0] != null;
            });
            assertEquals(7, first[0].exitCode());
            try {
                ProcessState second = target.collect();
                assertTrue(
                        second != null && second.exitCode() == 7,
                        "the state was taken already, and Target.collect now says: " + second);
            } catch (NoChildException taken) {
                assertEquals(target.pid(), taken.pid().orElse(-1), "the pid that the error names");
            }
        } finally {
            target.close();
        }
    }

    @Test
    @Rule({"WAIT-19", "CONC-10", "WAIT-03"})
    @LookAt("Target.collect: waits for its own child, never for any")
    void wait19_theJdksChildrenAndOursKeepTheirStates() throws Exception {
        for (int i = 0; i < 2; i++) {
            ChildServer.Expected expected = kit().expect();
            List<String> command = new ArrayList<>(expected.arguments());
            command.set(0, expected.program());
            Process theirs = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            JavaChild line = kit().lineOf(expected);
            Kit.Child ours = kit().child();
            // the JDK watches our child as well, and must take nothing from us
            CompletableFuture<ProcessHandle> watched =
                    ProcessHandle.of(ours.pid()).map(ProcessHandle::onExit).orElseThrow();
            OsProcess found = kit().find(theirs.pid());
            CompletableFuture<ProcessState> seen = found.onExit();
            ours.exit(30 + i);
            line.exit(60 + i);
            assertEquals(30 + i, Situations.end(ours.process()).exitCode(), "our child's state");
            assertTrue(theirs.waitFor(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "the JDK lost its child");
            assertEquals(60 + i, theirs.exitValue(), "the state of the JDK's child");
            ProcessState state = get(seen);
            assertTrue(state.cause() == ExitCause.UNKNOWN || state.exitCode() == 60 + i, state.toString());
            Situations.get("the JDK's onExit of our child", watched);
            theirs.getOutputStream().close();
        }
    }

    @Test
    @Rule({"WAIT-23", "CONC-12"})
    void wait23_anInterruptEndsTheWaitAndNothingElse() throws Exception {
        Kit.Child child = kit().child();
        for (boolean timed : new boolean[] {false, true}) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            if (timed) {
                                thrown.completeExceptionally(new AssertionError(child.process()
                                        .waitFor(Bounded.LONG.multipliedBy(2))
                                        .toString()));
                            } else {
                                thrown.completeExceptionally(new AssertionError(
                                        child.process().waitFor().toString()));
                            }
                        } catch (Throwable interrupted) { // to be looked at by the test
                            thrown.complete(interrupted);
                        }
                    },
                    "waiter to be interrupted");
            thread.start();
            Bounded.awaitParked(thread);
            thread.interrupt();
            assertEquals(
                    InterruptedException.class,
                    Situations.get("an interrupted wait", thrown).getClass());
        }
        child.ask("nothing");
        assertEquals(ProcessStatus.OK, child.process().status());
        child.exit(7);
        assertEquals(7, Situations.end(child.process()).exitCode(), "the state after an interrupted wait");
    }

    @Test
    @Rule("WAIT-24")
    void wait24_noTimeLosesTheEnd() throws Exception {
        for (Duration timeout : new Duration[] {Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(365_000)}) {
            Kit.Child child = kit().child();
            FutureTask<Optional<ProcessState>> wait =
                    new FutureTask<>(() -> child.process().waitFor(timeout));
            Thread thread = new Thread(wait, "waiter for " + timeout);
            thread.setDaemon(true);
            thread.start();
            Bounded.awaitParked(thread);
            child.exit(7);
            assertEquals(
                    7,
                    wait.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS)
                            .orElseThrow(() -> new AssertionError(timeout + " is over at once"))
                            .exitCode());
        }
    }

    @Test
    @Rule("WAIT-24")
    void wait24_anEndAroundTheDeadlineIsNotLost() throws Exception {
        for (int i = 0; i < SOME; i++) {
            Kit.Child child = kit().child();
            child.exit(i);
            Optional<ProcessState> seen = Optional.empty();
            long begin = System.nanoTime();
            while (seen.isEmpty() && System.nanoTime() - begin < Bounded.LONG.toNanos()) {
                seen = child.process().waitFor(Duration.ofNanos(500_000));
            }
            assertEquals(
                    i,
                    seen.orElseThrow(() -> new AssertionError("short waits never see the end"))
                            .exitCode());
        }
    }

    @Test
    @Rule("WAIT-25")
    @LookAt("ExitEvents: an event when it ends; where there are none the engine looks every 1 to 50 ms")
    void wait25_theEndIsSeenPromptly() throws Exception {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            Kit.Child child = kit().child();
            FutureTask<ProcessState> wait = waiter(child.process());
            long before = System.nanoTime();
            assertTrue(child.process().kill());
            get(wait);
            delays.add(Duration.ofNanos(System.nanoTime() - before));
        }
        assertTrue(Situations.median(delays).compareTo(PROMPT) <= 0, "the end of a child is seen after " + delays);
    }

    @Test
    @Rule("WAIT-26")
    @LookAt("ExitEvents: one place to wait for all, not a thread for each")
    void wait26_threadsDoNotGrowWithTheChildren() throws Exception {
        Kit.Child first = kit().child();
        assertFalse(first.process().onExit().isDone(), "it runs");
        long before = Situations.threads().count();
        List<CompletableFuture<ProcessState>> ends = new ArrayList<>();
        List<Kit.Child> children = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            Kit.Child child = kit().child();
            children.add(child);
            ends.add(child.process().onExit());
            ends.add(child.process().onExit());
        }
        long after = Situations.threads().count();
        assertTrue(
                after - before < ROUNDS / 2,
                (after - before) + " more threads for " + ROUNDS + " children: "
                        + String.join(", ", Situations.threads().toList()));
        for (int i = 0; i < ROUNDS; i++) {
            children.get(i).exit(i);
        }
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(i, get(ends.get(2 * i)).exitCode());
            assertEquals(i, get(ends.get(2 * i + 1)).exitCode());
        }
    }

    @Test
    @Rule({"WAIT-27", "STATE-18", "CONC-11"})
    void wait27_aFutureComesAfterTheTruthAndMayUseEverything() throws Exception {
        Kit.Child other = kit().child();
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        CompletableFuture<String> seen = process.onExit().thenApply(state -> {
            try {
                return List.of(
                                process.status(),
                                Situations.isChild(process.pid()) ? "a zombie" : "reaped",
                                process.state().equals(Optional.of(state)),
                                process.waitFor().equals(state),
                                process.kill(),
                                process.liveness(),
                                other.process().waitFor(Duration.ZERO).isEmpty(),
                                Thread.currentThread().getName().endsWith("-exit-watcher"))
                        .toString();
            } catch (Exception failed) {
                return failed.toString();
            }
        });
        child.exit(7);
        assertEquals(
                "[DONE, reaped, true, true, false, GONE, true, false]",
                Situations.get("a callback that uses its own and another process", seen));
        other.ask("nothing");
    }

    @Test
    @Rule({"WAIT-27", "WAIT-30"})
    @LookAt("ExitEvents.wakeup: the wait in await returns, also one that has not begun")
    void wait27_aCallbackThatBlocksHoldsUpNobody() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try {
            List<CompletableFuture<Boolean>> blocked = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Kit.Child child = kit().child();
                CountDownLatch inside = new CountDownLatch(1);
                blocked.add(child.process().onExit().thenApply(state -> {
                    inside.countDown();
                    try {
                        return release.await(Bounded.LONG.toSeconds() * 2, TimeUnit.SECONDS);
                    } catch (InterruptedException unexpected) {
                        return false;
                    }
                }));
                child.exit(0);
                assertTrue(
                        inside.await(Bounded.LONG.toSeconds(), TimeUnit.SECONDS),
                        "the callback of child " + i + " waits for that of another which blocks");
            }
            Kit.Child last = kit().child();
            CompletableFuture<ProcessState> end = last.process().onExit();
            last.exit(7);
            assertEquals(7, get(end).exitCode());
            release.countDown();
            for (CompletableFuture<Boolean> callback : blocked) {
                assertTrue(Situations.get("a callback that was held up", callback));
            }
        } finally {
            release.countDown();
        }
    }

    @Test
    @Rule("WAIT-28")
    void wait28_cancellingAFutureAffectsNobodyElse() throws Exception {
        Kit.Child child = kit().child();
        CompletableFuture<ProcessState> cancelled = child.process().onExit();
        CompletableFuture<ProcessState> other = child.process().onExit();
        FutureTask<ProcessState> wait = waiter(child.process());
        assertTrue(cancelled.cancel(true));
        child.ask("nothing");
        assertFalse(other.isDone());
        assertFalse(wait.isDone());
        CompletableFuture<ProcessState> later = child.process().onExit();
        child.exit(7);
        assertEquals(7, get(other).exitCode());
        assertEquals(7, get(later).exitCode());
        assertEquals(7, get(wait).exitCode());
        assertThrows(CancellationException.class, () -> cancelled.getNow(null));
    }

    @Test
    @Rule("WAIT-30")
    @LookAt("ExitEvents.add: an end that was before the registration is told all the same")
    void wait30_anEndBeforeTheRegistrationIsSeen() throws Exception {
        Kit.Child waited = Situations.ended(kit(), 7);
        assertEquals(7, Situations.end(waited.process()).exitCode());
        Kit.Child watched = Situations.ended(kit(), 8);
        assertEquals(8, get(watched.process().onExit()).exitCode());
        Kit.Child found = kit().child();
        OsProcess other = kit().find(found.pid());
        found.exit(9);
        Situations.awaitEnded(found.process());
        ProcessState state = get(other.onExit());
        assertTrue(state.cause() == ExitCause.UNKNOWN || state.exitCode() == 9, state.toString());
        assertEquals(9, Situations.end(found.process()).exitCode());
    }

    @Test
    @Rule("WAIT-30")
    @LookAt("ExitEvents.add and await: an end during the registration is told all the same")
    void wait30_anEndDuringTheRegistrationIsSeen() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Kit.Child child = kit().child();
            child.exit(i); // it has begun to
            if (i % 2 == 0) {
                assertEquals(i, get(child.process().onExit()).exitCode());
            } else {
                assertEquals(i, Situations.end(child.process()).exitCode());
            }
        }
    }

    @Test
    @Rule("WAIT-31")
    void wait31_aGrandchildThatHoldsThePipeDoesNotHoldUpTheWait() throws Exception {
        Kit.Child child = kit().child(ProcessAttributes.builder()
                .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2)));
        ChildServer.Expected expected = kit().expect();
        List<String> command = new ArrayList<>(expected.arguments());
        command.set(0, expected.program());
        child.ask("spawn-inheriting", command.toArray(new String[0]));
        JavaChild grandchild = kit().lineOf(expected);
        try (ByteChannel output = child.process().pipe(1)) {
            FutureTask<ProcessState> wait = waiter(child.process());
            child.exit(7);
            assertEquals(7, get(wait).exitCode());
            grandchild.ask("write", "1", "x");
            ByteBuffer one = ByteBuffer.allocate(1);
            assertEquals(
                    1, Bounded.call("reading what the grandchild writes", () -> output.read(one)), "it holds the pipe");
        }
    }

    @Test
    @Rule("WAIT-32")
    void wait32_waitingVirtualThreadsLeaveTheirCarriersToOthers() throws Exception {
        Method start;
        try {
            start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException olderJvm) {
            throw new TestAbortedException("this JVM has no virtual threads");
        }
        Kit.Child child = kit().child();
        CountDownLatch begun = new CountDownLatch(VIRTUAL_THREADS);
        AtomicInteger right = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(VIRTUAL_THREADS);
        for (int i = 0; i < VIRTUAL_THREADS; i++) {
            start.invoke(null, (Runnable) () -> {
                begun.countDown();
                try {
                    if (child.process().waitFor().exitCode() == 7) {
                        right.incrementAndGet();
                    }
                } catch (Exception failed) {
                    right.addAndGet(-VIRTUAL_THREADS);
                } finally {
                    ended.countDown();
                }
            });
        }
        assertTrue(
                begun.await(Bounded.LONG.toSeconds(), TimeUnit.SECONDS),
                "waiting virtual threads keep the carriers, and " + begun.getCount() + " others cannot begin");
        CompletableFuture<String> other = new CompletableFuture<>();
        start.invoke(null, (Runnable) () -> other.complete("runs"));
        assertEquals("runs", Situations.get("another virtual thread", other));
        child.exit(7);
        assertTrue(ended.await(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), ended.getCount() + " were not woken");
        assertEquals(VIRTUAL_THREADS, right.get());
    }

    @Test
    @Rule({"WAIT-34", "WAIT-30"})
    @LookAt("ExitEvents.remove, and keys instead of handle numbers, which are used again after a close")
    void wait34_whatWasWatchedBeforeDoesNotDisturbTheNext() throws Exception {
        for (int i = 0; i < 3; i++) {
            Kit.Child old = kit().child();
            CompletableFuture<ProcessState> oldEnd = old.process().onExit();
            old.exit(i);
            assertEquals(i, get(oldEnd).exitCode());
            Kit.Child next = kit().child(); // its handle may well have the number of the old one's
            CompletableFuture<ProcessState> nextEnd = next.process().onExit();
            assertNotEquals(old.pid(), next.pid());
            next.ask("nothing");
            assertFalse(nextEnd.isDone(), "an event of another process ended this one's watch");
            next.exit(100 + i);
            assertEquals(100 + i, get(nextEnd).exitCode());
        }
    }

    @Test
    @Rule({"WAIT-13", "WAIT-27"})
    void wait13_everyWayToLearnTheEndTellsTheSame() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        CompletableFuture<ProcessState> before = process.onExit();
        child.exit(7);
        ProcessState state = get(before);
        assertEquals(
                List.of(state, state, state, state),
                Stream.of(
                                process.waitFor(),
                                process.waitFor(Duration.ZERO).orElseThrow(),
                                process.state().orElseThrow(),
                                process.onExit().getNow(null))
                        .toList());
    }
}
