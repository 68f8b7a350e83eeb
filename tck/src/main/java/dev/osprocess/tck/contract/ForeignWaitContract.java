// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.contract.Situations.Family;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** WAIT: waiting for processes that somebody else started, or that another object of ours owns. */
@LookAt(
        "Target.collect of what ProcessBackend.open gave: the true state or one of cause UNKNOWN, never a reap, never an"
                + " invented 0")
abstract class ForeignWaitContract extends Contract {
    private static final Duration WORK = Duration.ofMillis(400);
    private static final Duration PROMPT = Duration.ofMillis(200);
    private static final int TRIES = 5;

    /** The truth, or the admission that nobody told it. */
    private static void assertTrueOrUnknown(int code, ProcessState state) {
        assertTrue(
                state.cause() == ExitCause.UNKNOWN || (state.exited() && state.exitCode() == code),
                "an exit with " + code + " of a process that is not our child was reported as: " + state);
        if (state.cause() == ExitCause.UNKNOWN) {
            assertEquals(-1, state.exitCode(), "an exit code of an unknown end");
            assertFalse(state.success(), "an unknown end counts as success");
        }
    }

    /** Where there are no signals, a kill is an exit with a code of its own; elsewhere an exit would be invented. */
    private void assertKilledOrUnknown(ProcessState state) {
        assertFalse(state.success(), "a killed process has succeeded: " + state);
        boolean told =
                kit().subject().has(Sight.SIGNALS) ? state.signal().equals(Optional.of(Signal.KILL)) : state.exited();
        assertTrue(
                told || state.cause() == ExitCause.UNKNOWN,
                "a kill of a process that is not our child was reported as: " + state);
    }

    @Test
    @Rule({"WAIT-07", "WAIT-29", "WAIT-19"})
    void wait07_theWaitLastsUntilTheEndAndRobsNobody() throws Exception {
        Family family = Situations.family(kit());
        OsProcess found = family.found();
        assertEquals(Optional.empty(), found.waitFor(Duration.ZERO), "a grandchild that runs");
        assertEquals(Optional.empty(), found.waitFor(Duration.ofMillis(20)));
        CompletableFuture<ProcessState> end = found.onExit();
        assertFalse(end.isDone());
        family.line().exit(7);
        ProcessState state = Situations.get("onExit of a grandchild", end);
        assertTrueOrUnknown(7, state);
        assertEquals(ProcessStatus.DONE, found.status());
        assertEquals(state, Situations.end(found), "a second wait");
        assertEquals("7", family.parent().askOne("reap", Long.toString(family.pid())), "what its parent got");
    }

    @Test
    @Rule({"WAIT-07", "WAIT-30"})
    void wait07_aWaiterIsWokenByTheEndOfAForeignProcess() throws Exception {
        Family family = Situations.family(kit());
        CompletableFuture<ProcessState> waiter = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        waiter.complete(family.found().waitFor());
                    } catch (ProcessException | InterruptedException | RuntimeException failed) {
                        waiter.completeExceptionally(failed);
                    }
                },
                "waiter for a grandchild");
        thread.setDaemon(true);
        thread.start();
        Bounded.awaitParked(thread);
        family.line().exit(7);
        assertTrueOrUnknown(7, Situations.get("waitFor of a grandchild", waiter));
    }

    @Test
    @Rule({"WAIT-07", "ID-04"})
    void wait07_aKillOfAForeignProcessEndsTheWait() throws Exception {
        Family family = Situations.family(kit());
        CompletableFuture<ProcessState> end = family.found().onExit();
        assertTrue(family.found().kill());
        assertKilledOrUnknown(Situations.get("onExit of a killed grandchild", end));
        assertEquals(Liveness.GONE, family.found().liveness());
        family.parent().ask("nothing");
    }

    @Test
    @Rule({"WAIT-29", "WAIT-25"})
    @Needs(Capability.FOREIGN_EXIT_EVENT)
    @LookAt("ExitEvents.add: true for a target whose end comes as an event, also of a process that is no child")
    void wait29_theEndIsSeenByAnEvent() throws Exception {
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            Family family = Situations.family(kit());
            CompletableFuture<ProcessState> end = family.found().onExit();
            long before = System.nanoTime();
            assertTrue(family.found().kill());
            Situations.get("onExit of a killed grandchild", end);
            delays.add(Duration.ofNanos(System.nanoTime() - before));
        }
        assertTrue(Situations.median(delays).compareTo(PROMPT) <= 0, "the end of a grandchild is seen after " + delays);
    }

    @Test
    @Rule({"WAIT-06", "WAIT-07"})
    void wait06_theEndOfAnOrphanIsSeen() throws Exception {
        Family family = Situations.family(kit());
        family.parent().exit(0);
        Situations.end(family.parent().process());
        family.line().ask("nothing");
        assertEquals(Liveness.RUNNING, family.found().liveness());
        assertEquals(Optional.empty(), family.found().waitFor(Duration.ZERO));
        CompletableFuture<ProcessState> end = family.found().onExit();
        family.line().exit(7);
        assertTrueOrUnknown(7, Situations.get("onExit of an orphan", end));
    }

    @Test
    @Rule("WAIT-29")
    void wait29_severalObjectsSeeTheEndAndAClosedOneTakesNothing() throws Exception {
        Family family = Situations.family(kit());
        OsProcess other = kit().find(family.pid());
        OsProcess closed = kit().find(family.pid());
        CompletableFuture<ProcessState> first = family.found().onExit();
        CompletableFuture<ProcessState> second = other.onExit();
        CompletableFuture<ProcessState> third = closed.onExit();
        closed.close();
        family.line().exit(7);
        assertTrueOrUnknown(7, Situations.get("onExit of the first object", first));
        assertTrueOrUnknown(7, Situations.get("onExit of the second object", second));
        assertTrueOrUnknown(7, Situations.get("onExit of the object that was closed later", third));
    }

    @Test
    @Rule("WAIT-11")
    void wait11_theFirstProcessIsWaitedForLikeAnyOther() throws Exception {
        if (kit().backend().currentPid() == 1 || !ProcessHandle.of(1).isPresent()) {
            throw new TestAbortedException("there is no process 1 here but this JVM");
        }
        OsProcess first = kit().find(1);
        assertEquals(ProcessStatus.OK, first.status());
        assertEquals(Optional.empty(), first.waitFor(Duration.ofMillis(5)));
        assertEquals(Liveness.RUNNING, first.liveness());
        assertEquals(ProcessStatus.OK, first.status());
    }

    // ---- zombies of others ----

    /** A grandchild that has ended and that its stopped parent cannot reap. */
    private Family foreignZombie() throws Exception {
        Family family = Situations.family(kit());
        Situations.stop(kit(), family.parent().process());
        family.line().exit(7);
        Situations.awaitEnded(family.found());
        return family;
    }

    @Test
    @Rule({"WAIT-29", "WAIT-33", "WAIT-30"})
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.SIGNALS)
    @LookAt("Target.collect and liveness: a zombie that its own parent does not reap ends the wait in bounded time")
    void wait29_aZombieThatNobodyReapsEndsTheWait() throws Exception {
        Family family = foreignZombie();
        OsProcess asZombie = kit().find(family.pid());
        CompletableFuture<ProcessState> end = asZombie.onExit();
        assertTrueOrUnknown(7, Situations.get("onExit of a process that was found as a zombie", end));
        assertTrueOrUnknown(7, Situations.end(family.found()));
        OsProcess again = kit().find(family.pid());
        assertEquals(Liveness.EXITED, again.liveness(), "the zombie is its parent's, and somebody took it away");
    }

    @Test
    @Rule({"WAIT-29", "WAIT-33"})
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.SIGNALS)
    @LookAt("ExitEvents.remove: no more events, also while the handle stays open and ready")
    void wait29_aZombieThatNobodyReapsDoesNotKeepTheWatcherBusy() throws Exception {
        Family family = Situations.family(kit());
        Situations.stop(kit(), family.parent().process());
        if (kit().subject().has(Capability.HANDLE)) {
            // while it is lent it stays open, and a zombie's handle stays ready
            family.found().withHandle(NativeHandle.class, lent -> {
                endAndMeasure(family);
                return lent.value();
            });
        } else {
            endAndMeasure(family);
        }
    }

    private void endAndMeasure(Family family) throws Exception {
        CompletableFuture<ProcessState> end = family.found().onExit();
        Duration before = Situations.watchersTime();
        family.line().exit(7);
        assertTrueOrUnknown(7, Situations.get("onExit of a zombie that nobody reaps", end));
        Duration told = Situations.watchersTime();
        assertTrue(
                told.minus(before).compareTo(WORK) < 0,
                "the exit watcher used " + told.minus(before).toMillis()
                        + " ms of the processor until a foreign zombie's end was told: it spins");
        assertIdle("after the end of a zombie that nobody reaps");
    }

    /**
     * While this thread works, another that spins gets about as much of the processor, however busy the machine is; one that
     * waits for events gets nothing.
     */
    private static void assertIdle(String when) {
        Duration before = Situations.watchersTime();
        Situations.work(WORK);
        Duration used = Situations.watchersTime().minus(before);
        assertTrue(
                used.compareTo(WORK.dividedBy(4)) < 0,
                "the exit watcher used " + used.toMillis() + " ms of the processor " + when + ", and the test "
                        + WORK.toMillis() + ": it spins");
    }

    @Test
    @Rule({"WAIT-29", "WAIT-25"})
    @LookAt("ExitEvents.await: blocks until an event, the deadline or a wake-up")
    void wait29_whileNothingEndsTheWatcherIsIdle() throws Exception {
        Family family = Situations.family(kit());
        CompletableFuture<ProcessState> end = family.found().onExit();
        assertIdle("while nothing ended");
        assertFalse(end.isDone());
        family.line().exit(7);
        assertTrueOrUnknown(7, Situations.get("onExit of a grandchild", end));
    }

    // ---- our own children, found by number ----

    @Test
    @Rule({"ID-11", "WAIT-19", "CONC-03"})
    void d18_aFoundObjectTellsTheEndAndLeavesTheChildToItsOwner() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        CompletableFuture<ProcessState> end = found.onExit();
        child.exit(7);
        assertTrueOrUnknown(7, Situations.get("onExit of a found child of ours", end));
        assertTrueOrUnknown(7, Situations.end(found));
        assertEquals(ProcessStatus.OK, child.process().status(), "the owner's status");
        if (kit().subject().has(Capability.REAP)) {
            assertTrue(
                    Situations.isChild(child.pid()),
                    "the found object reaped the child, which is its owner's: Target.collect of what"
                            + " ProcessBackend.open gave must look without taking");
            assertEquals(Liveness.EXITED, child.process().liveness());
        }
        ProcessState owned = Situations.end(child.process());
        assertTrue(owned.exited() && owned.exitCode() == 7, "the owner got: " + owned);
        Situations.awaitReaped(child.pid());
    }

    @Test
    @Rule({"ID-11", "REL-07"})
    @LookAt("Target.close of what ProcessBackend.open gave: reaps nothing")
    void d18_releaseAndCloseOfAFoundObjectReapNothing() throws Exception {
        Kit.Child child = kit().child();
        OsProcess released = kit().find(child.pid());
        OsProcess closed = kit().find(child.pid());
        OsProcess closedLater = kit().find(child.pid());
        CompletableFuture<ProcessState> end = closed.onExit();
        released.release();
        closed.close();
        child.exit(7);
        assertTrueOrUnknown(7, Situations.get("a future that was taken before the close", end));
        Situations.awaitEnded(child.process());
        closedLater.close();
        assertEquals(7, Situations.end(child.process()).exitCode(), "the owner's state");
    }

    @Test
    @Rule({"ID-11", "REL-07"})
    void d18_theOwnersCloseReapsAlthoughAnotherObjectWatches() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        CompletableFuture<ProcessState> end = found.onExit();
        child.process().close();
        assertEquals(Liveness.RUNNING, found.liveness(), "close has killed the child");
        child.exit(7);
        assertTrueOrUnknown(7, Situations.get("onExit of the found object", end));
        Situations.awaitReaped(child.pid());
        assertFalse(found.kill());
    }
}
