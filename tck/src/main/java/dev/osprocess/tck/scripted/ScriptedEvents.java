// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The exit events of a {@link ScriptedKernel}. Each end is told once for each registration (as by an edge-triggered
 * source), so that an engine that drops an event hangs here.
 */
final class ScriptedEvents implements ExitEvents {
    private final ScriptedKernel kernel;
    private final Script script;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, ScriptedTarget> registered = new HashMap<>();
    private final Set<Long> ready = new LinkedHashSet<>();
    private final AtomicBoolean awaiting = new AtomicBoolean();
    private boolean woken;
    private boolean broken;
    private boolean closed;

    ScriptedEvents(ScriptedKernel kernel) {
        this.kernel = kernel;
        this.script = kernel.script();
    }

    @Override
    public boolean add(long key, Target target) throws ProcessException {
        ScriptedTarget ours = (ScriptedTarget) target;
        script.at(Point.BEFORE_ADD_EVENT, ours.pid());
        script.mayFail(Call.ADD_EVENT);
        if (ours.isClosed()) {
            script.violation("events are asked for on the closed " + ours);
        }
        if (!kernel.hasEvents()) {
            return false;
        }
        lock.lock();
        try {
            if (registered.put(key, ours) != null) {
                script.violation("the key " + key + " is registered twice");
            }
            ours.registered(+1);
            ours.process().watchedBy.add(key);
            if (ours.process().hasEnded()) {
                ready(key);
            }
        } finally {
            lock.unlock();
        }
        kernel.counters().eventAdds.increment();
        script.at(Point.AFTER_ADD_EVENT, ours.pid());
        return true;
    }

    @Override
    public void remove(long key, Target target) {
        ScriptedTarget ours = (ScriptedTarget) target;
        script.at(Point.BEFORE_REMOVE_EVENT, ours.pid());
        if (ours.isClosed()) {
            script.violation("events are given back after the close of " + ours);
        }
        lock.lock();
        try {
            ScriptedTarget known = registered.remove(key);
            if (known != ours) {
                script.violation("events are given back for key " + key + " of " + ours + ", which is " + known);
            } else {
                ours.registered(-1);
            }
            ours.process().watchedBy.remove(key);
            ready.remove(key);
        } finally {
            lock.unlock();
        }
        kernel.counters().eventRemoves.increment();
        script.at(Point.AFTER_REMOVE_EVENT, ours.pid());
        script.mayFailUnchecked(Call.REMOVE_EVENT);
    }

    @Override
    public void await(long nanos, LongConsumer ended) throws ProcessException {
        if (!awaiting.compareAndSet(false, true)) {
            script.violation("two threads await events");
        }
        try {
            script.at(Point.BEFORE_BLOCK, 0);
            script.mayFail(Call.AWAIT);
            List<Long> keys = block(nanos);
            if (!keys.isEmpty()) {
                script.at(Point.AFTER_BLOCK, 0);
                for (long key : keys) {
                    ended.accept(key);
                }
            }
        } finally {
            awaiting.set(false);
        }
    }

    private List<Long> block(long nanos) throws ProcessException {
        lock.lock();
        try {
            long left = nanos;
            while (ready.isEmpty() && !woken && !broken && (nanos < 0 || left > 0)) {
                if (nanos < 0) {
                    changed.awaitUninterruptibly();
                } else {
                    try {
                        left = changed.awaitNanos(left);
                    } catch (InterruptedException nobodyShould) {
                        script.violation("the watcher thread was interrupted");
                        return List.of();
                    }
                }
            }
            if (broken) {
                throw ScriptedErrors.eventsBroken();
            }
            woken = false;
            List<Long> keys = new ArrayList<>(ready);
            ready.clear();
            return keys;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wakeup() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                script.violation("the events are closed twice");
            }
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    // ---- for the kernel

    /** Tells the end of a process, true or not, to whoever watches it. */
    void announce(ScriptedProcess process) {
        lock.lock();
        try {
            for (Long key : process.watchedBy) {
                ready(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Delivers this key, whether anybody asked for it or not. */
    void announceKey(long key) {
        lock.lock();
        try {
            ready(key);
        } finally {
            lock.unlock();
        }
    }

    /** The keys under which a process is watched. */
    List<Long> keysOf(ScriptedProcess process) {
        lock.lock();
        try {
            return List.copyOf(process.watchedBy);
        } finally {
            lock.unlock();
        }
    }

    int registrations() {
        lock.lock();
        try {
            return registered.size();
        } finally {
            lock.unlock();
        }
    }

    void breakForGood() {
        lock.lock();
        try {
            broken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void ready(Long key) {
        ready.add(key);
        changed.signalAll();
    }
}
