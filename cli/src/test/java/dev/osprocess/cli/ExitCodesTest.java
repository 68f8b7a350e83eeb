// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitCodesTest {
    private static final int OTHERWISE = 99;

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 124, 127, 137, 255})
    void passesTheProgramsOwnCodeOn(int code) {
        assertEquals(code, ExitCodes.of(ProcessState.exited(1, code).withRawStatus((long) code << 8), OTHERWISE));
    }

    @Test
    void keepsAllBitsOfACodeOfWindows() {
        assertEquals(0xC0000005, ExitCodes.of(ProcessState.exited(1, 0xC0000005L), OTHERWISE));
    }

    @Test
    void takesTheNumberOfTheSignalFromTheSystem() {
        assertEquals(
                137, ExitCodes.of(ProcessState.signaled(1, Signal.KILL, false).withRawStatus(9), OTHERWISE));
        assertEquals(
                139,
                ExitCodes.of(ProcessState.signaled(1, Signal.SEGV, true).withRawStatus(11 | 0x80), OTHERWISE),
                "the core flag is no part of the number");
        assertEquals(
                158, ExitCodes.of(ProcessState.signaled(1, Signal.USR1, false).withRawStatus(30), OTHERWISE));
    }

    @Test
    void aSignalWithoutRawStatusGivesItsOwnNumberIfItHasOne() {
        assertEquals(168, ExitCodes.of(ProcessState.signaled(1, Signal.of(40), false), OTHERWISE));
        assertEquals(128, ExitCodes.of(ProcessState.signaled(1, Signal.KILL, false), OTHERWISE));
    }

    @Test
    void anUnknownEndGivesTheRawCodeOrTheOther() {
        assertEquals(OTHERWISE, ExitCodes.of(ProcessState.unknown(1), OTHERWISE));
        assertEquals(143, ExitCodes.of(ProcessState.unknown(1).withRawStatus(143), OTHERWISE));
    }

    @ParameterizedTest
    @CsvSource({
        "chdir, NOT_FOUND, ENOENT, false, 125",
        "chdir, PERMISSION, EACCES, true, 125",
        "fork/exec, NOT_FOUND, ENOENT, false, 127",
        "fork/exec, NOT_FOUND, ENOENT, true, 126",
        "fork/exec, NOT_EXECUTABLE, ENOEXEC, true, 126",
        "fork/exec, PERMISSION, EACCES, true, 126",
        "fork/exec, INVALID, E2BIG, true, 126",
        "fork/exec, EXHAUSTED, EAGAIN, true, 125",
        "fork/exec, SYSTEM, ELOOP, false, 126",
        "epoll_create1, EXHAUSTED, EMFILE, true, 125"
    })
    void blamesTheRightOne(String operation, ErrorKind kind, String name, boolean exists, int expected) {
        ProcessException failure = ProcessException.builder(kind, operation)
                .path("/x")
                .nativeError(name, 2)
                .build();
        assertEquals(expected, ExitCodes.ofFailedStart(failure, exists));
    }
}
