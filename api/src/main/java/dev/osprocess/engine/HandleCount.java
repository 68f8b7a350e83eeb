// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many use a handle. Starts at 1, the owner's own; every use takes one and gives it back; zero is final and closes
 * (D1). So {@link #tryAcquire()} may fail, and its caller must then read the status, which says why (STATE-04).
 */
public final class HandleCount {
    private final AtomicInteger count = new AtomicInteger(1);
    private final Runnable close;

    /**
     * A count of one.
     *
     * @param close closes the handle; run once, by whoever gives back the last reference (STATE-07)
     */
    public HandleCount(Runnable close) {
        this.close = close;
    }

    /** Takes a reference, unless the handle is closed already. */
    public boolean tryAcquire() {
        while (true) {
            int now = count.get();
            if (now < 0) {
                throw impossible(now);
            }
            if (now == 0) {
                return false;
            }
            if (now == Integer.MAX_VALUE) {
                throw new AssertionError("internal error: too many references to a process handle");
            }
            if (count.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Gives a reference back; the last one closes the handle. */
    public void release() {
        int left = count.decrementAndGet();
        if (left < 0) {
            throw impossible(left);
        }
        if (left == 0) {
            close.run();
        }
    }

    /** How many references there are, for reports and tests. */
    public int get() {
        return count.get();
    }

    private static AssertionError impossible(int value) {
        return new AssertionError("internal error: the reference count of a process handle is " + value);
    }
}
