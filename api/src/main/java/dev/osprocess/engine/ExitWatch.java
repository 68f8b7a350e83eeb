// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One object's place with the {@link ExitWatcher}: what its waiters park on, and the reference that keeps the handle
 * open while events may come for it.
 */
final class ExitWatch {
    /** Events were not asked for, or whoever asks does not know yet that they were promised. */
    static final int NEW = 0;

    /** Events may come, and must be given back. */
    static final int REGISTERED = 1;

    /** Events were given back, or are being given back by whoever asked for them. */
    static final int REMOVED = 2;

    private static final int IDLE = Integer.MIN_VALUE;

    /** First pause between two looks, and the longest (D2). */
    static final long FIRST_PAUSE_NANOS = 1_000_000;

    static final long LONGEST_PAUSE_NANOS = 50_000_000;

    final long key;
    final Termination process;

    /** Completed after the state is stored, the status is DONE and the child is reaped (WAIT-27). */
    final CompletableFuture<ProcessState> ended = new CompletableFuture<>();

    /** Futures that are to be told; one that its user completes or cancels leaves (WAIT-28). */
    private final Set<ExitNotice> notices = ConcurrentHashMap.newKeySet();

    /** How many waiters, futures and hand-overs want this watch, its maker first; {@link #IDLE} once it was given up. */
    private final AtomicInteger interest = new AtomicInteger(1);

    /** Whether events were asked for and are not yet given back: the two sides of that race meet here. */
    private final AtomicInteger registration = new AtomicInteger(NEW);

    /** Used by the watcher thread alone: it is looked at by deadline. */
    boolean polled;

    /** Used by the watcher thread alone. */
    long dueNanos;

    /** Used by the watcher thread alone. */
    long pauseNanos = FIRST_PAUSE_NANOS;

    ExitWatch(long key, Termination process) {
        this.key = key;
        this.process = process;
    }

    /** Takes an interest in this watch; false if it was given up. */
    boolean join() {
        int now = interest.get();
        while (now != IDLE && !interest.compareAndSet(now, now + 1)) {
            now = interest.get();
        }
        return now != IDLE;
    }

    /** Gives an interest up; how many are left. */
    int leave() {
        return interest.decrementAndGet();
    }

    /** Gives the watch up if nobody has an interest in it: true for the one that did. */
    boolean closeIfIdle() {
        return interest.compareAndSet(0, IDLE);
    }

    /** Lets a future be told of the end, also if it has come already. */
    void tell(ExitNotice notice) {
        notices.add(notice);
        notice.attach();
        if (ended.isDone()) {
            tellAll();
        }
    }

    /** A future needs no telling any more. */
    void forget(ExitNotice notice) {
        notices.remove(notice);
    }

    /** Each notice is told once, by whoever removes it. */
    private void tellAll() {
        for (ExitNotice notice : List.copyOf(notices)) {
            if (notices.remove(notice)) {
                notice.deliver(ended);
            }
        }
    }

    /** After events were asked for: false if the watch was removed meanwhile, so that the caller must take them back. */
    boolean registered() {
        return registration.compareAndSet(NEW, REGISTERED);
    }

    /** Ends the registration, and tells what it was: {@link #REGISTERED} if the caller must give the events back. */
    int endRegistration() {
        return registration.getAndSet(REMOVED);
    }

    /** Tells everyone who waits. */
    void complete(Ending ending) {
        ProcessState state = ending.state();
        if (state != null) {
            ended.complete(state);
        } else {
            ended.completeExceptionally(ending.failure());
        }
        tellAll();
    }

    /** Tells everyone who waits that looking failed; the process itself may live on. */
    void fail(ProcessException failure) {
        ended.completeExceptionally(failure);
        tellAll();
    }
}
