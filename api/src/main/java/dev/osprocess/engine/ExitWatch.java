// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.concurrent.CompletableFuture;
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

    /** First pause between two looks, and the longest (D2). */
    static final long FIRST_PAUSE_NANOS = 1_000_000;

    static final long LONGEST_PAUSE_NANOS = 50_000_000;

    final long key;
    final Termination process;

    /** Completed after the state is stored, the status is DONE and the child is reaped (WAIT-27). */
    final CompletableFuture<ProcessState> ended = new CompletableFuture<>();

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
    }

    /** Tells everyone who waits that looking failed; the process itself may live on. */
    void fail(ProcessException failure) {
        ended.completeExceptionally(failure);
    }
}
