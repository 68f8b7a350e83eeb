// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJI_Result;

/** A child ends while one waiter looks, and the other collects: the first gets the state, not a refusal. */
@JCStressTest
@Outcome(id = "7, 7, 0", expect = ACCEPTABLE, desc = "both know")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"WAIT-30", "WAIT-13"})
public class EndBetweenTwoWaitersStress extends StressLab {
    public EndBetweenTwoWaitersStress() {
        super(Strategy.HANDLE, false);
    }

    @Actor
    public void waiter(JJI_Result r) {
        r.r1 = waitFor();
    }

    @Actor
    public void worldAndWaiter(JJI_Result r) {
        exit();
        r.r2 = waitFor();
    }

    @Arbiter
    public void after(JJI_Result r) {
        r.r3 = references();
    }
}
