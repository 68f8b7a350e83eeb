// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.spi.Strategy;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Who may collect the end of a process: one at a time, and after one has succeeded nobody (D18, CONC-03). Where the
 * process is held by a number that we free by reaping, signals hold the same lock in shared mode, so that none is under
 * way when the number is freed, and each later one sees that it was (WAIT-15, SIG-16). A child that is held by a handle
 * may have been found by its number beside that: the signals of such an object take the lock in turns.
 *
 * <p>Collecting never blocks, so this lock is never held for long (WAIT-16).
 */
public final class ReapClaim {
    private final Lock collecting;
    private final Lock signalling;
    private volatile boolean settled;

    /** An open claim. */
    public ReapClaim(Strategy strategy) {
        if (strategy == Strategy.PID) {
            ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
            collecting = lock.writeLock();
            signalling = lock.readLock();
        } else {
            collecting = new ReentrantLock();
            signalling = collecting;
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

    /** What whoever uses the number must hold meanwhile, so that it is not freed. */
    public Lock signalLock() {
        return signalling;
    }
}
