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
import org.openjdk.jcstress.infra.results.ILI_Result;

/** A signal against a release: sent on the open handle, or refused. */
@JCStressTest
@Outcome(id = "1, OK, 0", expect = ACCEPTABLE, desc = "sent")
@Outcome(id = "-1, OK, 0", expect = ACCEPTABLE, desc = "released first")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"SIG-04", "STATE-08", "CONC-06"})
public class ReleaseAgainstSignalStress extends StressLab {
    public ReleaseAgainstSignalStress() {
        super(Strategy.HANDLE, false);
    }

    @Actor
    public void signal(ILI_Result r) {
        r.r1 = signal();
    }

    @Actor
    public void release(ILI_Result r) {
        r.r2 = life.release();
    }

    @Arbiter
    public void after(ILI_Result r) {
        r.r3 = references();
    }
}
