// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting by number, and the reports of stops, at the seam. */
final class NumberWaitTest {
    private static final int WHAT_IS_ASKED = LinuxAbi.WEXITED | LinuxAbi.WNOHANG;
    private static final int CLD_TRAPPED = 4;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private WaitMessage look(long pid, WaitOption... options) throws ProcessException {
        return Objects.requireNonNull(new NumberWait(calls, pid, Set.of(options)).look(), "nothing reported");
    }

    private void assertNothing(long pid, WaitOption... options) throws ProcessException {
        assertNull(new NumberWait(calls, pid, Set.of(options)).look());
    }

    @ParameterizedTest
    @CsvSource({"4711,1,4711", "-1,0,0", "0,2,0", "-4711,2,4711", "2147483647,1,2147483647", "-2147483647,2,2147483647"
    })
    void old15_theNumberIsReadAsWaitpidReadsIt(long pid, int idType, int id) {
        assertThrows(NoChildException.class, () -> look(pid));
        assertEquals(List.of("waitid(" + idType + ", " + id + ", " + WHAT_IS_ASKED + ")"), calls.calls());
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, (1L << 32) + 7, Long.MAX_VALUE})
    void old16_aNumberThatIsTooWideIsNobodysChildAndIsNotCutOff(long pid) {
        NoChildException failed = assertThrows(NoChildException.class, () -> look(pid));
        assertEquals("ECHILD", failed.nativeName().orElseThrow());
        assertEquals(List.of(), calls.calls());
    }

    @ParameterizedTest
    @ValueSource(longs = {Integer.MIN_VALUE, Long.MIN_VALUE})
    void old15_aGroupThatIsTooWideIsEsrch(long pid) {
        assertEquals(
                "ESRCH",
                assertThrows(NoChildException.class, () -> look(pid))
                        .nativeName()
                        .orElseThrow());
        assertEquals(List.of(), calls.calls());
    }

    @Test
    void old14_theSystemSeesItsOwnFlagsAlone() throws Exception {
        calls.process(7).exits(3);
        WaitMessage message = look(7, WaitOption.NO_HANG, WaitOption.STOPPED, WaitOption.CONTINUED, WaitOption.RUSAGE);
        int all = WHAT_IS_ASKED | LinuxAbi.WSTOPPED | LinuxAbi.WCONTINUED;
        assertEquals("waitid(1, 7, " + all + ")", calls.calls().get(0));
        assertEquals(3, message.exitCode());
        assertEquals(1_000, message.usage().orElseThrow().userTime().toNanos());
        assertTrue(calls.child(7).reaped);
    }

    @Test
    void old14_withoutAskingThereIsNoUsage() throws Exception {
        calls.process(7).reports(LinuxAbi.CLD_KILLED, 9);
        WaitMessage message = look(7);
        assertTrue(message.usage().isEmpty());
        assertEquals(Signal.KILL, message.signal().orElseThrow());
        assertEquals(0, calls.count("getrusage"), "asked for nothing");
    }

    @Test
    void old17_aRunningChildIsNoReport() throws Exception {
        calls.process(7);
        assertNothing(7, WaitOption.STOPPED);
    }

    @Test
    void old13_aStopIsTheClassicWordAndNoEnd() throws Exception {
        calls.process(7).reports(LinuxAbi.CLD_STOPPED, 20);
        WaitMessage stopped = look(7, WaitOption.STOPPED);
        assertEquals(Signal.TSTP, stopped.stopSignal().orElseThrow());
        assertEquals(OptionalLong.of((20 << 8) | 0x7F), stopped.rawStatus());
        assertFalse(calls.child(7).reaped);
        assertEquals("stopped: " + Signal.TSTP, stopped.toString());
    }

    @Test
    void old18_goingOnIsTheClassicWordAndNoExit() throws Exception {
        calls.process(7).reports(LinuxAbi.CLD_CONTINUED, 18);
        WaitMessage goesOn = look(7, WaitOption.CONTINUED);
        assertTrue(goesOn.continued());
        assertEquals(OptionalLong.of(0xFFFF), goesOn.rawStatus());
        assertEquals(-1, goesOn.exitCode());
    }

    @Test
    void old13_whatATracerSeesIsNotReported() throws Exception {
        calls.process(7).reports(CLD_TRAPPED, 5);
        assertNothing(7, WaitOption.STOPPED);
    }

    @Test
    void old16_anInterruptedCallIsMadeAgainAndAnyOtherErrorIsTold() throws Exception {
        calls.process(7).exits(0);
        calls.fail("waitid", Errno.EINTR, Errno.EINTR);
        assertEquals(0, look(7).exitCode());
        calls.fail("waitid", Errno.EPERM);
        ProcessException failed = assertThrows(ProcessException.class, () -> look(7));
        assertEquals(ErrorKind.PERMISSION, failed.kind());
        assertEquals("EPERM", failed.nativeName().orElseThrow());
        calls.assertScriptUsedUp();
    }

    @Test
    void old13_reportsOfStopsAreAskedForWithoutTheEnd() throws Exception {
        FakeProcess process = calls.process(7).reports(LinuxAbi.CLD_STOPPED, 19);
        assertEquals(Signal.STOP, Scripts.ownByNumber(calls, process).takeStop());
        process.reports(LinuxAbi.CLD_CONTINUED, 18);
        assertTrue(Scripts.ownByPidfd(calls, process).takeContinue());
        assertEquals(
                "waitid(1, 7, " + (LinuxAbi.WSTOPPED | LinuxAbi.WNOHANG) + ")",
                calls.calls().get(0));
        assertTrue(calls.calls().get(1).endsWith(", " + (LinuxAbi.WCONTINUED | LinuxAbi.WNOHANG) + ")"));
        process.reaped();
        assertNull(Scripts.ownByNumber(calls, process).takeStop(), "ECHILD is an end, which waitFor tells");
        assertFalse(Scripts.ownByPidfd(calls, process).takeContinue());
        calls.fail("waitid", Errno.EINVAL);
        assertNotNull(assertThrows(ProcessException.class, () -> Scripts.ownByNumber(calls, process)
                .takeStop()));
    }
}
