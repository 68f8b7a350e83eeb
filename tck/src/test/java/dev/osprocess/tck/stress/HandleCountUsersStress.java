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

/** Two that still hold a reference after the owner gave up its own: the last one closes, once. */
@JCStressTest
@Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "closed once, after all")
@Outcome(expect = FORBIDDEN, desc = "closed early, twice or never")
@State
@Rule({"STATE-02", "STATE-07"})
public class HandleCountUsersStress {
    private final AtomicInteger closes = new AtomicInteger();
    private final HandleCount count = new HandleCount(closes::incrementAndGet);

    public HandleCountUsersStress() {
        count.tryAcquire();
        count.tryAcquire();
        count.release(); // the owner's
    }

    @Actor
    public void oneUser(III_Result r) {
        r.r1 = closes.get();
        count.release();
    }

    @Actor
    public void otherUser(III_Result r) {
        r.r2 = closes.get();
        count.release();
    }

    @Arbiter
    public void after(III_Result r) {
        r.r3 = closes.get();
    }
}
