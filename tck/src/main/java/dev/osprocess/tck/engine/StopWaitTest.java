// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.ScriptedKernel;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for a child to stop and to go on, through its object. */
class StopWaitTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"OLD-13", "OLD-18", "WAIT-09"})
    void old13_aStopAndItsContinuingAreToldOnceAndTheChildStays(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            assertNull(life.awaitStop(Duration.ZERO), "a running child");
            Task<Signal> waiter = Task.of(() -> life.awaitStop(LONG)).parked();
            lab.kernel.stop(life.pid());
            assertEquals(Signal.STOP, waiter.get());
            assertNull(life.awaitStop(Duration.ZERO), "told twice");
            assertFalse(life.awaitContinue(Duration.ZERO), "a stopped child");
            lab.kernel.resume(life.pid());
            assertTrue(life.awaitContinue(LONG));
            assertFalse(life.awaitContinue(Duration.ZERO), "told twice");
            assertEquals(0, lab.counters().reapCalls());
            lab.kernel.exit(life.pid(), 4);
            assertEquals(4, life.waitFor().exitCode());
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"OLD-13", "WAIT-09"})
    void old13_anEndInPlaceOfAStopEndsTheWaitAndTakesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<Signal> waiter = Task.of(() -> life.awaitStop(LONG)).parked();
            lab.kernel.exit(life.pid(), 4);
            waiter.failure(ProcessDoneException.class);
            assertEquals(0, lab.counters().reapCalls(), "the end is somebody else's to take");
            assertEquals(4, life.waitFor().exitCode());
            assertThrows(ProcessDoneException.class, () -> life.awaitContinue(LONG));
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule("OLD-13")
    void old13_onlyItsParentIsToldOfAStop() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle found = lab.engine.find(lab.kernel.startForeign().pid());
            ProcessException refused = assertThrows(ProcessException.class, () -> found.awaitStop(LONG));
            assertEquals(ErrorKind.INVALID, refused.kind());
            assertEquals(
                    ErrorKind.INVALID,
                    assertThrows(ProcessException.class, () -> found.awaitContinue(LONG))
                            .kind());
            LifeCycle released = lab.start();
            released.release();
            assertThrows(ProcessReleasedException.class, () -> released.awaitStop(LONG));
        }
    }

    @Test
    @Rule({"OLD-13", "WAIT-23"})
    void old13_anInterruptAndAFailureLeaveTheChildAsItIs() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            Task<Signal> waiter = Task.of(() -> life.awaitStop(LONG)).parked();
            waiter.thread().interrupt();
            waiter.failure(InterruptedException.class);
            lab.kernel.failNext(
                    Call.TAKE_REPORT,
                    ProcessException.builder(ErrorKind.SYSTEM, "waitid").build());
            assertThrows(ProcessException.class, () -> life.awaitStop(LONG));
            lab.kernel.stop(life.pid());
            assertEquals(Signal.STOP, life.awaitStop(LONG));
            assertEquals(1, life.references(), "references that nobody gave back");
        }
    }

    @Test
    @Rule({"START-52", "OLD-13"})
    void old13_aBackendThatIsNotToldOfStopsRefuses() throws Exception {
        try (Lab lab = new Lab(new ScriptedKernel(Strategy.HANDLE, Set.of(Capability.HANDLE)))) {
            LifeCycle life = lab.start();
            assertTrue(assertThrows(UnsupportedFeatureException.class, () -> life.awaitStop(LONG))
                    .toString()
                    .contains(Capability.STOP_REPORTS.description()));
        }
    }
}
