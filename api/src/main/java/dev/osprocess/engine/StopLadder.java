// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.UnsupportedFeatureException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends a process politely, then by force, and says which step did it (SIG-22). */
final class StopLadder {
    /** After KILL only the system can keep a process; waiting for it for ever would hang the caller with it. */
    static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final LifeCycle life;

    StopLadder(LifeCycle life) {
        this.life = life;
    }

    StopReport stop(Duration grace) throws ProcessException, InterruptedException {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + ": must not be negative");
        }
        try {
            ProcessState ended = life.waitFor(Duration.ZERO);
            if (ended != null) {
                return StopReport.of(StopReport.Step.NONE, ended);
            }
            boolean asked = askPolitely();
            if (asked) {
                ended = life.waitFor(grace);
                if (ended != null) {
                    return StopReport.of(StopReport.Step.TERM, ended);
                }
            }
            boolean killed = life.kill();
            ended = life.waitFor(AFTER_KILL);
            StopReport.Step last = killed ? StopReport.Step.KILL : asked ? StopReport.Step.TERM : StopReport.Step.NONE;
            return StopReport.of(ended == null ? StopReport.Step.NOT_ENDED : last, ended);
        } catch (ProcessDoneException finished) {
            return StopReport.of(StopReport.Step.NONE, endOfFinished());
        }
    }

    /** A system may say that a process has finished before its state can be collected. */
    private @Nullable ProcessState endOfFinished() throws ProcessException, InterruptedException {
        try {
            return life.waitFor(AFTER_KILL);
        } catch (ProcessDoneException neverKnown) {
            return null; // it was gone when it was found
        }
    }

    /** TERM, and CONT so that a stopped process can take it (SIG-23); false where the system knows no TERM. */
    private boolean askPolitely() throws ProcessException {
        try {
            life.signal(Signal.TERM);
        } catch (UnsupportedFeatureException noTerm) {
            return false;
        }
        try {
            life.signal(Signal.CONT);
        } catch (UnsupportedFeatureException | ProcessDoneException notNeeded) {
            // it cannot be stopped where there is no CONT, and need not go on if it has ended
        }
        return true;
    }
}
