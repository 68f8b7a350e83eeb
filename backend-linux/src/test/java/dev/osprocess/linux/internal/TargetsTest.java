// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.linux.Pidfd;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.ParentEnds;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own children, by pidfd and by number. */
final class TargetsTest {
    /** The two ways to hold a child of ours. */
    enum Hold {
        PIDFD,
        NUMBER;

        Target of(ScriptedSyscalls calls, FakeProcess process) {
            return this == PIDFD ? Scripts.ownByPidfd(calls, process) : Scripts.ownByNumber(calls, process);
        }

        String signalCall() {
            return this == PIDFD ? "pidfd_send_signal" : "kill";
        }
    }

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final FakeProcess process = calls.process(77);

    // ---- collecting
    // --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Hold.class)
    void wait10_nothingToReportIsNoEnd(Hold hold) throws ProcessException {
        assertNull(hold.of(calls, process).collect());
        assertFalse(process.reaped);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void wait02_anEndIsReapedInOneCall(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        process.exits(3);
        ProcessState state = Objects.requireNonNull(target.collect());
        assertEquals(3, state.exitCode());
        assertEquals(77, state.pid());
        assertTrue(process.reaped);
        assertEquals(1, calls.count("waitid"));
        assertEquals(1024_000, state.usage().orElseThrow().maxRssFloor().orElseThrow(), "PS-13");
        assertEquals(3 * 1024, state.usage().orElseThrow().maxRss().orElseThrow(), "PS-12: KiB to bytes");
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void wait09_stopsAndContinuesAreNoEnd(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        for (int code = 4; code <= 6; code++) { // trapped, stopped, continued
            process.reports(code, 19);
            assertNull(target.collect(), "code " + code);
        }
        assertEquals(Liveness.RUNNING, target.liveness());
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void wait08_interruptedCallsAreRepeated(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        process.exits(9);
        calls.fail("waitid", Errno.EINTR, Errno.EINTR, Errno.EINTR, Errno.EINTR, Errno.EINTR);
        assertEquals(9, Objects.requireNonNull(target.collect()).exitCode());
        calls.assertScriptUsedUp();
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void wait18_aStateThatSomebodyElseTookIsNoChild(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        process.exits(0).reaped();
        NoChildException taken = assertThrows(NoChildException.class, target::collect);
        assertEquals(77, taken.pid().orElseThrow());
        assertEquals("ECHILD", taken.nativeName().orElseThrow());
        assertThrows(ProcessDoneException.class, () -> target.signal(Signal.KILL));
        assertEquals(Liveness.GONE, target.liveness());
        assertEquals(List.of(), process.signals);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void wait18_theNumbersNewBearerIsNeitherSignalledNorCollected(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        process.exits(0).reaped();
        FakeProcess stranger = calls.process(77).foreign();
        assertThrows(NoChildException.class, target::collect);
        assertThrows(ProcessDoneException.class, () -> target.signal(Signal.KILL));
        assertThrows(ProcessDoneException.class, target::identity);
        assertEquals(List.of(), stranger.signals);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void ps17_aFloorThatCannotBeHadIsAbsent(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        process.exits(0);
        calls.fail("getrusage", Errno.EFAULT);
        assertTrue(Objects.requireNonNull(target.collect())
                .usage()
                .orElseThrow()
                .maxRssFloor()
                .isEmpty());
    }

    @Test
    void id18_aChildByPidfdIsNeverReachedByNumber() throws ProcessException {
        Target target = Hold.PIDFD.of(calls, process);
        target.signal(Signal.TERM);
        target.liveness();
        process.exits(0);
        target.liveness();
        target.collect();
        target.close();
        assertEquals(0, calls.count("kill"));
        for (String call : calls.calls()) {
            assertFalse(call.startsWith("waitid(" + LinuxAbi.P_PID + ","), call);
        }
    }

    @Test
    void rel13_closeIsTriedOnceEvenIfItFails() {
        Target target = Hold.PIDFD.of(calls, process);
        calls.fail("close", Errno.EINTR);
        assertDoesNotThrow(target::close);
        assertEquals(1, calls.count("close"));
    }

    @Test
    void hnd10_theHandleIsAPidfdWithItsKind() {
        Target target = Hold.PIDFD.of(calls, process);
        Pidfd pidfd = assertInstanceOf(Pidfd.class, target.handle());
        assertEquals(ScriptedSyscalls.FIRST_FD, pidfd.number());
        assertEquals("pidfd", pidfd.kind());
        assertSame(pidfd, target.handle());
        assertNull(Hold.NUMBER.of(calls, process).handle(), "HND-02");
    }

    // ---- signals
    // -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Hold.class)
    void sig01_namedRealTimeAndBareNumbersReachTheProcess(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        target.signal(Signal.USR1);
        target.signal(Signal.realTime(0));
        target.signal(Signal.of(64));
        target.signal(Signal.of(0));
        assertEquals(List.of(10, 34, 64, 0), process.signals);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void sig08_aZombieTakesSignalsAndKeepsItsState(Hold hold) throws ProcessException {
        Target target = hold.of(calls, process);
        process.exits(3);
        assertEquals(Liveness.EXITED, target.liveness());
        target.signal(Signal.KILL);
        assertEquals(3, Objects.requireNonNull(target.collect()).exitCode());
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void sig07_anUnknownNumberStaysInvalidWithItsErrno(Hold hold) {
        Target target = hold.of(calls, process);
        ProcessException failure = assertThrows(ProcessException.class, () -> target.signal(Signal.of(999)));
        assertEquals(ErrorKind.INVALID, failure.kind());
        assertEquals("EINVAL", failure.nativeName().orElseThrow());
        assertEquals(hold.signalCall(), failure.operation());
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void sig24_aSignalThatLinuxDoesNotHaveIsUnsupportedBeforeAnyCall(Hold hold) {
        Target target = hold.of(calls, process);
        for (Signal signal : List.of(Signal.EMT, Signal.INFO, Signal.realTime(31))) {
            UnsupportedFeatureException refusal =
                    assertThrows(UnsupportedFeatureException.class, () -> target.signal(signal));
            assertTrue(Scripts.message(refusal).contains(signal.toString()), refusal.getMessage());
        }
        assertEquals(List.of(), calls.names());
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void err16_everyErrnoOfASignalKeepsItsMeaning(Hold hold) {
        Target target = hold.of(calls, process);
        for (int errno : Errno.numbers()) {
            calls.fail(hold.signalCall(), errno);
            ProcessException failure = assertThrows(ProcessException.class, () -> target.signal(Signal.TERM));
            boolean gone = errno == Errno.ESRCH;
            assertEquals(gone ? ErrorKind.ALREADY_DONE : expectedKind(errno), failure.kind(), Errno.describe(errno));
            assertEquals(gone, failure instanceof ProcessDoneException, Errno.describe(errno));
            assertEvidence(failure, errno);
        }
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void err16_everyErrnoOfAWaitKeepsItsMeaning(Hold hold) {
        Target target = hold.of(calls, process);
        for (int errno : Errno.numbers()) {
            if (errno == Errno.EINTR) {
                continue; // invisible: wait08
            }
            calls.fail("waitid", errno);
            ProcessException failure = assertThrows(ProcessException.class, target::collect);
            boolean taken = errno == Errno.ECHILD;
            assertEquals(taken ? ErrorKind.NO_CHILD : expectedKind(errno), failure.kind(), Errno.describe(errno));
            assertEquals("waitid", failure.operation());
            assertEvidence(failure, errno);
        }
    }

    @Test
    void err16_everyErrnoOfAPollKeepsItsMeaning() {
        Target target = Hold.PIDFD.of(calls, process);
        for (int errno : Errno.numbers()) {
            if (errno == Errno.EINTR) {
                continue;
            }
            calls.fail("poll", errno);
            ProcessException failure = assertThrows(ProcessException.class, target::liveness);
            assertEquals(expectedKind(errno), failure.kind(), Errno.describe(errno));
            assertEvidence(failure, errno);
        }
    }

    private static void assertEvidence(ProcessException failure, int errno) {
        assertEquals(Errno.name(errno), failure.nativeName().orElseThrow());
        assertEquals(errno, failure.nativeNumber().orElseThrow());
        assertEquals(77, failure.pid().orElseThrow());
        assertEquals(
                errno,
                assertInstanceOf(ErrnoException.class, failure.getCause()).errno());
    }

    /** The table of rules ERR-01 and ERR-16, written out once more. */
    static ErrorKind expectedKind(int errno) {
        return switch (Errno.name(errno)) {
            case "ENOENT", "ENOTDIR", "ELOOP" -> ErrorKind.NOT_FOUND;
            case "EPERM", "EACCES", "EROFS" -> ErrorKind.PERMISSION;
            case "EINVAL", "EBADF", "E2BIG", "ENAMETOOLONG", "EISDIR" -> ErrorKind.INVALID;
            case "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "ENOSPC" -> ErrorKind.EXHAUSTED;
            case "ENOEXEC", "ETXTBSY", "ELIBBAD" -> ErrorKind.NOT_EXECUTABLE;
            case "ENOSYS", "EOPNOTSUPP" -> ErrorKind.UNSUPPORTED;
            default -> ErrorKind.SYSTEM;
        };
    }

    @Test
    void sig02_aProcessOfAnotherUserIsThereAlthoughItMayNotBeSignalled() throws ProcessException {
        Target target = Hold.PIDFD.of(calls, process);
        process.permitted = false;
        ProcessException failure = assertThrows(ProcessException.class, () -> target.signal(Signal.of(0)));
        assertEquals(ErrorKind.PERMISSION, failure.kind());
        process.exits(0);
        assertEquals(Liveness.EXITED, target.liveness(), "EPERM was read as gone");
    }

    @Test
    void wait08_anInterruptedPollIsRepeated() throws ProcessException {
        calls.fail("poll", Errno.EINTR, Errno.EINTR);
        assertEquals(Liveness.RUNNING, Hold.PIDFD.of(calls, process).liveness());
    }

    // ---- identity
    // ----------------------------------------------------------------------------------------------------

    @Test
    void d16_theIdentityHoldsWhatTheSystemTells() throws ProcessException {
        ScriptedProcFiles files = ScriptedProcFiles.ours()
                .link("/proc/self/ns/pid", "pid:[4026531836]")
                .file("/proc/sys/kernel/random/boot_id", "b00t-id\n")
                .stat(77, "x", 'S', 12345, 0);
        int pidfd = calls.pidfdOf(process);
        files.file("/proc/self/fdinfo/" + pidfd, "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t991\nPid:\t77\n");
        calls.fileSystemType = LinuxAbi.PIDFS_MAGIC;
        Target target = new OwnPidfdTarget(Scripts.system(calls, files), 77, pidfd, ParentEnds.NONE, false);
        ProcessIdentity identity = target.identity();
        assertEquals("linux", identity.system());
        assertEquals(Map.of("boot", "b00t-id", "ns", "4026531836", "inode", "991", "start", "12345"), identity.marks());
    }

    @Test
    void d16_anInodeThatIsNotPidfsIsNoMark() throws ProcessException {
        ScriptedProcFiles files = ScriptedProcFiles.ours().stat(77, "x", 'S', 12345, 0);
        int pidfd = calls.pidfdOf(process);
        files.file("/proc/self/fdinfo/" + pidfd, "ino:\t1057\n"); // anon_inode: the same for all
        Target target = new OwnPidfdTarget(Scripts.system(calls, files), 77, pidfd, ParentEnds.NONE, false);
        assertEquals(Map.of("start", "12345"), target.identity().marks());
    }

    @Test
    void d16_withoutStartTimeAndInodeThereIsNoIdentity() {
        Target target = Scripts.ownByPidfd(calls, process);
        ProcessException failure = assertThrows(ProcessException.class, target::identity);
        assertEquals(ErrorKind.UNSUPPORTED, failure.kind());
    }

    @Test
    void d16_aProcessThatWasReapedMeanwhileHasNoIdentity() {
        Target target = Scripts.ownByPidfd(calls, process);
        process.exits(0).reaped();
        assertThrows(ProcessDoneException.class, target::identity);
    }
}
