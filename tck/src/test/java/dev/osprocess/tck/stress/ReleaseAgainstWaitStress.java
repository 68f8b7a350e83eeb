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
import org.openjdk.jcstress.infra.results.JLI_Result;

/** A wait against a release: the true state or a refusal, and the handle is closed. */
@JCStressTest
@Outcome(id = "7, OK, 0", expect = ACCEPTABLE, desc = "released while it waited")
@Outcome(id = "7, DONE, 0", expect = ACCEPTABLE, desc = "waited first")
@Outcome(id = "-1, OK, 0", expect = ACCEPTABLE, desc = "released first")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"REL-04", "CONC-05"})
public class ReleaseAgainstWaitStress extends StressLab {
    public ReleaseAgainstWaitStress() {
        super(Strategy.HANDLE, true);
    }

    @Actor
    public void waiter(JLI_Result r) {
        r.r1 = waitFor();
    }

    @Actor
    public void release(JLI_Result r) {
        r.r2 = life.release();
    }

    @Arbiter
    public void after(JLI_Result r) {
        r.r3 = references();
    }
}
