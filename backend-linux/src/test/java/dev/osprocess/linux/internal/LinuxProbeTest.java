// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LinuxProbeTest {
    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
    private static final String CHDIR = "posix_spawn_file_actions_addchdir_np";

    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private LinuxProbe probe(String property) {
        return LinuxProbe.of(calls, ScriptedProcFiles.ours(), property);
    }

    @Test
    void probePerformsEachCallOnItselfAndLeavesNothingOpen() {
        LinuxProbe probe = probe("");
        assertTrue(probe.availability().isAvailable());
        assertTrue(probe.system().pidfds());
        assertNull(probe.pidfdObstacle());
        assertEquals(List.of("getpid", "pidfd_open", "pidfd_send_signal", "waitid", "close"), calls.names());
        assertEquals(Map.of(), calls.open());
    }

    @ParameterizedTest
    @CsvSource({
        "pidfd_open,38,ENOSYS", "pidfd_open,1,EPERM", "pidfd_open,22,EINVAL",
        "pidfd_send_signal,38,ENOSYS", "pidfd_send_signal,1,EPERM", "pidfd_send_signal,22,EINVAL",
        "waitid,38,ENOSYS", "waitid,1,EPERM", "waitid,22,EINVAL"
    })
    void id06_aCallThatFailsMeansPidModeWithTheCause(String call, int errno, String name) {
        LinuxProbe probe = probeAfter(call, errno);
        assertTrue(probe.availability().isAvailable(), "without pidfds the backend still serves");
        assertFalse(probe.system().pidfds());
        ErrnoException obstacle = Objects.requireNonNull(probe.pidfdObstacle());
        assertEquals(call, obstacle.call());
        assertEquals(errno, obstacle.errno());
        assertTrue(Scripts.message(obstacle).contains(name), obstacle.getMessage());
        assertEquals(Map.of(), calls.open());
        calls.assertScriptUsedUp();
    }

    private LinuxProbe probeAfter(String call, int errno) {
        calls.fail(call, errno);
        return probe("");
    }

    @Test
    void aWaitidThatSucceedsOnOurselvesIsNotBelieved() {
        calls.process(ScriptedProcFiles.SELF); // its own child, which cannot be
        assertFalse(probe("").system().pidfds());
    }

    @Test
    void pidfdsThatAreSwitchedOffAreNotTriedAndNoObstacle() {
        LinuxProbe probe = probe("off");
        assertTrue(probe.availability().isAvailable());
        assertFalse(probe.system().pidfds());
        assertNull(probe.pidfdObstacle());
        assertEquals(List.of("getpid"), calls.names());
    }

    @Test
    void d11_aSettingThatIsNeitherOnNorOffIsNamedAndIgnored() {
        LinuxProbe probe = probe("Off");
        assertTrue(probe.system().pidfds());
        assertEquals(
                "the system property dev.osprocess.linux.pidfd is 'Off', which is neither 'on' nor 'off': it is ignored.",
                probe.remark());
        for (String known : List.of("", "on", "off")) {
            assertEquals("", probe(known).remark());
        }
        calls.fail("pidfd_open", Errno.ENOSYS);
        String both = probe("no").remark();
        assertTrue(both.contains("'no'") && both.contains("pidfds cannot be used here (pidfd_open: ENOSYS"), both);
    }

    @Test
    void d11_whatTheProbeRemarksIsSaidWhenTheBackendIsTakenIntoUse() throws ProcessException {
        Logger logger = Logger.getLogger("dev.osprocess");
        List<String> said = new ArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.add(entry.getLevel() + " " + entry.getMessage());
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        LinuxProbe probe = probe("yes");
        logger.addHandler(listener);
        try {
            new LinuxBackend(probe).exitEvents().close();
            new LinuxBackend(probe("on")).exitEvents().close();
        } finally {
            logger.removeHandler(listener);
        }
        assertEquals(List.of("WARNING " + probe.remark()), said);
    }

    @Test
    void hnd02_withoutPidfdsTheCapabilityIsNotClaimed() {
        LinuxBackend with = new LinuxBackend(probe(""));
        LinuxBackend without = new LinuxBackend(probe("off"));
        assertEquals("pidfd", with.handleKind());
        assertEquals("pid", without.handleKind());
        assertTrue(with.capabilities().containsAll(List.of(Capability.HANDLE, Capability.FOREIGN_EXIT_EVENT)));
        assertFalse(without.capabilities().contains(Capability.HANDLE));
        assertFalse(without.capabilities().contains(Capability.FOREIGN_EXIT_EVENT));
    }

    @Test
    void start19_withoutCloseFromALowLimitIsServedByClosingEachNumber() {
        calls.lacks(CLOSE_FROM).openFilesLimit = CloseFrom.MOST_NUMBERS;
        LinuxProbe probe = probe("");
        assertTrue(probe.availability().isAvailable());
        assertFalse(probe.system().closeFrom());
    }

    @Test
    void start19_withoutCloseFromAHighLimitIsUnavailableAndSaysWhatToDo() {
        calls.lacks(CLOSE_FROM).openFilesLimit = CloseFrom.MOST_NUMBERS + 1;
        LinuxProbe probe = probe("");
        assertFalse(probe.availability().isAvailable());
        String cause = probe.availability().cause();
        assertTrue(cause.contains(CLOSE_FROM) && cause.contains("ulimit -n 65536"), cause);
        assertThrows(IllegalStateException.class, probe::system);
    }

    @Test
    void start19_withoutCloseFromAnUnknownLimitIsUnavailable() {
        calls.lacks(CLOSE_FROM).fail("getrlimit", Errno.EPERM);
        LinuxProbe probe = probe("");
        assertFalse(probe.availability().isAvailable());
        assertTrue(
                probe.availability().cause().contains("getrlimit: EPERM"),
                probe.availability().cause());
    }

    @Test
    void aMissingChdirIsRememberedAndDoesNotMakeTheBackendUnavailable() {
        calls.lacks(CHDIR);
        LinuxProbe probe = probe("");
        assertTrue(probe.availability().isAvailable());
        assertFalse(probe.system().chdir());
    }

    @Test
    void theProbeDoesNotNeedProc() {
        assertTrue(
                LinuxProbe.of(calls, ScriptedProcFiles.missing(), "").system().pidfds());
    }
}
