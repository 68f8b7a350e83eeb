// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.osprocess.engine.ReapClaim;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two collectors: one collects, and the other sees what it wrote. */
@JCStressTest
@Outcome(id = "1, 7, 1", expect = ACCEPTABLE, desc = "the first collected, the other saw it")
@Outcome(id = "7, 1, 1", expect = ACCEPTABLE, desc = "the second collected, the first saw it")
@Outcome(expect = FORBIDDEN, desc = "two collectors, or none, or one that does not see the end")
@State
@Rule("CONC-03")
public class ReapClaimStress {
    private final ReapClaim claim = new ReapClaim(Strategy.PID);
    private int reaps;
    private int ending;

    @Actor
    public void one(III_Result r) {
        r.r1 = collect();
    }

    @Actor
    public void other(III_Result r) {
        r.r2 = collect();
    }

    private int collect() {
        if (!claim.begin()) {
            return ending;
        }
        reaps++;
        ending = 7;
        claim.end(true);
        return 1;
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = reaps;
    }
}
