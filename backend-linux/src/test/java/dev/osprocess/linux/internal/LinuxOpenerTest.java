// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinuxOpenerTest {
    private static final String IDS = "0\t0\t0\t0";

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final ScriptedProcFiles files = ScriptedProcFiles.ours();

    private Target open(long pid) throws ProcessException {
        return new LinuxOpener(Scripts.system(calls, files)).open(pid);
    }

    private Target openByNumber(long pid) throws ProcessException {
        return new LinuxOpener(Scripts.byNumber(calls, files)).open(pid);
    }

    @Test
    void id04_aLiveProcessIsHeldByItsPidfd() throws ProcessException {
        calls.process(9).foreign();
        assertInstanceOf(ForeignPidfdTarget.class, open(9));
        assertEquals(List.of("pidfd_open(9, 0)"), calls.calls(), "nothing by number");
    }

    @Test
    void id05_aMissingProcessIsDone() {
        ProcessDoneException done = assertThrows(ProcessDoneException.class, () -> open(9));
        assertEquals("ESRCH", done.nativeName().orElseThrow());
        assertThrows(ProcessDoneException.class, () -> openByNumber(9));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {Errno.EPERM, Errno.EACCES, Errno.EMFILE, Errno.ENFILE, Errno.ENOSYS, Errno.EINVAL, Errno.ENODEV})
    void id06_anotherFailureOfThePidfdMeansPidModeAndNotDone(int errno) throws ProcessException {
        calls.process(9).foreign();
        calls.fail("pidfd_open", errno);
        Target target = open(9);
        assertInstanceOf(ForeignNumberTarget.class, target);
        assertEquals(Liveness.RUNNING, target.liveness());
    }

    @Test
    void id06_aFailureOfThePidfdForAProcessThatIsGoneIsDone() {
        calls.fail("pidfd_open", Errno.EMFILE);
        assertThrows(ProcessDoneException.class, () -> open(9));
    }

    @Test
    void sig02_aProcessThatMayNotBeSignalledIsThere() throws ProcessException {
        calls.process(9).foreign().permitted = false;
        assertInstanceOf(ForeignNumberTarget.class, openByNumber(9));
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, (1L << 32) + 9, Long.MAX_VALUE})
    void id09_aNumberThatIsTooWideIsNotNarrowed(long pid) {
        calls.process(9).foreign();
        ProcessDoneException done = assertThrows(ProcessDoneException.class, () -> open(pid));
        assertEquals(pid, done.pid().orElseThrow());
        assertEquals(List.of(), calls.names());
    }

    @Test
    void id09_theWidestNumberIsAsked() {
        assertThrows(ProcessDoneException.class, () -> open(Integer.MAX_VALUE));
        assertEquals(List.of("pidfd_open(2147483647, 0)"), calls.calls());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOENT, Errno.EINVAL})
    void id15_aThreadIsNoProcess(int errno) {
        calls.process(90).foreign(); // kill(2) takes thread ids
        calls.fail("pidfd_open", errno);
        files.status(90, 9, IDS, "");
        ProcessDoneException done = assertThrows(ProcessDoneException.class, () -> open(90));
        assertTrue(Scripts.message(done).contains("thread of process 9"), done.getMessage());
    }

    @Test
    void id15_aThreadIsNoProcessInPidModeEither() {
        calls.process(90).foreign();
        files.status(90, 9, IDS, "");
        assertThrows(ProcessDoneException.class, () -> openByNumber(90));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOENT, Errno.EINVAL})
    void id15_theSameAnswerForAProcessIsPidMode(int errno) throws ProcessException {
        calls.process(9).foreign();
        files.status(9, 9, IDS, "");
        calls.fail("pidfd_open", errno);
        assertInstanceOf(ForeignNumberTarget.class, open(9));
    }

    @Test
    void id15_anUnreadableStatusIsNoThread() throws ProcessException {
        calls.process(9).foreign();
        calls.fail("pidfd_open", Errno.EINVAL);
        assertInstanceOf(ForeignNumberTarget.class, open(9));
    }
}
