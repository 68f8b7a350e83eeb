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
import org.openjdk.jcstress.infra.results.JI_Result;

/** A wait against a close: the true state or a refusal; whoever reaps, the child is reaped and the handle closed. */
@JCStressTest
@Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "waited")
@Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "closed first")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"REL-07", "CONC-05"})
public class CloseAgainstWaitStress extends StressLab {
    public CloseAgainstWaitStress() {
        super(Strategy.HANDLE, true);
    }

    @Actor
    public void waiter(JI_Result r) {
        r.r1 = waitFor();
    }

    @Actor
    public void close() {
        life.close();
    }

    @Arbiter
    public void after(JI_Result r) {
        r.r2 = references();
    }
}
