// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs what users attach to {@code onExit()}, so that the watcher never does (WAIT-27). One daemon thread serves any
 * number of ends, because most callbacks are short; where one blocks, so that the others wait for 2 ms, another thread
 * joins (EV-02). Idle threads end.
 */
final class ExitDispatcher extends ThreadPoolExecutor {
    private static final long RELIEF_NANOS = 2_000_000;
    private static final long IDLE_SECONDS = 10;

    /** The watcher thread's own: how far the pool was, and since when. */
    private long seenCompleted = -1;

    private long seenAtNanos;

    private volatile @Nullable ExitWatcher watcher;

    ExitDispatcher(String backend) {
        super(
                1,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EngineThreads.named("osprocess-" + backend + "-on-exit"));
        allowCoreThreadTimeOut(true);
    }

    /** The thread that relieves this; set once, before the first task. */
    void relievedBy(ExitWatcher thread) {
        this.watcher = thread;
    }

    @Override
    public void execute(Runnable task) {
        try {
            super.execute(task);
        } catch (OutOfMemoryError noThread) {
            getQueue().add(task); // nothing is lost: the watcher tries again to have a thread for it
        }
        ExitWatcher relief = watcher;
        if (relief != null
                && Thread.currentThread() != relief.thread()
                && !getQueue().isEmpty()) {
            relief.wakeup(); // it sleeps until the next end, and must not while somebody waits here
        }
    }

    /** How long the watcher may sleep before it must {@link #relieve()}; negative for as long as it likes. */
    long untilRelief() {
        if (getQueue().isEmpty()) {
            return -1;
        }
        if (seenCompleted < 0) {
            return RELIEF_NANOS;
        }
        return Math.max(0, RELIEF_NANOS - (System.nanoTime() - seenAtNanos));
    }

    /** Adds a thread if what is queued has not moved for a while. Called by the watcher thread. */
    void relieve() {
        if (getQueue().isEmpty()) {
            seenCompleted = -1;
            if (getCorePoolSize() > 1 && getActiveCount() == 0) {
                setCorePoolSize(1);
            }
            return;
        }
        if (getPoolSize() == 0) {
            prestartCoreThread();
            return;
        }
        long completed = getCompletedTaskCount();
        long now = System.nanoTime();
        if (completed != seenCompleted) {
            seenCompleted = completed;
            seenAtNanos = now;
        } else if (now - seenAtNanos >= RELIEF_NANOS) {
            // Twice as many each time: a thousand callbacks that all block are served after ten steps.
            setCorePoolSize(Math.max(
                    2,
                    Math.min(
                            getCorePoolSize() * 2,
                            getCorePoolSize() + getQueue().size())));
            seenCompleted = -1;
        }
    }
}
