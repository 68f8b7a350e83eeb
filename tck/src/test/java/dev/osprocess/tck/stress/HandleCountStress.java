// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.osprocess.engine.HandleCount;
import dev.osprocess.tck.Rule;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A use against the owner's release: the use has an open handle or none, and the handle is closed once. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "used while open, then closed")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "too late to use")
@Outcome(expect = FORBIDDEN, desc = "used after close, closed twice or never, or resurrected")
@State
@Rule({"STATE-02", "STATE-04", "STATE-07"})
public class HandleCountStress {
    private final AtomicInteger closes = new AtomicInteger();
    private final HandleCount count = new HandleCount(closes::incrementAndGet);

    @Actor
    public void use(III_Result r) {
        if (count.tryAcquire()) {
            r.r1 = closes.get() == 0 ? 1 : -1;
            count.release();
        }
    }

    @Actor
    public void owner(III_Result r) {
        count.release();
        r.r2 = 1;
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = count.tryAcquire() ? -1 : closes.get();
    }
}
