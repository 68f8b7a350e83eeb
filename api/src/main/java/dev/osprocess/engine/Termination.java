// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ErrorKind;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.spi.Target;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of one process: who may collect it, how it went, and who waits for it. A part of its {@link LifeCycle}, which
 * has the status and the references; this never uses the target without one.
 */
final class Termination {
    private final LifeCycle life;
    private final Engine engine;
    private final Target target;
    private final ReapClaim claim;
    private final boolean started;
    private final long startedAtNanos = System.nanoTime();

    /** Written once, inside the claim, before the status says DONE (STATE-18). */
    private volatile @Nullable Ending ending;

    /** Whether an owner that gives up counts on the watch. */
    private volatile boolean handedOver;

    /** What waiters park on; null until somebody waits, and again after looking failed. */
    private final AtomicReference<@Nullable ExitWatch> watch = new AtomicReference<>();

    /**
     * An end that is still to come.
     *
     * @param started whether it is a child's of ours, so that collecting reaps
     */
    Termination(LifeCycle life, Engine engine, Target target, ReapClaim claim, boolean started) {
        this.life = life;
        this.engine = engine;
        this.target = target;
        this.claim = claim;
        this.started = started;
    }

    Target target() {
        return target;
    }

    ReapClaim claim() {
        return claim;
    }

    /** The recorded state, if there is one. */
    @Nullable
    ProcessState state() {
        Ending now = ending;
        return now == null ? null : now.state();
    }

    /** Records that there is no state to come: the process was gone when it was looked for. */
    void neverKnown(ProcessDoneException gone) {
        ending = Ending.without(gone);
    }

    /** Whether somebody waits, or the watcher looks after a child that nobody holds any more. */
    boolean isWatched() {
        return watch.get() != null;
    }

    /** Lets the watcher look after the child from now on: it reaps it, and holds it until then. */
    void handOver() throws ProcessException {
        handedOver = true; // before: a watch that is given up meanwhile either sees this, or is not found any more
        watchOrThrow("close"); // and nobody leaves: it is watched to its end
    }

    /** The object was released: a watch in which nobody is interested any more would only keep the handle. */
    void released() {
        ExitWatch watched = watch.get();
        if (watched != null) {
            endIfIdle(watched);
        }
    }

    /** A waiter or a future has left; the last one after a release ends the watch. */
    void leave(ExitWatch watched) {
        if (watched.leave() == 0 && life.status() == ProcessStatus.RELEASED) {
            endIfIdle(watched);
        }
    }

    private void endIfIdle(ExitWatch watched) {
        if (watched.closeIfIdle()) {
            watch.compareAndSet(watched, null);
            engine.watcher().end(watched);
        }
    }

    /** Waits for the end (WAIT-01). */
    ProcessState waitFor() throws ProcessException, InterruptedException {
        Ending now = endingOrLook("waitFor");
        if (now != null) {
            return now.stateOrThrow();
        }
        ExitWatch watched = joinUnlessEnded("waitFor");
        if (watched == null) {
            return endingOrFail().stateOrThrow();
        }
        try {
            return watched.ended.get();
        } catch (ExecutionException failed) {
            throw failureOf(failed);
        } finally {
            leave(watched);
        }
    }

    /** Waits for the end, at most this long; null if it has not come (WAIT-24). */
    @Nullable
    ProcessState waitFor(Duration timeout) throws ProcessException, InterruptedException {
        Ending now = endingOrLook("waitFor");
        if (now != null) {
            return now.stateOrThrow();
        }
        long nanos = nanosOf(timeout);
        if (nanos <= 0) {
            return null;
        }
        ExitWatch watched = joinUnlessEnded("waitFor");
        if (watched == null) {
            return endingOrFail().stateOrThrow();
        }
        try {
            return watched.ended.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failureOf(failed);
        } catch (TimeoutException late) {
            // WAIT-24: a child that ended exactly at the deadline is not lost.
            look();
            now = settledEnding();
            return now == null ? null : now.stateOrThrow();
        } finally {
            leave(watched);
        }
    }

    /** A fresh future of the end (D9). */
    CompletableFuture<ProcessState> onExit(@Nullable Executor executor) {
        CompletableFuture<ProcessState> future = new CompletableFuture<>();
        try {
            ExitWatch watched = endingOrReason("onExit") == null ? joinUnlessEnded("onExit") : null;
            if (watched != null) {
                watched.tell(new ExitNotice(this, watched, future, executor, engine.dispatcher()));
                return future;
            }
            Ending now = endingOrFail();
            if (now.state() != null) {
                future.complete(now.state());
            } else {
                future.completeExceptionally(now.failure());
            }
        } catch (ProcessException done) {
            future.completeExceptionally(done);
        }
        return future;
    }

    /** The ending if it is known, else null where the object may be waited for; throws where it may not. */
    private @Nullable Ending endingOrReason(String operation) throws ProcessException {
        if (life.status() == ProcessStatus.RELEASED) {
            throw new ProcessReleasedException(operation, target.pid());
        }
        if (life.status() == ProcessStatus.DONE) {
            return endingOrFail(); // stored before the status said DONE
        }
        return settledEnding();
    }

    /** The ending once everything else about it is done as well: reaped, no owner any more, status DONE (WAIT-27). */
    private @Nullable Ending settledEnding() {
        return claim.isSettled() ? ending : null;
    }

    /** The same after one look at the process. */
    private @Nullable Ending endingOrLook(String operation) throws ProcessException {
        Ending now = endingOrReason(operation);
        if (now == null) {
            engine.refuseWaitForSelf(life);
            look();
            now = settledEnding();
        }
        return now;
    }

    /** The watch, made if there is none yet, and joined; null if somebody else saw the end meanwhile. */
    private @Nullable ExitWatch joinUnlessEnded(String operation) throws ProcessException {
        try {
            return watchOrThrow(operation);
        } catch (ProcessDoneException meanwhile) {
            return null; // DONE: so the ending is stored
        }
    }

    private Ending endingOrFail() {
        Ending now = ending;
        if (now == null) {
            throw new AssertionError("internal error: DONE without an ending");
        }
        return now;
    }

    /** The watch, made if there is none yet; the caller has an interest in it until it leaves. */
    private ExitWatch watchOrThrow(String operation) throws ProcessException {
        ExitWatch existing = watch.get();
        if (existing != null) {
            return joined(existing, operation);
        }
        engine.refuseWaitForSelf(life);
        life.acquire(operation); // the watch's own, given back by ExitWatcher.end
        ExitWatch fresh;
        try {
            life.acquire(operation); // ours, until it is registered
            fresh = engine.watcher().newWatch(this);
        } catch (Throwable failed) {
            life.releaseReference();
            throw failed;
        }
        try {
            ExitWatch current = watch.compareAndExchange(null, fresh);
            if (current != null) {
                life.releaseReference();
                return joined(current, operation);
            }
            engine.watcher().begin(fresh);
            Ending now = settledEnding();
            if (now != null) { // it ended while we were at it, and whoever saw it may not have seen our watch
                finish(fresh, now);
            }
            return fresh;
        } finally {
            life.releaseReference();
        }
    }

    private ExitWatch joined(ExitWatch watched, String operation) {
        if (!watched.join()) { // it was given up as idle, which only a release does
            throw new ProcessReleasedException(operation, target.pid());
        }
        return watched;
    }

    /** Looks whether it has ended; called by waiters. True if it has, now or before. */
    private boolean look() throws ProcessException {
        if (!life.tryAcquire()) {
            return true;
        }
        try {
            if (!claim.begin()) {
                return true;
            }
            Ending seen = null;
            try {
                seen = collect();
                if (seen != null) {
                    settle(seen);
                }
            } finally {
                claim.end(seen != null);
            }
            if (seen == null) {
                return false;
            }
            afterSettled(seen);
            return true;
        } finally {
            life.releaseReference();
        }
    }

    /** Asks the target, inside the claim. */
    private @Nullable Ending collect() throws ProcessException {
        try {
            ProcessState state = target.collect();
            if (state == null) {
                return null;
            }
            Duration ran = started ? Duration.ofNanos(System.nanoTime() - startedAtNanos) : null;
            return Ending.of(state.withObservation(ran, life.wasAskedToEnd()));
        } catch (NoChildException taken) {
            return Ending.without(taken); // WAIT-18: ended, and how is lost
        }
    }

    /** Records the ending, inside the claim: first the state, then the status (STATE-18), then the owner's reference. */
    private void settle(Ending seen) {
        ending = seen;
        if (started) {
            engine.owners().remove(target.pid(), claim);
        }
        life.ended();
    }

    /** Tells the waiters, outside of the claim. */
    private void afterSettled(Ending seen) {
        ExitWatch watched = watch.get();
        if (watched != null) {
            finish(watched, seen);
        }
    }

    private void finish(ExitWatch watched, Ending seen) {
        try {
            engine.watcher().end(watched);
        } finally {
            watched.complete(seen);
        }
    }

    /** Looks whether it has ended; called by the watcher thread. True if this watch is over. */
    boolean lookForEnd(ExitWatch watched) {
        try {
            if (!look()) {
                return false;
            }
            Ending seen = ending;
            if (seen != null) {
                finish(watched, seen);
            }
            return true;
        } catch (ProcessException failure) {
            // STATE-12: those who wait now get the failure; the object stays as it is, and the next waiter looks again.
            giveUpWatch(watched, failure);
            return true;
        } catch (RuntimeException | Error unexpected) {
            giveUpWatch(
                    watched,
                    ProcessException.builder(ErrorKind.SYSTEM, "waitFor")
                            .pid(target.pid())
                            .detail("the backend failed while it looked for the end: " + unexpected)
                            .cause(unexpected)
                            .build());
            return true;
        }
    }

    private void giveUpWatch(ExitWatch watched, ProcessException failure) {
        watch.compareAndSet(watched, null);
        try {
            engine.watcher().end(watched);
        } finally {
            watched.fail(failure);
        }
        if (handedOver || life.status() != ProcessStatus.OK) {
            Log.warning("nobody waits for pid " + target.pid() + " any more, and looking for its end failed", failure);
        }
    }

    /** Keeps the target open while the watcher gives its events back; false if it is closed. */
    boolean holdForWatcher() {
        return life.tryAcquire();
    }

    /** Gives back the reference that a watch or the watcher held. */
    void releaseWatchReference() {
        life.releaseReference();
    }

    private static ProcessException failureOf(ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof ProcessException reported) {
            return reported.forAnotherCaller();
        }
        throw new AssertionError("internal error: a waiter got " + cause, cause);
    }

    /** In nanoseconds, from 0 to for ever. */
    static long nanosOf(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.toSeconds() >= Long.MAX_VALUE / 1_000_000_000L ? Long.MAX_VALUE : timeout.toNanos();
    }
}
