// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessState;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A watch in which nobody is interested any more must not keep what was released (REL-01, ID-17). */
class IdleWatchTest {
    private static final Duration SHORT = Duration.ofNanos(1);

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-01", "ID-17"})
    void rel01_aWaitThatTimedOutKeepsNothingAfterTheRelease(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            long daemon = lab.kernel.startForeign().pid();
            for (int i = 0; i < 100; i++) {
                LifeCycle found = lab.engine.find(daemon);
                assertNull(found.waitFor(SHORT));
                found.release();
                assertEquals(0, found.references());
            }
            assertEquals(0, lab.engine.watched());
            assertEquals(0, lab.counters().openHandles());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-28", "REL-01"})
    void wait28_aCancelledFutureKeepsNothingAfterTheRelease(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            long daemon = lab.kernel.startForeign().pid();
            LifeCycle before = lab.engine.find(daemon);
            assertTrue(before.onExit(null).cancel(false));
            before.release();
            assertEquals(0, before.references(), "cancelled first, released then");

            LifeCycle after = lab.engine.find(daemon);
            CompletableFuture<ProcessState> future = after.onExit(null);
            after.release();
            assertEquals(1, after.references(), "the future is still to be told");
            assertTrue(future.cancel(false));
            assertEquals(0, after.references(), "released first, cancelled then");
            assertEquals(0, lab.engine.watched());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"REL-04", "WAIT-28"})
    void rel04_theOthersAreToldAfterOneFutureWasCancelledAndTheObjectReleased(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            CompletableFuture<ProcessState> kept = life.onExit(null);
            assertTrue(life.onExit(null).cancel(false));
            assertNull(life.waitFor(SHORT));
            life.release();
            lab.kernel.exit(life.pid(), 4);
            assertEquals(4, kept.get(10, TimeUnit.SECONDS).exitCode());
            lab.assertNothingLeft();
        }
    }
}
