// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Capability;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a child is stopped, or goes on. No handle tells of that, so this looks again and again on the calling thread. The
 * report is taken, the child is not.
 */
final class StopWait {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LifeCycle life;
    private final Engine engine;
    private final String operation;

    StopWait(LifeCycle life, Engine engine, String operation) {
        this.life = life;
        this.engine = engine;
        this.operation = operation;
    }

    /** What a look at the child gives; null for nothing yet. */
    interface Look<R> {
        @Nullable
        R take() throws ProcessException;
    }

    /** The report; null if it has not come in time. */
    <R> @Nullable R await(Look<R> look, Duration timeout) throws ProcessException, InterruptedException {
        engine.require(Capability.STOP_REPORTS, "a stop cannot be seen here");
        if (!life.isStarted()) {
            throw ProcessException.builder(ErrorKind.INVALID, operation)
                    .pid(life.pid())
                    .detail(
                            "the system tells of stops to the parent alone; this process was not started by this object")
                    .build();
        }
        long timeoutNanos = Termination.nanosOf(timeout);
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            // asked before: a report that comes between the two is not lost, because an ended child gives none
            boolean over = life.liveness() != Liveness.RUNNING;
            R report = life.look(operation, look);
            if (report != null) {
                return report;
            }
            if (over) {
                throw Engine.done(operation, life.pid());
            }
            long left = timeoutNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(pause, left));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }
}
