// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** No events: the engine looks by itself. */
final class ExampleEvents implements ExitEvents {
    private final Semaphore wakeups = new Semaphore(0);

    @Override
    public boolean add(long key, Target target) {
        return false;
    }

    @Override
    public void remove(long key, Target target) {
        throw new AssertionError("internal error: nothing was ever added");
    }

    @Override
    public void await(long nanos, LongConsumer ended) {
        try {
            if (nanos < 0) {
                wakeups.acquire();
            } else if (!wakeups.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
            wakeups.drainPermits(); // many wake-ups are one
        } catch (InterruptedException early) {
            // returning early is allowed; kept, the interrupt would make every later call return at once
        }
    }

    @Override
    public void wakeup() {
        wakeups.release();
    }

    @Override
    public void close() {
        // there is nothing to give back
    }
}
