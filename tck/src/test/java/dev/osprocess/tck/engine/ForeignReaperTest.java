// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessMode;
import dev.osprocess.Signal;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import org.junit.jupiter.api.Test;

/** Children that somebody else reaps: their numbers are free before anybody here has looked. */
class ForeignReaperTest {
    @Test
    @Rule({"D18", "ID-13"})
    void d18_id13_twoChildrenOfOneNumberAreKeptApart() throws Exception {
        try (Lab lab = new Lab(Strategy.FOREIGN_REAPER)) {
            LifeCycle first = lab.start();
            long pid = first.pid();
            lab.kernel.exit(pid, 3); // reaped at once, and nobody here has looked
            lab.kernel.nextPid(pid);
            LifeCycle second = lab.start();
            assertEquals(pid, second.pid());
            LifeCycle found = lab.engine.find(pid);
            assertEquals(ProcessMode.PID, first.mode());

            assertEquals(Liveness.GONE, first.liveness());
            assertThrows(ProcessDoneException.class, () -> first.signal(Signal.KILL));
            assertFalse(first.kill());
            assertEquals(3, first.waitFor().exitCode());
            assertEquals(1, lab.engine.unreaped(), "the second is still owned, though the first had its number");
            assertEquals(Liveness.RUNNING, second.liveness());
            assertEquals(Liveness.RUNNING, found.liveness());

            second.signal(Signal.KILL);
            assertEquals(second.waitFor().signal(), found.waitFor().signal());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"D4", "REL-07"})
    void d4_rel07_aClosedChildIsWatchedToItsEndAndForgottenThen() throws Exception {
        try (Lab lab = new Lab(Strategy.FOREIGN_REAPER)) {
            LifeCycle child = lab.start();
            long pid = child.pid();
            child.close();
            assertEquals(1, lab.engine.unreaped());
            lab.kernel.exit(pid, 0);
            lab.assertNothingLeft();
            assertEquals(0, lab.counters().reapCalls(), "nobody reaps what somebody else has reaped");
        }
    }
}
