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

/** The end of a child against the registration of its waiter: the waiter does not miss it. */
@JCStressTest
@Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "seen")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"WAIT-30"})
public class EndAgainstWaitStress extends StressLab {
    public EndAgainstWaitStress() {
        super(Strategy.HANDLE, false);
    }

    @Actor
    public void waiter(JI_Result r) {
        r.r1 = waitFor();
    }

    @Actor
    public void world() {
        exit();
    }

    @Arbiter
    public void after(JI_Result r) {
        r.r2 = references();
    }
}
