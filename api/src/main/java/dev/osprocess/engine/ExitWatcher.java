// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.ExitEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * The one thread that sees processes end, for all of a backend's processes (D9, WAIT-26). It learns of an end by an
 * event; where there are none it looks again after 1 ms, and then ever less often, up to every 50 ms (D2). It runs no
 * code of the user.
 */
final class ExitWatcher implements Runnable, LongConsumer {
    private static final long FOR_EVER = -1;

    /** More than a look takes, or an await that was woken up. */
    private static final long STOP_MILLIS = 10_000;

    private final String name;
    private final ExitEvents events;
    private final ExitDispatcher dispatcher;
    private final ConcurrentHashMap<Long, ExitWatch> watches = new ConcurrentHashMap<>();
    private final AtomicLong nextKey = new AtomicLong(1);
    // Three ways to do worse than promised; each is said once (D11).
    private final AtomicBoolean saidCannotAdd = new AtomicBoolean();
    private final AtomicBoolean saidCannotRemove = new AtomicBoolean();
    private final AtomicBoolean saidLost = new AtomicBoolean();

    /** Watches that have no events, on their way to the thread. */
    private final ConcurrentLinkedQueue<ExitWatch> inbox = new ConcurrentLinkedQueue<>();

    /** Watches that are looked at by deadline; the thread's own. */
    private final List<ExitWatch> polled = new ArrayList<>();

    private final Thread thread;
    private volatile boolean stopping;

    /** Events failed for good; written by the thread alone. */
    private volatile boolean eventsLost;

    /** Takes the events, and closes them if there is no thread to be had. */
    ExitWatcher(String backend, ExitEvents events, ExitDispatcher dispatcher, ThreadFactory threads) {
        this.name = backend;
        this.events = events;
        this.dispatcher = dispatcher;
        boolean running = false;
        try {
            this.thread = threads.newThread(this);
            thread.start();
            running = true;
        } finally {
            if (!running) {
                events.close();
            }
        }
    }

    /** A watch for this object; {@link #begin} makes it work. */
    ExitWatch newWatch(Termination process) {
        return new ExitWatch(nextKey.getAndIncrement(), process);
    }

    /**
     * Begins to watch. The watch owns one reference of the object from now on, and the caller holds another one until
     * this has returned: the watch may end, and give up its own, while it is still being registered.
     */
    void begin(ExitWatch watch) {
        watches.put(watch.key, watch);
        boolean byEvent = false;
        try {
            byEvent = !eventsLost && events.add(watch.key, watch.process.target());
        } catch (ProcessException | RuntimeException | Error failure) {
            // a waiter parks on this watch already, so it must work one way or the other
            sayOnce(saidCannotAdd, "has no exit events for a process and looks every 1 to 50 ms instead", failure);
        }
        if (byEvent && !watch.registered()) {
            giveBack(watch);
        }
        // Read after the put: if events are lost meanwhile, either we see that here or the thread sees the watch.
        if (!byEvent || eventsLost) {
            inbox.add(watch);
            wakeup();
        }
    }

    /** Ends a watch, whoever does it first, and gives its reference back after the events (D9: DEL before close). */
    void end(ExitWatch watch) {
        if (watches.remove(watch.key) != null) {
            if (watch.endRegistration() == ExitWatch.REGISTERED) {
                giveBack(watch);
            }
            watch.process.releaseWatchReference();
        }
    }

    /** Gives events back; whoever calls this holds a reference of the object. */
    private void giveBack(ExitWatch watch) {
        try {
            events.remove(watch.key, watch.process.target());
        } catch (RuntimeException | Error failure) {
            // its waiters must be told all the same
            sayOnce(saidCannotRemove, "could not take back the exit events of a process", failure);
        }
    }

    /** Lets the thread have a look at the inbox, and at the dispatcher when that has more to do than threads to do it. */
    void wakeup() {
        events.wakeup();
        if (eventsLost) {
            LockSupport.unpark(thread);
        }
    }

    /** How many objects are watched, for tests. */
    int watched() {
        return watches.size();
    }

    Thread thread() {
        return thread;
    }

    /** Ends the thread, for tests that make engines of their own. */
    void stop() throws InterruptedException {
        stopping = true;
        wakeup();
        thread.join(STOP_MILLIS);
        if (thread.isAlive()) {
            IllegalStateException hanging = new IllegalStateException("the exit watcher of backend '" + name
                    + "' has not ended within " + STOP_MILLIS
                    + " ms after a wake-up, and keeps its events; it is here:");
            hanging.setStackTrace(thread.getStackTrace());
            throw hanging;
        }
        events.close(); // not by the thread: it may be gone before the wake-up is written
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                adoptPolled();
                lookAtDue();
                await(untilNextLook());
                dispatcher.relieve();
            } catch (Throwable unexpected) {
                // Nobody else could see it, and every waiter depends on this thread: say so and go on.
                Log.error("the exit watcher of backend '" + name + "' met an unexpected error and goes on", unexpected);
                LockSupport.parkNanos(ExitWatch.LONGEST_PAUSE_NANOS);
            }
        }
    }

    private void adoptPolled() {
        for (ExitWatch watch = inbox.poll(); watch != null; watch = inbox.poll()) {
            adopt(watch);
        }
    }

    private void adopt(ExitWatch watch) {
        if (watch.polled) {
            return;
        }
        watch.polled = true;
        watch.pauseNanos = ExitWatch.FIRST_PAUSE_NANOS;
        watch.dueNanos = System.nanoTime() + watch.pauseNanos;
        polled.add(watch);
    }

    private void lookAtDue() {
        if (polled.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        int kept = 0;
        for (int i = 0; i < polled.size(); i++) {
            ExitWatch watch = polled.get(i);
            if (watch.dueNanos - now <= 0) {
                if (watches.get(watch.key) != watch || watch.process.lookForEnd(watch)) {
                    continue;
                }
                watch.pauseNanos = Math.min(watch.pauseNanos * 2, ExitWatch.LONGEST_PAUSE_NANOS);
                watch.dueNanos = now + watch.pauseNanos;
            }
            polled.set(kept++, watch);
        }
        polled.subList(kept, polled.size()).clear();
    }

    private long untilNextLook() {
        long wait = dispatcher.untilRelief();
        if (!polled.isEmpty()) {
            long now = System.nanoTime();
            for (int i = 0; i < polled.size(); i++) {
                long left = Math.max(0, polled.get(i).dueNanos - now);
                wait = wait < 0 ? left : Math.min(wait, left);
            }
        }
        return wait;
    }

    private void await(long nanos) {
        if (!eventsLost) {
            try {
                events.await(nanos, this);
                return;
            } catch (ProcessException | RuntimeException | Error failure) {
                eventsLost = true;
                sayOnce(
                        saidLost,
                        "has lost its exit events and looks at all processes every 1 to 50 ms instead",
                        failure);
                for (ExitWatch watch : watches.values()) {
                    adopt(watch);
                }
            }
        }
        LockSupport.parkNanos(nanos == FOR_EVER ? ExitWatch.LONGEST_PAUSE_NANOS : nanos);
    }

    /** An event: the process of this key may have ended. */
    @Override
    public void accept(long key) {
        ExitWatch watch = watches.get(key);
        if (watch != null && !watch.process.lookForEnd(watch) && watch.process.holdForWatcher()) {
            try {
                // WAIT-33, D17: the event came before the truth, and would come again and again. Look by deadline
                // instead.
                int before = watch.endRegistration();
                if (before == ExitWatch.REGISTERED) {
                    giveBack(watch); // else begin() does, which is about to see that it must
                }
                if (before != ExitWatch.REMOVED) {
                    adopt(watch);
                }
            } finally {
                watch.process.releaseWatchReference();
            }
        }
    }

    private void sayOnce(AtomicBoolean said, String text, Throwable failure) {
        if (said.compareAndSet(false, true)) {
            Log.warning("backend '" + name + "' " + text + ": " + failure.getMessage(), failure);
        }
    }
}
