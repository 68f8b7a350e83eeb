// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue of keys that the futures of {@link Process#onExit()} fill; nothing else of ours runs on the JDK's threads.
 *
 * <p>Those futures complete on the common pool. A program that blocks the pool would block every end with it, so while
 * children are watched each is asked {@link Process#isAlive()} four times a second as well: that is a field of the JDK's,
 * no system call.
 */
final class JdkExitEvents implements ExitEvents {
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** In the queue: no end, only come and look. Keys begin at 1. */
    private static final long WAKE = 0;

    private final LinkedBlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
    private final ConcurrentHashMap<Long, ChildTarget> watched = new ConcurrentHashMap<>();
    private final AtomicBoolean wakePending = new AtomicBoolean();

    /** When all are looked at next; the watcher thread's own. */
    private long lookAt = System.nanoTime();

    /** Whether the thread may sleep without a limit: then an {@link #add} must wake it. */
    private volatile boolean sleepsForLong;

    @Override
    public boolean add(long key, Target target) {
        if (!(target instanceof ChildTarget child)) {
            return false; // the engine looks after it by deadline
        }
        watched.put(key, child);
        if (sleepsForLong) {
            wakeup(); // it must begin to look
        }
        boolean asked = false;
        try {
            child.whenEnded(new Arrival(arrived, key));
            asked = true;
            return true;
        } finally {
            if (!asked) { // no thread for the JDK, as a rule: the engine looks by deadline then, and removes nothing
                watched.remove(key);
            }
        }
    }

    /** What the JDK's threads run. It holds the queue and the key, not the child. */
    private record Arrival(LinkedBlockingQueue<Long> arrived, long key) implements Runnable {
        @Override
        public void run() {
            arrived.add(key);
        }
    }

    @Override
    public void remove(long key, Target target) {
        watched.remove(key);
    }

    @Override
    public void await(long nanos, LongConsumer ended) {
        sleepsForLong = true;
        boolean none = watched.isEmpty(); // read after the flag is set, as add() reads the flag after its put
        if (!none) {
            sleepsForLong = false;
        }
        Long first = none ? next(nanos) : next(Math.min(untilLook(), nanos < 0 ? Long.MAX_VALUE : nanos));
        sleepsForLong = false;
        if (none) {
            lookAt = System.nanoTime() + LOOK_NANOS;
        }
        for (Long key = first; key != null; key = arrived.poll()) {
            if (key == WAKE) {
                wakePending.set(false);
            } else if (watched.containsKey(key)) {
                ended.accept(key);
            }
        }
        if (untilLook() == 0) {
            look(ended);
            lookAt = System.nanoTime() + LOOK_NANOS;
        }
    }

    private long untilLook() {
        return Math.max(0, lookAt - System.nanoTime());
    }

    private void look(LongConsumer ended) {
        for (Map.Entry<Long, ChildTarget> each : watched.entrySet()) {
            if (!each.getValue().isRunning()) {
                ended.accept(each.getKey());
            }
        }
    }

    private @Nullable Long next(long nanos) {
        try {
            return nanos < 0 ? arrived.take() : arrived.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (
                InterruptedException nobodyMeansUs) { // returning early is allowed; kept, the flag would make this spin
            return null;
        }
    }

    @Override
    public void wakeup() {
        if (wakePending.compareAndSet(false, true)) {
            arrived.add(WAKE);
        }
    }

    @Override
    public void close() {
        watched.clear();
        arrived.clear();
    }
}
