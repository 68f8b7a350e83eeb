// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** WAIT: waiting. */
@LookAt("Target.collect: null while the process runs, its state once, and reaped by the call that gives it")
abstract class WaitContract extends Contract {
    @Test
    @Rule({"WAIT-01", "WAIT-02", "WAIT-04"})
    void wait01_theEndIsSeenWithItsCodeAndKept() throws Exception {
        Kit.Child child = kit().child();
        assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO), "it runs");
        child.exit(7);
        ProcessState state = Bounded.call("waitFor", () -> child.process().waitFor());
        assertTrue(state.exited());
        assertEquals(7, state.exitCode());
        assertEquals(ProcessStatus.DONE, child.process().status());
        assertEquals(state, child.process().waitFor(), "a second wait");
    }
}
