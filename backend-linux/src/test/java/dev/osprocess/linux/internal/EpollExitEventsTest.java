// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EpollExitEventsTest {
    private static final int EPOLL = ScriptedSyscalls.FIRST_FD;
    private static final int WAKE = ScriptedSyscalls.FIRST_FD + 1;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final List<Long> ended = new ArrayList<>();

    private EpollExitEvents events() throws ProcessException {
        EpollExitEvents events = EpollExitEvents.open(calls);
        calls.forgetCalls();
        return events;
    }

    private Target target(int pid) {
        return Scripts.ownByPidfd(calls, calls.process(pid));
    }

    @Test
    void conc15_bothDescriptorsAreThereBeforeTheFirstChildAndCloseOnExec() throws ProcessException {
        EpollExitEvents.open(calls);
        assertEquals(
                List.of(
                        "epoll_create1(" + LinuxAbi.O_CLOEXEC + ")",
                        "eventfd(" + (LinuxAbi.O_CLOEXEC | LinuxAbi.O_NONBLOCK) + ")",
                        "epoll_ctl(" + EPOLL + ", " + LinuxAbi.EPOLL_CTL_ADD + ", " + WAKE + ", " + LinuxAbi.EPOLLIN
                                + ", 0)"),
                calls.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll_create1", "eventfd", "epoll_ctl"})
    void start26_whatCannotBeOpenedWhollyIsClosed(String call) {
        calls.fail(call, Errno.EMFILE);
        ProcessException failure = assertThrows(ProcessException.class, () -> EpollExitEvents.open(calls));
        assertEquals(ErrorKind.EXHAUSTED, failure.kind());
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void wait34_theDataOfARegistrationIsTheKeyAndNeverADescriptor() throws ProcessException {
        EpollExitEvents events = events();
        Target target = target(50);
        assertTrue(events.add(0x1234_5678_9ABCL, target));
        assertEquals(
                List.of("epoll_ctl(" + EPOLL + ", " + LinuxAbi.EPOLL_CTL_ADD + ", " + (WAKE + 1) + ", "
                        + LinuxAbi.EPOLLIN + ", " + 0x1234_5678_9ABCL + ")"),
                calls.calls());
        calls.ready(0x1234_5678_9ABCL, 7);
        events.await(0, ended::add);
        assertEquals(List.of(0x1234_5678_9ABCL, 7L), ended);
    }

    @Test
    void rel_aRegistrationIsDeletedFromTheEventsOnRemove() throws ProcessException {
        EpollExitEvents events = events();
        Target target = target(50);
        events.add(1, target);
        calls.forgetCalls();
        events.remove(1, target);
        assertEquals(
                List.of("epoll_ctl(" + EPOLL + ", " + LinuxAbi.EPOLL_CTL_DEL + ", " + (WAKE + 1) + ", 0, 0)"),
                calls.calls());
    }

    @Test
    void aRegistrationThatCannotBeDeletedIsAnInternalErrorLoudly() throws ProcessException {
        EpollExitEvents events = events();
        Target target = target(50);
        events.add(1, target);
        calls.fail("epoll_ctl", Errno.ENOENT);
        AssertionError error = assertThrows(AssertionError.class, () -> events.remove(1, target));
        assertTrue(Scripts.message(error).contains("pid 50"), error.getMessage());
    }

    @Test
    void aTargetWithoutPidfdHasNoEvents() throws ProcessException {
        EpollExitEvents events = events();
        Target byNumber = Scripts.ownByNumber(calls, calls.process(50));
        assertFalse(events.add(1, byNumber));
        events.remove(1, byNumber);
        assertEquals(List.of(), calls.names());
    }

    @Test
    void aFullEpollIsReportedSoThatTheEngineLooksByDeadline() throws ProcessException {
        EpollExitEvents events = events();
        calls.fail("epoll_ctl", Errno.ENOSPC);
        Target target = target(50);
        ProcessException failure = assertThrows(ProcessException.class, () -> events.add(1, target));
        assertEquals(ErrorKind.EXHAUSTED, failure.kind());
        assertEquals(50, failure.pid().orElseThrow());
    }

    @Test
    void wait08_anInterruptedWaitReturnsEarlyAndIsNoError() throws ProcessException {
        EpollExitEvents events = events();
        calls.fail("epoll_wait", Errno.EINTR);
        events.await(-1, ended::add);
        assertEquals(List.of(), ended);
        calls.assertScriptUsedUp();
    }

    @Test
    void aBrokenEpollIsReported() throws ProcessException {
        EpollExitEvents events = events();
        calls.fail("epoll_wait", Errno.EBADF);
        ProcessException failure = assertThrows(ProcessException.class, () -> events.await(-1, ended::add));
        assertEquals("epoll_wait", failure.operation());
        assertEquals(ErrorKind.INVALID, failure.kind());
    }

    @ParameterizedTest
    @CsvSource({
        "-1,-1",
        "-9223372036854775808,-1",
        "0,0",
        "1,1", // never rounded down to a busy loop
        "999999,1",
        "1000000,1",
        "1000001,2",
        "50000000,50",
        "2147483646999999,2147483647",
        "2147483647000000,2147483647",
        "2147483647000001,2147483647",
        "9223372036853775807,2147483647",
        "9223372036853775808,2147483647",
        "9223372036854775807,2147483647"
    })
    void wait24_nanosecondsAreRoundedUpToMillisecondsAndNeverOverflow(long nanos, int millis) throws ProcessException {
        EpollExitEvents events = events();
        events.await(nanos, ended::add);
        assertEquals(List.of("epoll_wait(" + EPOLL + ", " + millis + ")"), calls.calls());
    }

    @Test
    void theWakeupIsDrainedAndNobodysEnd() throws ProcessException {
        EpollExitEvents events = events();
        events.wakeup();
        calls.ready(5, 0, 6);
        events.await(-1, ended::add);
        assertEquals(
                List.of("write(" + WAKE + ")", "epoll_wait(" + EPOLL + ", -1)", "read(" + WAKE + ")"), calls.calls());
        assertEquals(List.of(5L, 6L), ended);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EINTR})
    void aWakeupThatIsDrainedAlreadyIsNoError(int errno) throws ProcessException {
        EpollExitEvents events = events();
        calls.fail("read", errno).ready(0);
        events.await(-1, ended::add);
        calls.assertScriptUsedUp();
    }

    @Test
    void aFullCounterStillWakes() throws ProcessException {
        EpollExitEvents events = events();
        calls.fail("write", Errno.EAGAIN);
        assertDoesNotThrow(events::wakeup);
    }

    @Test
    void aBrokenEventfdIsAnInternalErrorLoudly() throws ProcessException {
        EpollExitEvents events = events();
        calls.fail("write", Errno.EBADF);
        assertThrows(AssertionError.class, events::wakeup);
    }

    @Test
    void closeGivesBothDescriptorsBack() throws ProcessException {
        EpollExitEvents events = events();
        events.close();
        assertEquals(Map.of(), calls.open());
    }
}
