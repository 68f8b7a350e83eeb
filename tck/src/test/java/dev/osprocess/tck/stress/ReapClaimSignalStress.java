// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.osprocess.engine.ReapClaim;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import java.util.concurrent.locks.Lock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A collector against a signal by number: the signal comes before the reap, or sees that it is too late. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the signal came first")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the signal came too late and was not sent")
@Outcome(expect = FORBIDDEN, desc = "a signal after the reap")
@State
@Rule({"WAIT-15", "SIG-16"})
public class ReapClaimSignalStress {
    private final ReapClaim claim = new ReapClaim(Strategy.PID);
    private int reaps;

    @Actor
    public void collect() {
        if (claim.begin()) {
            reaps++;
            claim.end(true);
        }
    }

    @Actor
    public void signal(II_Result r) {
        Lock lock = claim.signalLock();
        lock.lock();
        try {
            if (!claim.isSettled()) {
                r.r1 = reaps == 0 ? 1 : -1;
            }
        } finally {
            lock.unlock();
        }
    }

    @Arbiter
    public void after(II_Result r) {
        r.r2 = reaps;
    }
}
