// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** D17: what is said of a process that was found, by what the system tells. */
final class ForeignPidfdTargetTest {
    private static final int PID = 55;
    private static final String OUR_USER = "1000\t1000\t1000\t1000";
    private static final String OTHER_USER = "2000\t2000\t2000\t2000";

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final ScriptedProcFiles files = ScriptedProcFiles.ours()
            .status(ScriptedProcFiles.SELF, ScriptedProcFiles.SELF, OUR_USER, "CapEff:\t0000000000000000\n");
    private final FakeProcess process = calls.process(PID).foreign();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may wrap around
    private final ForeignPidfdTarget target =
            new ForeignPidfdTarget(Scripts.system(calls, files), PID, calls.pidfdOf(process), clock::get);

    private void zombie(String user, int exitCode) {
        process.exits(exitCode >> 8);
        files.stat(PID, "x", 'Z', 5, exitCode).status(PID, PID, user, "");
    }

    private void reapedByItsParent() {
        process.reaped();
        files.gone(PID);
    }

    private ProcessState collected() throws ProcessException {
        return Objects.requireNonNull(target.collect());
    }

    @Test
    void wait01_aProcessThatRunsHasNoState() throws ProcessException {
        files.stat(PID, "x", 'S', 5, 0);
        assertNull(target.collect());
        assertEquals(1, calls.names().size(), "one poll is enough: " + calls.calls());
    }

    @Test
    void d18_anOwnChildIsLookedAtAndLeftToItsOwner() throws ProcessException {
        process.ownChild = true;
        process.exits(4);
        assertEquals(4, collected().exitCode());
        assertEquals(4, collected().exitCode());
        assertFalse(process.reaped, "a found object reaped");
    }

    @Test
    void ps13_ofAnOwnChildTheFloorIsNotKnownToAFoundObject() throws ProcessException {
        process.ownChild = true;
        process.exits(4);
        assertTrue(collected().usage().orElseThrow().maxRssFloor().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0,EXITED,0", "1792,EXITED,7", "65280,EXITED,255", "9,SIGNALED,-1", "139,SIGNALED,-1"})
    void d17_aZombieOfOurUserTellsItsExitCode(int word, ExitCause cause, long code) throws ProcessException {
        zombie(OUR_USER, word);
        ProcessState state = collected();
        assertEquals(cause, state.cause());
        assertEquals(code, state.exitCode());
        assertEquals(word, state.rawStatus().orElseThrow());
        assertTrue(state.usage().isEmpty(), "PS-17");
    }

    @Test
    void d17_aZeroThatMayBeAVeilIsNotBelieved() throws ProcessException {
        zombie(OTHER_USER, 0);
        assertNull(target.collect());
    }

    @Test
    void d17_anotherUsersCodeThatIsNotZeroIsTheTruth() throws ProcessException {
        zombie(OTHER_USER, 1792);
        assertEquals(7, collected().exitCode());
    }

    @Test
    void d17_afterTheReapThePidfdTells() throws ProcessException {
        calls.givesPidfdInfo = true;
        process.exits(6).exitStatus = 6 << 8;
        reapedByItsParent();
        assertEquals(6, collected().exitCode());
    }

    @Test
    void d17_afterTheReapASignalAndItsCoreAreTold() throws ProcessException {
        calls.givesPidfdInfo = true;
        process.exits(0).exitStatus = 11 | 0x80;
        reapedByItsParent();
        assertTrue(collected().coreDumped());
    }

    @Test
    void d17_afterTheReapWithoutThatInformationTheStateIsUnknownAndNotAZero() throws ProcessException {
        process.exits(6);
        reapedByItsParent();
        ProcessState state = collected();
        assertEquals(ExitCause.UNKNOWN, state.cause());
        assertEquals(-1, state.exitCode());
        assertTrue(state.rawStatus().isEmpty());
    }

    @Test
    void d17_theInformationWinsOverAStatLineThatWasRead() throws ProcessException {
        calls.givesPidfdInfo = true;
        zombie(OUR_USER, 0);
        process.reaped().exitStatus = 6 << 8; // reaped after the stat line was read
        assertEquals(6, collected().exitCode());
    }

    @Test
    void id12_aStatLineIsNotBelievedIfTheProcessWasReapedAfterwards() throws ProcessException {
        zombie(OUR_USER, 1792); // may be of the number's next bearer
        process.reaped();
        assertEquals(ExitCause.UNKNOWN, collected().cause());
    }

    @Test
    void d17_aStatLineOfALiveStrangerIsNotAnEnd() throws ProcessException {
        process.exits(0).reaped();
        files.stat(PID, "newcomer", 'S', 99, 0).status(PID, PID, OUR_USER, "");
        assertEquals(ExitCause.UNKNOWN, collected().cause());
    }

    @Test
    void d17_aHiddenZombieIsGivenABoundedTimeAndThenIsUnknown() throws ProcessException {
        process.exits(0); // and no line in proc
        assertNull(target.collect());
        clock.addAndGet(ForeignPidfdTarget.PATIENCE_NANOS - 1);
        assertNull(target.collect(), "given up too early");
        clock.addAndGet(1);
        assertEquals(ExitCause.UNKNOWN, collected().cause());
    }

    @Test
    void d17_patienceBeginsWithTheEndAndNotWithTheFind() throws ProcessException {
        assertNull(target.collect());
        clock.addAndGet(10 * ForeignPidfdTarget.PATIENCE_NANOS);
        process.exits(0);
        assertNull(target.collect());
    }

    @Test
    void d17_duringPatienceTheReapBringsTheTruth() throws ProcessException {
        calls.givesPidfdInfo = true;
        zombie(OTHER_USER, 0);
        assertNull(target.collect());
        process.exitStatus = 0;
        reapedByItsParent();
        assertEquals(0, collected().exitCode());
        assertEquals(ExitCause.EXITED, collected().cause());
    }

    @Test
    void sig02_aProcessThatMayNotBeSignalledIsNotTakenForReaped() throws ProcessException {
        zombie(OTHER_USER, 0);
        process.permitted = false;
        assertNull(target.collect());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.EINVAL, Errno.EBADF})
    void err16_aFailingLookIsAnErrorAndNoEnd(int errno) {
        process.exits(0);
        calls.fail("waitid", errno);
        ProcessException failure = assertThrows(ProcessException.class, target::collect);
        assertEquals(LinuxErrors.kind(errno), failure.kind());
        calls.fail("poll", Errno.ENOMEM);
        assertEquals(
                ErrorKind.EXHAUSTED,
                assertThrows(ProcessException.class, target::collect).kind());
    }

    @Test
    void wait08_interruptionsAreInvisible() throws ProcessException {
        zombie(OUR_USER, 1792);
        calls.fail("poll", Errno.EINTR).fail("waitid", Errno.EINTR, Errno.EINTR);
        assertEquals(7, collected().exitCode());
    }
}
