// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wait statuses, reports and usage of every system. */
final class StatesTest {
    static Stream<BsdProfile> profiles() {
        return Profiles.all().stream();
    }

    private static ProcessState state(BsdProfile profile, int status) {
        return Objects.requireNonNull(BsdStates.ofWaitStatus(profile, 7, status));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void ps04_everyExitCodeIsItself(BsdProfile profile) {
        for (int code = 0; code < 256; code++) {
            ProcessState state = state(profile, code << 8);
            assertTrue(state.exited());
            assertEquals(code, state.exitCode());
            assertEquals(code << 8, state.rawStatus().orElseThrow());
            assertEquals(7, state.pid());
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void ps06_everySignalIsItselfWithAndWithoutCore(BsdProfile profile) {
        for (int number = 1; number < 0x7F; number++) {
            if (number != profile.continuedStatus) {
                ProcessState state = state(profile, number);
                assertFalse(state.exited());
                assertEquals(profile.signals.signal(number), state.signal().orElseThrow());
                assertFalse(state.coreDumped());
                assertTrue(state(profile, number | 0x80).coreDumped());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void wait09_stopsAndContinuationsAreNoEnd(BsdProfile profile) {
        for (int signal = 0; signal < 256; signal++) {
            assertNull(BsdStates.ofWaitStatus(profile, 7, signal << 8 | 0x7F));
        }
        assertNull(BsdStates.ofWaitStatus(profile, 7, profile.continuedStatus));
        assertNull(BsdStates.ofWaitStatus(profile, 7, 0xFFFF));
    }

    @Test
    void wait09_nineteenIsGoingOnOnFreeBsdAndASignalElsewhere() {
        assertNull(BsdStates.ofWaitStatus(FreeBsdProfile.PROFILE, 7, 0x13));
        assertNull(BsdStates.ofWaitStatus(DragonFlyProfile.PROFILE, 7, 0x13));
        assertEquals(Signal.CONT, state(OpenBsdProfile.PROFILE, 0x13).signal().orElseThrow());
    }

    @Test
    void ps11_whatWasSeenOnARealKernelIsReadSo() {
        assertEquals(7, state(OpenBsdProfile.PROFILE, 0x700).exitCode());
        assertEquals(Signal.KILL, state(OpenBsdProfile.PROFILE, 0x9).signal().orElseThrow());
        assertNull(BsdStates.ofWaitStatus(OpenBsdProfile.PROFILE, 7, 0x117F));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void ps11_aReportGivesTheSameStateAsTheClassicWord(BsdProfile profile) {
        for (int code = 0; code < 256; code++) {
            assertEquals(state(profile, code << 8), report(profile, profile.exitedCode, code));
        }
        for (int number = 1; number < 32; number++) {
            if (number != profile.continuedStatus) {
                assertEquals(state(profile, number), report(profile, profile.killedCode, number));
                assertEquals(state(profile, number | 0x80), report(profile, profile.dumpedCode, number));
            }
        }
    }

    private static @Nullable ProcessState report(BsdProfile profile, int code, int status) {
        return BsdStates.ofReport(profile, 7, new ChildReport(7, code, status));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void wait09_reportsOfStopsAreNoEnd(BsdProfile profile) {
        for (int code : new int[] {0, 4, 5, 6, 7, -1}) {
            assertNull(report(profile, code, 17), "si_code " + code);
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void ps04_aReportWithMoreThanEightBitsIsCut(BsdProfile profile) {
        assertEquals(
                0x34,
                Objects.requireNonNull(report(profile, profile.exitedCode, 0x1234))
                        .exitCode());
        assertEquals(
                255,
                Objects.requireNonNull(report(profile, profile.exitedCode, -1)).exitCode());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void ps12_memoryIsInBytesEverywhere(BsdProfile profile) {
        long unit = profile == MacOsProfile.PROFILE ? 1 : 1024;
        Usage usage = new Usage(1_500_000, 250, 300, 1, 2, 3, 4, 5, 6);
        ResourceUsage all = BsdStates.usage(profile, usage, 200);
        assertEquals(Duration.ofMillis(1500), all.userTime());
        assertEquals(Duration.ofNanos(250_000), all.systemTime());
        assertEquals(300 * unit, all.maxRss().orElseThrow());
        assertEquals(200 * unit, all.maxRssFloor().orElseThrow());
        assertTrue(BsdStates.usage(profile, usage, -1).maxRssFloor().isEmpty());
        assertNotNull(all.toString());
    }
}
