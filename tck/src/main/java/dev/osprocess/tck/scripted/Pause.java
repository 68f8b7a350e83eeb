// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stops the next thread that comes to a {@link Point}: the test awaits its arrival, looks around, and lets it go. One
 * thread, once. A thread that nobody lets go is noted as a violation, goes on after {@link Patience#SECONDS} and fails
 * its call.
 */
public final class Pause implements AutoCloseable {
    private static final long ANY = -1;

    private final Point point;
    private final long pid;
    private final AtomicReference<@Nullable Thread> taken = new AtomicReference<>();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    Pause(Point point) {
        this(point, ANY);
    }

    Pause(Point point, long pid) {
        this.point = point;
        this.pid = pid;
    }

    /** Waits until a thread stands here, and says which. */
    public Thread awaitArrival() {
        if (!Patience.uninterruptibly(arrived)) {
            throw new AssertionError("no thread came to " + this + " within " + Patience.SECONDS + " s");
        }
        Thread thread = taken.get();
        if (thread == null) {
            throw new AssertionError("nobody stands at " + this);
        }
        return thread;
    }

    /** Whether a thread has come here. */
    public boolean hasArrived() {
        return arrived.getCount() == 0;
    }

    /** Lets the thread go on, also one that has not come yet. */
    public void letGo() {
        go.countDown();
    }

    /** The same as {@link #letGo()}, so that a failed test strands nobody. */
    @Override
    public void close() {
        letGo();
    }

    /** Whether this is for the calling thread, which then must {@link #stand()}. */
    boolean takes(Point where, long whose) {
        return point == where && (pid == ANY || pid == whose) && taken.compareAndSet(null, Thread.currentThread());
    }

    /** Stops the calling thread; false if nobody let it go. */
    boolean stand() {
        arrived.countDown();
        return Patience.uninterruptibly(go);
    }

    @Override
    public String toString() {
        return point + (pid == ANY ? "" : " of pid " + pid);
    }
}
