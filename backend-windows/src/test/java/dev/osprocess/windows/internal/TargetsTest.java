// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import dev.osprocess.windows.WindowsHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process held by a HANDLE answers, call by call. */
final class TargetsTest {
    private static final long PID = 7000;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final ScriptedSyscalls.Simulated process = calls.stranger(PID, 8, 5000);

    private Target found() throws ProcessException {
        Target target = new WindowsOpener(calls).open(PID);
        calls.log.clear();
        return target;
    }

    private OwnTarget own(boolean hearsBreak, long job) throws Exception {
        long handle = calls.openProcess(-1, PID);
        calls.log.clear();
        return new OwnTarget(calls, PID, handle, hearsBreak, job, Map.of());
    }

    // ---- waiting

    @Test
    void id16_theExitCodeIsNotAskedForWhileItRuns() throws Exception {
        Target target = found();
        assertNull(target.collect());
        assertEquals(List.of("WaitForSingleObject 0"), calls.log);
        assertEquals(Liveness.RUNNING, target.liveness());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 259, 0xC0000005L, 0xFFFFFFFFL})
    void id16_wait20_ps04_anEndIsTheHandlesStateWhateverTheCode(long code) throws Exception {
        Target target = found();
        calls.end(PID, code);
        ProcessState state = Objects.requireNonNull(target.collect());
        assertEquals(code, state.exitCode());
        assertEquals(code, state.rawStatus().orElseThrow());
        assertEquals(Duration.ofMillis(3), state.userTime().orElseThrow());
        assertEquals(Duration.ofMillis(2), state.systemTime().orElseThrow());
        assertEquals(123_456, state.usage().orElseThrow().maxRss().orElseThrow());
        assertEquals(Liveness.EXITED, target.liveness());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WaitForSingleObject", "GetExitCodeProcess", "GetProcessTimes"})
    void wait21_eachFailingCallIsNamedWithItsErrorAndTheNextLookIsFine(String call) throws Exception {
        Target target = found();
        calls.end(PID, 3);
        calls.fail(call, Win32Error.INVALID_HANDLE);
        ProcessException failed = assertThrows(ProcessException.class, target::collect);
        assertEquals(call, failed.operation());
        assertEquals("ERROR_INVALID_HANDLE", failed.nativeName().orElseThrow());
        assertEquals(6, failed.nativeNumber().orElseThrow());
        assertEquals(PID, failed.pid().orElseThrow());
        assertEquals(3, Objects.requireNonNull(target.collect()).exitCode()); // STATE-12
    }

    @Test
    void wait21_aResultThatNobodyExpectsIsAnErrorAndNoEnd() throws Exception {
        Target target = found();
        calls.waitResult = 0x80; // WAIT_ABANDONED
        ProcessException failed = assertThrows(ProcessException.class, target::collect);
        assertTrue(Said.by(failed).contains("0x80"), failed::getMessage);
        assertEquals("WaitForSingleObject", failed.operation());
    }

    @Test
    void ps17_memoryThatIsNotToldIsAbsent() throws Exception {
        Target target = found();
        calls.end(PID, 0);
        calls.fail("K32GetProcessMemoryInfo", Win32Error.ACCESS_DENIED);
        ProcessState state = Objects.requireNonNull(target.collect());
        assertTrue(state.usage().orElseThrow().maxRss().isEmpty());
    }

    @Test
    void ps19_aKnownStatusCodeHasItsNameInTheLongText() throws Exception {
        Target target = found();
        calls.end(PID, 0xC00000FDL);
        ProcessState state = Objects.requireNonNull(target.collect());
        assertEquals("exit status 0xc00000fd", state.toString());
        assertEquals("exit status 0xc00000fd (STATUS_STACK_OVERFLOW, stack overflow)", state.describe());
    }

    // ---- ending

    @Test
    void sig15_killGoesThroughADuplicateOfTheHandleWithTheRightForIt() throws Exception {
        Target target = found();
        target.signal(Signal.KILL);
        assertEquals(1L, process.exitCode);
        assertEquals("DuplicateHandle 0x1", calls.log.get(1)); // PROCESS_TERMINATE
        assertEquals("TerminateProcess 1", calls.log.get(2));
        assertTrue(calls.log.stream().noneMatch(call -> call.startsWith("OpenProcess")), calls.log::toString);
        target.close();
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @Test
    void sig15_theRightThatIsNotGivenIsAPermissionErrorAndWaitingStillWorks() throws Exception {
        Target target = found();
        calls.fail("DuplicateHandle", Win32Error.ACCESS_DENIED);
        ProcessException denied = assertThrows(ProcessException.class, () -> target.signal(Signal.KILL));
        assertEquals(ErrorKind.PERMISSION, denied.kind());
        assertEquals("DuplicateHandle", denied.operation());
        calls.end(PID, 9);
        assertEquals(9, Objects.requireNonNull(target.collect()).exitCode());
    }

    @Test
    void sig15_theDuplicateIsClosedWhenEndingFails() throws Exception {
        Target target = found();
        calls.fail("TerminateProcess", Win32Error.INVALID_HANDLE);
        assertThrows(ProcessException.class, () -> target.signal(Signal.KILL));
        assertEquals(1, calls.openBesideStreams().size());
    }

    @Test
    void sig14_anEndedProcessIsFinishedWithoutACall() throws Exception {
        Target target = found();
        calls.end(PID, 5);
        assertThrows(ProcessDoneException.class, () -> target.signal(Signal.KILL));
        assertThrows(ProcessDoneException.class, () -> target.signal(Signal.of(0)));
        assertTrue(calls.log.stream().noneMatch(call -> call.startsWith("Terminate")), calls.log::toString);
    }

    /** Between the look and TerminateProcess it ended: access denied, and its handle says why. */
    @Test
    void sig14_accessDeniedByAProcessThatHasEndedMeansFinished() throws Exception {
        OwnTarget target = own(false, 0);
        calls.fail("TerminateProcess", Win32Error.ACCESS_DENIED);
        calls.onWait = millis -> {
            if (millis == HandleTarget.ENDING_MILLIS) { // it was just ending
                calls.end(PID, 5);
            }
        };
        ProcessDoneException finished = assertThrows(ProcessDoneException.class, () -> target.signal(Signal.KILL));
        assertEquals("TerminateProcess", finished.operation());
        assertEquals(5, finished.nativeNumber().orElseThrow());
        assertEquals(5, Objects.requireNonNull(target.collect()).exitCode());
    }

    @Test
    void sig14_accessDeniedByAProcessThatRunsOnIsAPermissionErrorAfterABoundedWait() throws Exception {
        OwnTarget target = own(false, 0);
        process.mayBeTerminated = false;
        ProcessException denied = assertThrows(ProcessException.class, () -> target.signal(Signal.KILL));
        assertEquals(ErrorKind.PERMISSION, denied.kind());
        assertEquals(5, denied.nativeNumber().orElseThrow());
        assertEquals(List.of("WaitForSingleObject 0", "TerminateProcess 1", "WaitForSingleObject 100"), calls.log);
    }

    @Test
    void sig07_anyOtherErrorStaysWhatItIs() throws Exception {
        OwnTarget target = own(false, 0);
        calls.fail("TerminateProcess", Win32Error.INVALID_HANDLE);
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> target.signal(Signal.KILL))
                        .kind());
        assertEquals(2, calls.log.size());
    }

    // ---- other signals

    @Test
    void sig11_otherSignalsAreRefusedAndNothingIsSent() throws Exception {
        Target target = own(true, 0);
        for (Signal signal : List.of(Signal.TERM, Signal.HUP, Signal.STOP, Signal.of(9), Signal.of(15))) {
            assertThrows(UnsupportedFeatureException.class, () -> target.signal(signal));
        }
        assertNull(process.exitCode);
        assertTrue(calls.log.stream().allMatch(call -> call.equals("WaitForSingleObject 0")), calls.log::toString);
    }

    @Test
    void sig11_interruptIsCtrlBreakToAChildInItsOwnGroupOnTheSharedConsole() throws Exception {
        own(true, 0).signal(Signal.INT);
        assertTrue(calls.log.contains("GenerateConsoleCtrlEvent 1 " + PID), calls.log::toString);
        calls.fail("GenerateConsoleCtrlEvent", Win32Error.INVALID_HANDLE);
        Target again = own(true, 0);
        ProcessException failed = assertThrows(ProcessException.class, () -> again.signal(Signal.INT));
        assertTrue(Said.by(failed).contains("console"), failed::getMessage);
    }

    @Test
    void sig11_interruptOfAnyOtherIsRefusedWithTheReason() throws Exception {
        Target inOurGroup = own(false, 0);
        UnsupportedFeatureException refused =
                assertThrows(UnsupportedFeatureException.class, () -> inOurGroup.signal(Signal.INT));
        assertTrue(Said.by(refused).contains("newProcessGroup"), refused::getMessage);
        Target stranger = found();
        assertThrows(UnsupportedFeatureException.class, () -> stranger.signal(Signal.INT));
        assertFalse(calls.log.stream().anyMatch(call -> call.startsWith("Generate")), calls.log::toString);
    }

    @Test
    void sig02_signalZeroAsksTheHandle() throws Exception {
        Target target = found();
        target.signal(Signal.of(0));
        assertEquals(List.of("WaitForSingleObject 0"), calls.log);
    }

    // ---- jobs

    @Test
    void sig20_aJobOfItsOwnIsItsGroup() throws Exception {
        long job = calls.createJob();
        OwnTarget target = own(false, job);
        assertTrue(target.leadsGroup());
        assertFalse(own(false, 0).leadsGroup());
        target.signalGroup(Signal.KILL);
        assertEquals(List.of("TerminateJobObject 1"), calls.log.subList(calls.log.size() - 1, calls.log.size()));
        assertThrows(UnsupportedFeatureException.class, () -> target.signalGroup(Signal.TERM));
    }

    @Test
    void ps10_theCpuTimesOfAJobAreThoseOfAllItsMembers() throws Exception {
        OwnTarget target = own(false, calls.createJob());
        calls.end(PID, 0);
        calls.jobTimes = new WindowsSyscalls.JobTimes(50_000, 90_000);
        assertEquals(
                Duration.ofMillis(9),
                Objects.requireNonNull(target.collect()).userTime().orElseThrow());
        calls.fail("QueryInformationJobObject", Win32Error.ACCESS_DENIED);
        assertEquals(
                Duration.ofMillis(3),
                Objects.requireNonNull(target.collect()).userTime().orElseThrow());
    }

    // ---- the handle

    @Test
    void hnd01_theHandleIsLentAndItsValueIsTheSystems() throws Exception {
        Target target = found();
        WindowsHandle lent = (WindowsHandle) Objects.requireNonNull(target.handle());
        assertEquals("HANDLE", lent.kind());
        assertEquals(Strategy.HANDLE, target.strategy());
        assertEquals(process, calls.open.get(lent.value()));
        assertTrue(lent.toString().startsWith("HANDLE 0x"), lent::toString);
        lent.resume();
        calls.resumeStatus = 0xC0000022;
        assertTrue(Said.by(assertThrows(ProcessException.class, lent::resume)).contains("0xc0000022"));
    }

    @Test
    void d16_identityIsNumberAndTimeOfCreationAndNothingElseIsTheSame() throws Exception {
        var identity = found().identity();
        assertEquals("windows:7000:created=5000", identity.toString());
        calls.stranger(PID, 8, 5001);
        assertFalse(found().identity().denotesSameProcess(identity));
        assertNotEquals(found().identity(), identity);
    }

    @Test
    void rel13_aHandleThatTheSystemFindsWrongIsNobodysTrouble() throws Exception {
        Target target = found();
        calls.fail("CloseHandle", Win32Error.INVALID_HANDLE);
        target.close();
        assertEquals(1, calls.log.size());
    }
}
