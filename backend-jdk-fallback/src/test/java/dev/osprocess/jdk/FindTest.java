// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Processes that somebody else started, and our own found by number: for real. */
final class FindTest extends RealProcesses {
    private static final String TERMINATED = "ended, status unknown: exit status 143, or signal 15";

    /** A process that is no child of ours: a shell's, whose number the shell prints. */
    private OsProcess grandchild(OsProcess[] shell, String command, String after) throws Exception {
        shell[0] = start(
                ProcessAttributes.builder()
                        .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                        .build(),
                SH,
                "-c",
                command + " >/dev/null 2>&1 </dev/null & echo $!; " + after);
        StringBuilder line = new StringBuilder();
        java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
        while (shell[0].pipe(1).read(one) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
            one.clear();
        }
        return OsProcess.find(Long.parseLong(line.toString()));
    }

    @Test
    void id04_wait07_wait29_aStrangerIsWaitedForAndHowItEndedIsNotInvented() throws Exception {
        OsProcess[] shell = new OsProcess[1];
        try (OsProcess stranger = grandchild(shell, "sleep 300", "wait; exit 0")) {
            assertEquals(Liveness.RUNNING, stranger.liveness());
            stranger.signal(Signal.of(0));
            var future = stranger.onExit();
            assertTrue(stranger.kill());
            ProcessState state = ended(stranger);
            assertEquals(ExitCause.UNKNOWN, state.cause());
            assertEquals(-1, state.exitCode());
            assertFalse(state.success());
            assertEquals("ended, status unknown", state.toString());
            assertEquals(state, future.get());
            assertEquals(ProcessStatus.DONE, stranger.status());
            assertFalse(stranger.kill());
            assertThrows(ProcessDoneException.class, () -> stranger.signal(Signal.TERM));
        }
        assertEquals(0, ended(shell[0]).exitCode());
    }

    @Test
    void id14_aStrangersZombieHasEndedThoughTheJdkCallsItAlive() throws Exception {
        OsProcess[] shell = new OsProcess[1];
        // the shell becomes a program that reaps nobody
        try (OsProcess stranger = grandchild(shell, "sleep 300", "exec cat")) {
            Path name = Path.of("/proc", Long.toString(shell[0].pid()), "comm");
            await("the shell is gone", () -> read(name).equals("cat\n"));
            assertTrue(stranger.kill());
            ProcessState state = ended(stranger);
            assertEquals(ExitCause.UNKNOWN, state.cause());
            assertTrue(ProcessHandle.of(stranger.pid()).orElseThrow().isAlive(), "so the JDK says");
            try (OsProcess again = OsProcess.find(stranger.pid())) {
                assertEquals(Liveness.EXITED, again.liveness());
            }
        }
        shell[0].pipe(0).close();
        ended(shell[0]);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void id05_aMissingPidIsDoneFromBirth() throws Exception {
        OsProcess child = sh("exit 0");
        ended(child);
        OsProcess gone = OsProcess.find(child.pid());
        assertEquals(ProcessStatus.DONE, gone.status());
        assertThrows(ProcessDoneException.class, () -> gone.signal(Signal.TERM));
        assertThrows(ProcessDoneException.class, gone::waitFor);
        assertTrue(OsProcess.findLive(child.pid()).isEmpty());
    }

    @Test
    void id07_id09_numbersThatAreNoPidReachNobody() throws Exception {
        OsProcess child = sh("exec sleep 300");
        assertThrows(IllegalArgumentException.class, () -> OsProcess.find(0));
        assertThrows(IllegalArgumentException.class, () -> OsProcess.find(-child.pid()));
        for (long wide : new long[] {(1L << 32) + child.pid(), (1L << 31) + 1, Long.MAX_VALUE}) {
            try (OsProcess found = OsProcess.find(wide)) {
                assertEquals(ProcessStatus.DONE, found.status());
                assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
            }
        }
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void id15_aThreadIsNoProcess() throws Exception {
        long self = ProcessHandle.current().pid();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            List<Long> threads = tasks.map(
                            task -> Long.parseLong(task.getFileName().toString()))
                    .filter(id -> id != self)
                    .toList();
            assertFalse(threads.isEmpty());
            ProcessException gone = assertThrows(ProcessException.class, () -> new JdkBackend().open(threads.get(0)));
            assertEquals(ErrorKind.ALREADY_DONE, gone.kind());
        }
    }

    @Test
    void id10_sig26_oneselfIsFoundAndNeitherWaitedForNorEnded() throws Exception {
        long self = OsProcess.currentPid();
        try (OsProcess found = OsProcess.find(self)) {
            assertEquals(Liveness.RUNNING, found.liveness());
            found.signal(Signal.of(0));
            assertEquals(
                    ErrorKind.INVALID,
                    assertThrows(ProcessException.class, found::waitFor).kind());
            assertEquals(
                    ErrorKind.INVALID,
                    assertThrows(ProcessException.class, found::kill).kind());
        }
        try (OsProcess current = OsProcess.current()) {
            UnsupportedFeatureException refused =
                    assertThrows(UnsupportedFeatureException.class, () -> current.signal(Signal.TERM));
            assertEquals("signals to this JVM itself", refused.feature());
            assertThrows(UnsupportedFeatureException.class, current::kill);
        }
    }

    @Test
    void id11_aChildOfOursFoundByItsNumberTellsTheSameAndTakesNothing() throws Exception {
        OsProcess child = sh("exec sleep 300");
        OsProcess found = OsProcess.find(child.pid());
        OsProcess released = OsProcess.find(child.pid());
        released.release();
        child.signal(Signal.TERM);
        assertEquals(TERMINATED, ended(found).toString());
        assertEquals(TERMINATED, ended(child).toString());
        OsProcess other = sh("exec sleep 0.05; exit 3");
        OsProcess again = OsProcess.find(other.pid());
        assertEquals(ended(other).exitCode(), ended(again).exitCode());
    }

    @Test
    void id13_d16_anIdentityFindsTheProcessAgainAndNoOther() throws Exception {
        OsProcess child = sh("exec sleep 300");
        ProcessIdentity identity = child.identity();
        assertEquals("linux", identity.system(), "of the form of the Linux backend, so that either finds it");
        assertTrue(identity.marks().keySet().containsAll(List.of("boot", "start")), identity.toString());
        try (OsProcess found = OsProcess.find(ProcessIdentity.parse(identity.toString()))) {
            assertEquals(Liveness.RUNNING, found.liveness());
            assertEquals(identity, found.identity());
        }
        var marks = new java.util.TreeMap<>(identity.marks());
        marks.put("start", "1");
        OsProcess other = OsProcess.find(ProcessIdentity.of("linux", child.pid(), marks));
        assertEquals(ProcessStatus.DONE, other.status());
        child.kill();
        ended(child);
        assertEquals(ProcessStatus.DONE, OsProcess.find(identity).status());
        assertEquals(identity, child.identity(), "it was read before");
    }
}
