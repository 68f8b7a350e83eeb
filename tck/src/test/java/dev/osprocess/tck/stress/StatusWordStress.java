// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.osprocess.ProcessStatus;
import dev.osprocess.engine.StatusWord;
import dev.osprocess.tck.Rule;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** An end against a release: one of the two moves the status, and it stays where that one put it. */
@JCStressTest
@Outcome(id = "true, false, DONE", expect = ACCEPTABLE, desc = "the end was first")
@Outcome(id = "false, true, RELEASED", expect = ACCEPTABLE, desc = "the release was first")
@Outcome(expect = FORBIDDEN, desc = "two winners, none, or a status that nobody set")
@State
@Rule({"STATE-01", "STATE-02"})
public class StatusWordStress {
    private final StatusWord status = new StatusWord(ProcessStatus.OK);

    @Actor
    public void end(ZZL_Result r) {
        r.r1 = status.leaveOk(ProcessStatus.DONE);
    }

    @Actor
    public void release(ZZL_Result r) {
        r.r2 = status.leaveOk(ProcessStatus.RELEASED);
    }

    @Arbiter
    public void after(ZZL_Result r) {
        r.r3 = status.get();
    }
}
