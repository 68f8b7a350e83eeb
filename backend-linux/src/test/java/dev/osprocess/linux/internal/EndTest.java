// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.linux.Pidfd;
import dev.osprocess.linux.Surroundings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How children end, and what signals do to them. */
final class EndTest extends KernelTest {
    @TempDir
    private Path directory;

    private OsProcess shell(String script) throws ProcessException {
        return start(quiet().build(), "/bin/sh", "-c", script);
    }

    // ---- exit codes
    // --------------------------------------------------------------------------------------------------

    @Test
    void ps04_everyExitCodeIsReportedExactly() throws Exception {
        for (int code = 0; code <= 255; code++) {
            ProcessState state = end(shell("exit " + code));
            assertEquals(ExitCause.EXITED, state.cause());
            assertEquals(code, state.exitCode());
            assertEquals(code == 0, state.success());
            assertTrue(state.signal().isEmpty());
            assertEquals((long) code << 8, state.rawStatus().orElseThrow());
        }
    }

    @Test
    void wait12_anExitWith137IsNotAKill() throws Exception {
        assertEquals("exit status 137", end(shell("exit 137")).toString());
        OsProcess killed = sleeper();
        assertTrue(killed.kill());
        assertEquals("signal: killed", end(killed).toString());
    }

    // ---- signals
    // -----------------------------------------------------------------------------------------------------

    /** Signals that end a program by default (signal(7)). */
    static IntStream endingSignals() {
        return IntStream.concat(
                IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 25, 26, 27, 29, 30, 31),
                IntStream.rangeClosed(34, 64));
    }

    @ParameterizedTest
    @MethodSource("endingSignals")
    void sig01_everySignalThatEndsByDefaultIsReportedExactly(int number) throws Exception {
        long ignored = showsSignals() ? Long.parseUnsignedLong(statusField(RAW.getpid(), "SigIgn"), 16) : 0;
        assumeTrue(
                number == LinuxAbi.SIGPIPE || (ignored >> (number - 1) & 1) == 0,
                "signal " + number
                        + " was ignored when this JVM was started, and so its children ignore it (START-21)");
        OsProcess child = shell("ulimit -c 0; exec sleep 1000");
        await("sleep", () -> statusField(child.pid(), "Name"));
        child.signal(Signal.of(number));
        ProcessState state = end(child);
        assertEquals(ExitCause.SIGNALED, state.cause());
        assertEquals(LinuxSignals.signal(number), state.signal().orElseThrow());
        assertEquals(-1, state.exitCode());
        assertEquals(number, state.rawStatus().orElseThrow() & 0x7F);
    }

    @Test
    void sig24_aRealTimeSignalIsCountedFromTheFirst() throws Exception {
        OsProcess child = sleeper();
        child.signal(Signal.realTime(0));
        assertEquals("signal: signal 34", end(child).toString());
    }

    @Test
    void sig01_aHandlerRuns() throws Exception {
        OsProcess child = shell("trap 'exit 9' TERM; : >" + directory + "/ready; while :; do sleep 0.01; done");
        await(true, () -> Files.exists(directory.resolve("ready")));
        child.signal(Signal.TERM);
        assertEquals(9, end(child).exitCode());
    }

    @Test
    void ps06_theCoreFlagIsTheKernels() throws Exception {
        OsProcess none = shell("ulimit -c 0; kill -SEGV $$");
        ProcessState without = end(none);
        assertEquals(Signal.SEGV, without.signal().orElseThrow());
        Path setting = Path.of("/proc/sys/kernel/core_pattern");
        assumeTrue(Files.exists(setting), "needs " + setting + ", which says whether cores are written");
        String pattern = Files.readString(setting, StandardCharsets.UTF_8).trim();
        assumeTrue(!pattern.startsWith("|"), "core_pattern is a pipe (" + pattern + "): the flag is the helper's");
        assertFalse(without.coreDumped());
        assumeTrue(
                end(shell("ulimit -c unlimited")).success(), "the hard limit of core files (ulimit -Hc) allows none");
        assumeTrue(!pattern.startsWith("/") && !pattern.isEmpty(), "core_pattern " + pattern + " writes elsewhere");
        OsProcess dumping =
                start(quiet().directory(directory).build(), "/bin/sh", "-c", "ulimit -c unlimited; kill -SEGV $$");
        ProcessState state = end(dumping);
        assertEquals("signal: segmentation fault (core dumped)", state.toString());
        assertEquals(11 | 0x80, state.rawStatus().orElseThrow());
    }

    @Test
    void sig07_aNumberThatDoesNotExistIsInvalid() throws Exception {
        OsProcess child = sleeper();
        ProcessException failure = assertThrows(ProcessException.class, () -> child.signal(Signal.of(999)));
        assertEquals(ErrorKind.INVALID, failure.kind());
        assertEquals("EINVAL", failure.nativeName().orElseThrow());
        assertEquals(PIDFDS ? "pidfd_send_signal" : "kill", failure.operation(), "SIG-17");
        assertEquals(Liveness.RUNNING, child.liveness());
        assertThrows(UnsupportedFeatureException.class, () -> child.signal(Signal.INFO));
    }

    @Test
    void sig02_zeroProbesAndSendsNothing() throws Exception {
        OsProcess child = shell("exit 3");
        awaitState(child, 'Z');
        child.signal(Signal.of(0));
        OsProcess alive = sleeper();
        alive.signal(Signal.of(0));
        assertEquals(3, end(child).exitCode());
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.of(0)), "SIG-03");
        assertEquals(Liveness.RUNNING, alive.liveness());
    }

    @Test
    void sig08_aZombieCanBeKilledAndKeepsItsState() throws Exception {
        OsProcess child = shell("exit 3");
        awaitState(child, 'Z');
        assertEquals(Liveness.EXITED, child.liveness());
        assertTrue(child.kill());
        ProcessState state = end(child);
        assertEquals("exit status 3", state.toString());
        assertTrue(state.killRequested(), "PS-18");
        assertFalse(child.kill(), "D6");
        assertEquals(Liveness.GONE, child.liveness());
    }

    @Test
    void wait09_stopAndContinueAreNoEnd() throws Exception {
        OsProcess child = sleeper();
        child.signal(Signal.STOP);
        awaitState(child, 'T');
        assertTrue(child.waitFor(Duration.ofMillis(100)).isEmpty());
        assertEquals(Liveness.RUNNING, child.liveness());
        child.signal(Signal.CONT);
        awaitState(child, 'S');
        assertTrue(child.waitFor(Duration.ZERO).isEmpty());
        child.signal(Signal.TERM);
        assertEquals("signal: terminated", end(child).toString());
    }

    @Test
    void sig23_aStoppedChildCanBeKilled() throws Exception {
        OsProcess child = sleeper();
        child.signal(Signal.STOP);
        awaitState(child, 'T');
        assertTrue(child.kill());
        assertEquals("signal: killed", end(child).toString());
    }

    @Test
    void sig09_theStateIsTheKernelsAlsoWhenAKillRaces() throws Exception {
        for (int i = 0; i < 200; i++) {
            OsProcess child = shell("exit 3");
            child.kill();
            ProcessState state = end(child);
            String text = state.toString();
            assertTrue(text.equals("exit status 3") || text.equals("signal: killed"), text);
            assertEquals(OptionalLong.of(text.equals("exit status 3") ? 3 << 8 : 9), state.rawStatus());
        }
    }

    // ---- handles
    // -----------------------------------------------------------------------------------------------------

    @Test
    void hnd01_theHandleIsTheProcesssOwnPidfd() throws Exception {
        OsProcess child = sleeper();
        if (!PIDFDS) {
            assertThrows(NoHandleException.class, () -> child.withHandle(Pidfd.class, Pidfd::number), "HND-02");
            return;
        }
        String info = child.withHandle(
                Pidfd.class,
                pidfd -> Files.readString(Path.of("/proc/self/fdinfo/" + pidfd.number()), StandardCharsets.UTF_8));
        assertTrue(info.contains("Pid:\t" + child.pid() + "\n"), info);
        int flags = child.withHandle(Pidfd.class, pidfd -> RAW.fcntl(pidfd.number(), 1, 0)); // F_GETFD
        assertEquals(1, flags, "close-on-exec (START-20)");
    }

    @Test
    void hnd04_theHandleStaysOpenWhileItIsLent() throws Exception {
        OsProcess child = sleeper();
        if (!PIDFDS) {
            assertThrows(NoHandleException.class, () -> child.withHandle(Pidfd.class, Pidfd::number), "HND-02");
            return;
        }
        int number = child.withHandle(Pidfd.class, pidfd -> {
            assertEquals(ProcessStatus.OK, child.release());
            RAW.pidfdSendSignal(pidfd.number(), LinuxAbi.SIGKILL, 0);
            while ((RAW.poll(pidfd.number(), LinuxAbi.POLLIN, 1000) & LinuxAbi.POLLIN) == 0) {
                // its end is awaited through the lent handle
            }
            return pidfd.number();
        });
        assertFalse(Files.exists(Path.of("/proc/self/fd/" + number)), "closed after it was given back");
        reapRaw(child.pid()); // released, so it is ours to reap
    }

    @Test
    void hnd07_aZombiesHandleIsReadableAndAfterwardsItIsDone() throws Exception {
        OsProcess child = shell("exit 0");
        awaitState(child, 'Z');
        if (!PIDFDS) {
            assertThrows(NoHandleException.class, () -> child.withHandle(Pidfd.class, Pidfd::number), "HND-02");
            return;
        }
        assertEquals(
                LinuxAbi.POLLIN,
                child.withHandle(Pidfd.class, pidfd -> RAW.poll(pidfd.number(), LinuxAbi.POLLIN, 0)) & LinuxAbi.POLLIN);
        end(child);
        assertThrows(ProcessDoneException.class, () -> child.withHandle(Pidfd.class, Pidfd::number), "HND-03");
    }

    private static void reapRaw(long pid) throws ErrnoException {
        assertEquals(
                pid,
                Objects.requireNonNull(RAW.waitid(LinuxAbi.P_PID, (int) pid, LinuxAbi.WEXITED))
                        .pid());
    }

    // ---- usage
    // -------------------------------------------------------------------------------------------------------

    @Test
    void ps10_ps12_ps22_usageIsPlausible() throws Exception {
        long before = System.nanoTime();
        ProcessState state = end(shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"));
        Duration wall = Duration.ofNanos(System.nanoTime() - before);
        ResourceUsage usage = state.usage().orElseThrow();
        Duration cpu = usage.userTime().plus(usage.systemTime());
        assertTrue(cpu.compareTo(Duration.ofMillis(10)) > 0, usage.toString());
        assertTrue(cpu.compareTo(wall.plusMillis(50)) <= 0, cpu + " of " + wall);
        assertTrue(state.wallTime().orElseThrow().compareTo(wall) <= 0, "PS-14");
        long maxRss = usage.maxRss().orElseThrow();
        long floor = usage.maxRssFloor().orElseThrow();
        assertTrue(maxRss > 100_000 && maxRss < 1L << 40, "maxRss " + maxRss);
        assertTrue(floor > 10_000_000 && floor < 1L << 40, "the JVM's own peak " + floor);
        assertTrue(usage.involuntaryContextSwitches().orElseThrow() >= 0);
        assumeFalse(Surroundings.isGvisor(), "needs a kernel that counts page faults; gVisor's ru_minflt is always 0");
        assertTrue(usage.minorFaults().orElseThrow() > 0);
    }

    @Test
    void ps20_everyWayToGetTheStateGivesAnEqualOne() throws Exception {
        OsProcess child = shell("exit 7");
        ProcessState future = child.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertEquals(future, child.waitFor());
        assertEquals(future, child.waitFor(Duration.ZERO).orElseThrow());
        assertEquals(future, child.state().orElseThrow());
        child.release();
        assertEquals(7, future.exitCode(), "PS-15");
        assertEquals(List.of(), zombies());
    }
}
