// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** No events at all: the engine looks at every process by deadline (D2). For where kqueue cannot serve. */
final class PolledExitEvents implements ExitEvents {
    private volatile @Nullable Thread waiter;
    private volatile boolean woken;

    @Override
    public boolean add(long key, Target target) {
        return false;
    }

    @Override
    public void remove(long key, Target target) {
        throw new AssertionError("internal error: nothing was registered for pid " + target.pid());
    }

    @Override
    public void await(long nanos, LongConsumer ended) {
        waiter = Thread.currentThread();
        if (!woken) { // a wake-up after this look is kept by the thread's permit
            if (nanos < 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        woken = false;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(waiter);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
