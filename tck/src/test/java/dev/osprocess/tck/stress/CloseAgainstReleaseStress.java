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
import org.openjdk.jcstress.infra.results.LI_Result;

/** A close against a release: one of the two gives up the hold. */
@JCStressTest
@Outcome(id = "OK, 0", expect = ACCEPTABLE, desc = "the release gave it up")
@Outcome(id = "RELEASED, 0", expect = ACCEPTABLE, desc = "the close gave it up")
@Outcome(id = "DONE, 0", expect = ACCEPTABLE, desc = "the close handed it over and it was reaped")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"REL-03", "STATE-02"})
public class CloseAgainstReleaseStress extends StressLab {
    public CloseAgainstReleaseStress() {
        super(Strategy.HANDLE, true);
    }

    @Actor
    public void release(LI_Result r) {
        r.r1 = life.release();
    }

    @Actor
    public void close() {
        life.close();
    }

    @Arbiter
    public void after(LI_Result r) {
        r.r2 = references();
    }
}
