// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding by number, and children. */
final class WindowsOpenerTest {
    private static final long PID = 7000;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final WindowsOpener opener = new WindowsOpener(calls);

    @Test
    void id04_theLeastRightsAreAskedFor() throws Exception {
        calls.stranger(PID, 8, 1);
        assertEquals(PID, opener.open(PID).pid());
        assertEquals("OpenProcess 7000 0x101000", calls.log.get(0)); // SYNCHRONIZE, PROCESS_QUERY_LIMITED_INFORMATION
    }

    @Test
    void id05_anInvalidParameterMeansThatThereIsNone() {
        ProcessDoneException gone = assertThrows(ProcessDoneException.class, () -> opener.open(PID));
        assertEquals(87, gone.nativeNumber().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(ints = {Win32Error.ACCESS_DENIED, Win32Error.NOT_ENOUGH_MEMORY, 31337})
    void id06_anyOtherErrorIsNotGone(int error) {
        calls.stranger(PID, 8, 1);
        calls.fail("OpenProcess", error);
        ProcessException failed = assertThrows(ProcessException.class, () -> opener.open(PID));
        assertEquals(WindowsErrors.kind(error), failed.kind());
        assertEquals("OpenProcess", failed.operation());
    }

    @Test
    void id09_aNumberOfMoreThan32BitsIsMissingBeforeItIsCut() {
        calls.stranger(PID, 8, 1);
        assertThrows(ProcessDoneException.class, () -> opener.open((1L << 32) + PID));
        assertEquals(List.of(), calls.log);
    }

    /** OpenProcess takes 7001 to 7003 for 7000. */
    @ParameterizedTest
    @ValueSource(longs = {7001, 7002, 7003})
    void id04_aNumberThatTheSystemRoundsIsNobodys(long pid) {
        calls.stranger(PID, 8, 1);
        assertThrows(ProcessDoneException.class, () -> opener.open(pid));
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @Test
    void id17_aFailureAfterTheOpenGivesTheHandleBack() {
        calls.stranger(PID, 8, 1);
        calls.fail("GetProcessId", Win32Error.INVALID_HANDLE);
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> opener.open(PID)).kind());
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @Test
    void sig21_childrenAreThoseThatAreNotOlderThanTheBearerOfTheParentsNumber() throws Exception {
        calls.stranger(PID, 8, 5000);
        calls.stranger(7100, PID, 5000);
        calls.stranger(7104, PID, 6000);
        calls.stranger(7108, PID, 4999); // of an earlier bearer
        calls.stranger(7112, 7100, 7000);
        assertEquals(Set.of(7100L, 7104L), new Descendants(calls).childrenOf(PID));
        assertEquals(Set.of(), new Descendants(calls).childrenOf(7112));
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @Test
    void sig21_aFailureIsAnErrorAndLeavesNothingOpen() {
        calls.stranger(PID, 8, 5000);
        calls.stranger(7100, PID, 6000);
        for (String call : List.of("CreateToolhelp32Snapshot", "Process32FirstW", "OpenProcess", "GetProcessTimes")) {
            calls.fail(call, Win32Error.NOT_ENOUGH_MEMORY);
            ProcessException failed =
                    assertThrows(ProcessException.class, () -> new Descendants(calls).childrenOf(PID));
            assertEquals(call, failed.operation());
            assertEquals(List.of(), calls.openBesideStreams());
        }
    }

    @Test
    void sig21_aChildThatMayNotBeAskedIsLeftForTheNextToSaySo() throws Exception {
        calls.stranger(PID, 8, 5000);
        calls.stranger(7100, PID, 6000);
        calls.failOn("OpenProcess", 7100, Win32Error.ACCESS_DENIED);
        assertEquals(Set.of(7100L), new Descendants(calls).childrenOf(PID));
        calls.failOn("OpenProcess", 7100, Win32Error.INVALID_PARAMETER); // it has ended meanwhile
        assertEquals(Set.of(), new Descendants(calls).childrenOf(PID));
    }
}
