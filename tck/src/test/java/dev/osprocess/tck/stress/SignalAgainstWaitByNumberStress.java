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
import org.openjdk.jcstress.infra.results.JII_Result;

/** A signal by number against the reap: sent before it, or refused after it; never a call beside it. */
@JCStressTest
@Outcome(id = "7, 1, 0", expect = ACCEPTABLE, desc = "signalled the zombie")
@Outcome(id = "7, 0, 0", expect = ACCEPTABLE, desc = "reaped first")
@Outcome(expect = FORBIDDEN, desc = "a wrong answer, a handle left open, or a misused kernel")
@State
@Rule({"WAIT-15", "SIG-16", "SIG-18"})
public class SignalAgainstWaitByNumberStress extends StressLab {
    public SignalAgainstWaitByNumberStress() {
        super(Strategy.PID, true);
    }

    @Actor
    public void waiter(JII_Result r) {
        r.r1 = waitFor();
    }

    @Actor
    public void signal(JII_Result r) {
        r.r2 = signal();
    }

    @Arbiter
    public void after(JII_Result r) {
        r.r3 = references();
    }
}
