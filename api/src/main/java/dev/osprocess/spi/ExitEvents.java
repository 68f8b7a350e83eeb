// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import dev.osprocess.ProcessException;
import java.util.function.LongConsumer;

/**
 * Tells when processes end: epoll, kqueue, a queue that callbacks fill. One per backend. The engine's watcher thread
 * waits in {@link #await}; the other calls come from any thread at any time, also while it waits.
 *
 * <p>A target is known by the key that the engine gave, never by a pid or a descriptor: numbers come back, keys do not
 * (WAIT-34).
 */
public interface ExitEvents {
    /**
     * Begins to watch for the end of a process, also one that has ended already.
     *
     * @return false if there are no events for this target; the engine then asks it by deadline, at first after 1 ms,
     *     later every 50 ms
     * @throws ProcessException if registering failed; the engine does the same then, and logs it once
     */
    boolean add(long key, Target target) throws ProcessException;

    /**
     * Stops watching. Comes once for every {@link #add} that returned true, before the target may be closed, so that no
     * event source ever holds a closed handle. After it has returned, at most events that {@link #await} already holds
     * are still delivered; the engine ignores them. Throws nothing but an {@link AssertionError} for what cannot be.
     */
    void remove(long key, Target target);

    /**
     * Waits for ends, for {@link #wakeup}, or for the time to pass, and hands over the keys of those that may have ended.
     * May return early. Only one thread calls this.
     *
     * @param nanos how long at most; 0 not to wait, negative for ever
     * @throws ProcessException if events cannot be had any more; the engine asks by deadline from then on
     */
    void await(long nanos, LongConsumer ended) throws ProcessException;

    /** Lets {@link #await} return soon, also if it is called only later. */
    void wakeup();

    /** Gives back what this holds. Comes once, when no thread is inside. */
    void close();
}
