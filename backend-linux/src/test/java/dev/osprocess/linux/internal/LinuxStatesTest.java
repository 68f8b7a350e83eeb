// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class LinuxStatesTest {
    private static final ChildReport.Usage USAGE =
            new ChildReport.Usage(1_500_000, 250_001, 2048, 11, 12, 13, 14, 15, 16);

    private static ProcessState state(int code, int status) {
        return Objects.requireNonNull(LinuxStates.of(5, new ChildReport(5, code, status, USAGE), -1));
    }

    @Test
    void ps11_theClassicWordIsRebuiltForEveryExitCode() {
        for (int code = 0; code <= 255; code++) {
            ProcessState state = state(LinuxAbi.CLD_EXITED, code);
            assertTrue(state.exited());
            assertEquals(code, state.exitCode());
            assertEquals(code == 0, state.success());
            assertEquals((long) code << 8, state.rawStatus().orElseThrow());
            assertEquals(
                    state,
                    LinuxStates.ofWaitStatus(5, code << 8)
                            .withUsage(state.usage().orElseThrow()),
                    "both ways agree");
        }
    }

    @Test
    void ps11_theClassicWordIsRebuiltForEverySignalWithAndWithoutCore() {
        for (int signal = 1; signal <= LinuxSignals.SIGRTMAX; signal++) {
            for (boolean core : new boolean[] {false, true}) {
                ProcessState state = state(core ? LinuxAbi.CLD_DUMPED : LinuxAbi.CLD_KILLED, signal);
                assertFalse(state.exited());
                assertEquals(-1, state.exitCode());
                assertFalse(state.success(), "PS-03");
                assertEquals(core, state.coreDumped(), "PS-06");
                assertEquals(signal, LinuxSignals.number(state.signal().orElseThrow()));
                assertEquals(signal | (core ? 0x80 : 0), state.rawStatus().orElseThrow());
                assertEquals(
                        state,
                        LinuxStates.ofWaitStatus(5, signal | (core ? 0x80 : 0))
                                .withUsage(state.usage().orElseThrow()),
                        "both ways agree");
            }
        }
    }

    @Test
    void ps04_anExitCodeBeyondOneByteIsCutAsTheSystemDoes() {
        assertEquals(0, state(LinuxAbi.CLD_EXITED, 256).exitCode());
        assertEquals(255, state(LinuxAbi.CLD_EXITED, -1).exitCode());
    }

    @Test
    void wait09_onlyThreeReportsAreOfAnEnd() {
        for (int code = -2; code <= 10; code++) {
            boolean end = code >= LinuxAbi.CLD_EXITED && code <= LinuxAbi.CLD_DUMPED;
            assertEquals(end, LinuxStates.of(5, new ChildReport(5, code, 5, USAGE), -1) != null, "code " + code);
        }
        assertNull(LinuxStates.of(5, new ChildReport(5, 5, 19, USAGE), -1), "a stop");
    }

    @Test
    void ps12_theFieldsOfRusageArriveInTheirUnits() {
        ResourceUsage usage = state(LinuxAbi.CLD_EXITED, 0).usage().orElseThrow();
        assertEquals(Duration.ofMillis(1500), usage.userTime());
        assertEquals(Duration.ofNanos(250_001_000), usage.systemTime());
        assertEquals(2048 * 1024, usage.maxRss().orElseThrow());
        assertTrue(usage.maxRssFloor().isEmpty());
        assertEquals(11, usage.minorFaults().orElseThrow());
        assertEquals(12, usage.majorFaults().orElseThrow());
        assertEquals(13, usage.blockInputs().orElseThrow());
        assertEquals(14, usage.blockOutputs().orElseThrow());
        assertEquals(15, usage.voluntaryContextSwitches().orElseThrow());
        assertEquals(16, usage.involuntaryContextSwitches().orElseThrow());
    }

    @Test
    void ps08_textsOfSignalsAreOurs() {
        assertEquals("signal: killed", LinuxStates.ofWaitStatus(5, 9).toString());
        assertEquals(
                "signal: segmentation fault (core dumped)",
                LinuxStates.ofWaitStatus(5, 11 | 0x80).toString());
        assertEquals("signal: signal 40", LinuxStates.ofWaitStatus(5, 40).toString());
        assertEquals("exit status 3", LinuxStates.ofWaitStatus(5, 3 << 8).toString());
    }
}
