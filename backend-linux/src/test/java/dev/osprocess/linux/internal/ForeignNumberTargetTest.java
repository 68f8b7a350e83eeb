// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** ID-13: the guard of a number. */
final class ForeignNumberTargetTest {
    private static final int PID = 55;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final ScriptedProcFiles files = ScriptedProcFiles.ours()
            .status(ScriptedProcFiles.SELF, ScriptedProcFiles.SELF, "0\t0\t0\t0", "CapEff:\t0\n");
    private FakeProcess process = calls.process(PID).foreign();

    private ForeignNumberTarget found() {
        return new ForeignNumberTarget(Scripts.byNumber(calls, files), PID);
    }

    private ForeignNumberTarget foundWithStart(long start) {
        files.stat(PID, "x", 'S', start, 0).status(PID, PID, "0\t0\t0\t0", "");
        return found();
    }

    private void reuseWithStart(long start) {
        process = calls.process(PID).foreign();
        files.stat(PID, "newcomer", 'S', start, 0);
    }

    @Test
    void id13_theSameStartIsSignalled() throws ProcessException {
        foundWithStart(100).signal(Signal.TERM);
        assertEquals(List.of(15), process.signals);
    }

    @Test
    void id13_anotherStartIsAStrangerAndNobodyIsSignalled() throws ProcessException {
        ForeignNumberTarget target = foundWithStart(100);
        reuseWithStart(101);
        assertThrows(ProcessDoneException.class, () -> target.signal(Signal.KILL));
        assertThrows(ProcessDoneException.class, () -> target.signal(Signal.of(0)));
        assertEquals(List.of(), process.signals);
        assertEquals(0, calls.count("kill"));
        assertEquals(Liveness.GONE, target.liveness());
        assertEquals(ExitCause.UNKNOWN, Objects.requireNonNull(target.collect()).cause());
        assertThrows(ProcessDoneException.class, target::identity);
    }

    @Test
    void id13_aStrangersEndIsNotTakenForTheProcesss() throws ProcessException {
        ForeignNumberTarget target = foundWithStart(100);
        process = calls.process(PID).exits(7); // even a child of ours
        files.stat(PID, "newcomer", 'Z', 200, 1792);
        assertEquals(ExitCause.UNKNOWN, Objects.requireNonNull(target.collect()).cause());
        assertFalse(process.reaped);
    }

    @Test
    void id13_anUnknownStartIsNoDifference() throws ProcessException {
        ForeignNumberTarget target = found(); // proc hides it
        target.signal(Signal.TERM);
        assertEquals(List.of(15), process.signals);
        reuseWithStart(101);
        target.signal(Signal.TERM);
        assertEquals(List.of(15), process.signals, "found without a start time there is nothing to compare");
    }

    @Test
    void id13_aStartThatCannotBeReadAnyMoreIsNoDifference() throws ProcessException {
        ForeignNumberTarget target = foundWithStart(100);
        files.gone(PID);
        target.signal(Signal.TERM);
        assertEquals(List.of(15), process.signals);
    }

    @Test
    void sig06_aProcessThatIsGoneIsDone() throws ProcessException {
        ForeignNumberTarget target = foundWithStart(100);
        process.reaped();
        files.gone(PID);
        assertEquals(
                "ESRCH",
                assertThrows(ProcessDoneException.class, () -> target.signal(Signal.TERM))
                        .nativeName()
                        .orElseThrow());
        assertEquals(Liveness.GONE, target.liveness());
        assertEquals(ExitCause.UNKNOWN, Objects.requireNonNull(target.collect()).cause());
        assertThrows(ProcessDoneException.class, target::identity);
    }

    @Test
    void sig02_permissionDeniedMeansThatItIsThere() throws ProcessException {
        ForeignNumberTarget target = foundWithStart(100);
        process.permitted = false;
        assertEquals(Liveness.RUNNING, target.liveness());
        assertNull(target.collect());
        assertEquals(
                ErrorKind.PERMISSION,
                assertThrows(ProcessException.class, () -> target.signal(Signal.TERM))
                        .kind());
    }

    @Test
    void d18_anOwnChildIsLookedAtWithoutReaping() throws ProcessException {
        process.ownChild = true;
        ForeignNumberTarget target = foundWithStart(100);
        assertNull(target.collect());
        process.exits(3);
        assertEquals(3, Objects.requireNonNull(target.collect()).exitCode());
        assertFalse(process.reaped);
    }

    @Test
    void d17_aZombieTellsItsCodeWhereThatIsBelievable() throws ProcessException {
        ForeignNumberTarget target = foundWithStart(100);
        process.exits(7);
        files.stat(PID, "x", 'Z', 100, 1792);
        assertEquals(Liveness.EXITED, target.liveness());
        assertEquals(7, Objects.requireNonNull(target.collect()).exitCode());
        files.stat(PID, "x", 'Z', 100, 0);
        assertEquals(0, Objects.requireNonNull(target.collect()).exitCode(), "its user is ours");
        files.status(PID, PID, "1000\t1000\t1000\t1000", "");
        assertEquals(ExitCause.UNKNOWN, Objects.requireNonNull(target.collect()).cause(), "a zero may be a veil");
    }

    @Test
    void wait08_interruptionsAreInvisible() throws ProcessException {
        process.ownChild = true;
        ForeignNumberTarget target = foundWithStart(100);
        process.exits(3);
        calls.fail("waitid", Errno.EINTR);
        assertEquals(3, Objects.requireNonNull(target.collect()).exitCode());
    }

    @Test
    void sig24_aSignalThatLinuxDoesNotHaveIsRefusedFirst() {
        ForeignNumberTarget target = foundWithStart(100);
        assertThrows(UnsupportedFeatureException.class, () -> target.signal(Signal.EMT));
        assertEquals(List.of(), calls.names());
    }

    @Test
    void d16_theIdentityHasTheStartTime() throws ProcessException {
        assertEquals(Map.of("start", "100"), foundWithStart(100).identity().marks());
    }

    @Test
    void d16_aKernelThatGivesZeroAsStartTimeGivesNoMark() {
        ForeignNumberTarget target = foundWithStart(0);
        assertEquals(
                ErrorKind.UNSUPPORTED,
                assertThrows(ProcessException.class, target::identity).kind());
    }
}
