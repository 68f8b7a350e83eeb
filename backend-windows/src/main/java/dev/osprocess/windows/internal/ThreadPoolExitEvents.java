// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Exit events by the system's thread pool (ADR 0012): RegisterWaitForSingleObject lets one system thread wait for 63
 * processes, so no process costs a thread of its own. The callback enqueues the engine's key and wakes the watcher, and
 * does nothing else: it runs on a thread of the system. A registration is taken back, and its callback waited for, before
 * the engine closes the handle.
 */
final class ThreadPoolExitEvents implements ExitEvents {
    private final WindowsSyscalls calls;

    /** What each key's registration is taken back by. */
    private final ConcurrentHashMap<Long, Long> waits = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<Long> ended = new ConcurrentLinkedQueue<>();
    private volatile boolean woken;

    /** A callback could not even enqueue: then every process that is watched may have ended. */
    private volatile boolean missed;

    private volatile @Nullable Thread watcher;

    ThreadPoolExitEvents(WindowsSyscalls calls) {
        this.calls = calls;
        calls.onWaitSatisfied(this::satisfied);
    }

    /** On a thread of the system's pool. */
    private void satisfied(long key) {
        try {
            ended.add(key);
        } catch (OutOfMemoryError full) {
            missed = true; // nobody above could take it, and the watcher looks at all of them instead
        }
        LockSupport.unpark(watcher);
    }

    @Override
    public boolean add(long key, Target target) throws ProcessException {
        if (!(target instanceof HandleTarget held)) {
            return false;
        }
        try {
            waits.put(key, calls.registerWait(held.value(), key));
            return true;
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, target.pid());
        }
    }

    @Override
    public void remove(long key, Target target) {
        Long wait = waits.remove(key);
        if (wait == null) {
            throw new AssertionError("internal error: no wait is registered for pid " + target.pid());
        }
        try {
            calls.unregisterWait(wait);
        } catch (Win32Exception failed) {
            throw new AssertionError(
                    "internal error: UnregisterWaitEx of the wait for pid " + target.pid() + " failed", failed);
        }
    }

    @Override
    public void await(long nanos, LongConsumer sink) {
        watcher = Thread.currentThread();
        if (isQuiet() && nanos != 0) {
            if (nanos < 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        woken = false;
        if (missed) {
            missed = false;
            waits.keySet().forEach(sink::accept);
        }
        for (Long key = ended.poll(); key != null; key = ended.poll()) {
            sink.accept(key);
        }
    }

    private boolean isQuiet() {
        return !woken && !missed && ended.isEmpty();
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(watcher);
    }

    @Override
    public void close() {
        // nothing of the system's: every registration was taken back by its own remove
    }
}
