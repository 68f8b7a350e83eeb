// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stopping: politely, then by force, and what did it. */
class StopTest {
    /** Nobody waits for so long: what ends, ends at once. */
    private static final Duration LONG = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"SIG-22", "SIG-23"})
    void sig22_whoTakesTheHintIsNotKilled(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            lab.kernel.stop(life.pid()); // so that TERM alone would not be taken
            StopReport report = Task.of(() -> life.stop(LONG)).get();
            assertEquals(StopReport.Step.TERM, report.step());
            assertEquals(life.state(), report.state().orElseThrow());
            assertEquals(Signal.TERM, process.received().get(0));
            assertEquals(0, killsOf(process), "it was killed after it had ended");
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"SIG-22", "SIG-23"})
    void sig22_whoDoesNotIsKilledAfterItsGrace(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            process.ignores(Signal.TERM);
            StopReport report = Task.of(() -> life.stop(Duration.ofMillis(1))).get();
            assertEquals(StopReport.Step.KILL, report.step());
            assertEquals(life.state(), report.state().orElseThrow());
            assertEquals(List.of(Signal.TERM, Signal.CONT, Signal.KILL), process.received());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule("SIG-22")
    void sig22_whereThereIsNoTermItIsKilledAtOnce() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            lab.kernel.failNext(Call.SIGNAL, new UnsupportedFeatureException("the signal TERM", "scripted", "none"));
            StopReport report = Task.of(() -> life.stop(LONG)).get();
            assertEquals(StopReport.Step.KILL, report.step());
            assertEquals(List.of(Signal.KILL), process.received());
        }
    }

    @Test
    @Rule("SIG-22")
    void sig22_whoHasEndedIsLeftAlone() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle ended = lab.start();
            ScriptedProcess process = lab.processOf(ended);
            lab.kernel.exit(ended.pid(), 7);
            StopReport report = Task.of(() -> ended.stop(Duration.ZERO)).get();
            assertEquals(StopReport.Step.NONE, report.step());
            assertEquals(7, report.state().map(ProcessState::exitCode).orElse(-1L));
            assertEquals(ProcessStatus.DONE, ended.status());
            assertEquals(List.of(), process.received());

            LifeCycle gone = lab.engine.find(4711);
            assertEquals(StopReport.Step.NONE, gone.stop(Duration.ZERO).step());
        }
    }

    @Test
    @Rule("SIG-22")
    void sig22_aNegativeGraceIsRefusedBeforeAnythingIsSent() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            assertThrows(IllegalArgumentException.class, () -> life.stop(Duration.ofNanos(-1)));
            assertEquals(List.of(), process.received());
            assertEquals(ProcessStatus.OK, life.status());
            life.release();
        }
    }

    private static long killsOf(ScriptedProcess process) {
        return process.received().stream().filter(Signal.KILL::equals).count();
    }
}
