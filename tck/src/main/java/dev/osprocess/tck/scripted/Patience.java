// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Bounded waiting, so that what would hang fails instead, with a text that says for what it waited. The bound is never
 * reached by what works; it says nothing about speed.
 */
public final class Patience {
    /** How long is too long. Whoever expects hangs makes it shorter: {@code -Dosprocess.tck.patience=2}. */
    public static final long SECONDS = Long.getLong("osprocess.tck.patience", 20);

    private static final long PAUSE_NANOS = 20_000;

    private Patience() {}

    /**
     * Waits until this is so, by asking again and again.
     *
     * @param what what is awaited, for the failure's text
     */
    public static void until(String what, BooleanSupplier condition) {
        long deadline = deadline();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + SECONDS + " s in vain for: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Waits until this thread is parked, as one is that waits for a process. */
    public static void untilParked(Thread thread) {
        until(thread.getName() + " to park", () -> isParked(thread));
    }

    private static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        if (state == Thread.State.TERMINATED) {
            throw new AssertionError(thread.getName() + " has ended and did not park");
        }
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Waits for the latch, also through interrupts, which stay pending; false if it took too long. */
    static boolean uninterruptibly(CountDownLatch latch) {
        long deadline = deadline();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    }
}
