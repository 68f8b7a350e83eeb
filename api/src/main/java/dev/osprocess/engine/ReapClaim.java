// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.spi.Strategy;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may collect the end of a process: one at a time, and after one has succeeded nobody (D18, CONC-03). Where the
 * process is held by a number that we free by reaping, signals hold the same lock in shared mode, so that none is under
 * way when the number is freed, and each later one sees that it was (WAIT-15, SIG-16).
 *
 * <p>Collecting never blocks, so this lock is never held for long (WAIT-16).
 */
public final class ReapClaim {
    private final Lock collecting;
    private final @Nullable Lock signalling;
    private volatile boolean settled;

    /** An open claim. */
    public ReapClaim(Strategy strategy) {
        if (strategy == Strategy.PID) {
            ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
            collecting = lock.writeLock();
            signalling = lock.readLock();
        } else {
            collecting = new ReentrantLock();
            signalling = null;
        }
    }

    /** Begins to collect; false, with nothing held, if it was settled before. */
    public boolean begin() {
        collecting.lock();
        if (settled) {
            collecting.unlock();
            return false;
        }
        return true;
    }

    /** Ends what {@link #begin()} began; {@code collected} settles the claim for ever. */
    public void end(boolean collected) {
        if (collected) {
            settled = true;
        }
        collecting.unlock();
    }

    /** Whether the end was collected. Exact while {@link #signalLock()} is held; else it may change at any moment. */
    public boolean isSettled() {
        return settled;
    }

    /** What a signal must hold while it uses the number; null where a handle or somebody else protects it. */
    public @Nullable Lock signalLock() {
        return signalling;
    }
}
