// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.bsd.BsdAttributes;
import dev.osprocess.spi.Backends;
import dev.osprocess.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for processes, signalling and finding them for real. */
final class WaitTest extends RealChildren {
    private OsProcess held(int code) throws ProcessException {
        return shell(ProcessAttributes.builder(), "read word; exit " + code);
    }

    private OsProcess zombie(int code) throws Exception {
        assumeLinux("waits for a zombie in /proc/PID/stat");
        OsProcess child = start("/bin/sh", "-c", "exit " + code);
        await("Z", () -> stat(child.pid(), 3));
        return child;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 127, 128, 137, 255})
    void wait01_ps04_theCodeIsTheChilds(int code) throws Exception {
        ProcessState state = end(start("/bin/sh", "-c", "exit " + code));
        assertTrue(state.exited());
        assertEquals(code, state.exitCode());
        assertEquals(code << 8, state.rawStatus().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "HUP", "USR1", "ABRT"})
    void wait12_ps06_aDeathBySignalIsNoExit(String name) throws Exception {
        OsProcess child = sleeper();
        child.signal(Signal.of(name));
        ProcessState state = end(child);
        assertEquals(ExitCause.SIGNALED, state.cause());
        assertEquals(Signal.of(name), state.signal().orElseThrow());
        assertEquals(-1, state.exitCode());
    }

    @Test
    void wait02_aWaitReaps() throws Exception {
        OsProcess child = start("/bin/sh", "-c", "exit 3");
        end(child);
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.of(0)));
        assertTrue(OsProcess.findLive(child.pid()).isEmpty());
        assertEquals(3, child.waitFor().exitCode());
    }

    @Test
    void wait03_manyChildrenEachWithItsOwnCode() throws Exception {
        List<OsProcess> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(start("/bin/sh", "-c", "exit " + i));
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            assertEquals(i, end(all.get(i)).exitCode());
        }
    }

    @Test
    void wait09_aStopIsNoEnd() throws Exception {
        OsProcess child = held(3);
        child.signal(Signal.STOP);
        if (System.getProperty("os.name", "").equals("Linux")) {
            await("T", () -> stat(child.pid(), 3));
        }
        assertTrue(child.waitFor(Duration.ofMillis(300)).isEmpty());
        assertEquals(Liveness.RUNNING, child.liveness());
        child.signal(Signal.CONT);
        tell(child);
        assertEquals(3, end(child).exitCode());
    }

    @Test
    void wait13_fourWaitersGetOneState() throws Exception {
        OsProcess child = held(4);
        List<CompletableFuture<ProcessState>> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiters.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return end(child);
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
            }));
        }
        tell(child);
        ProcessState first = waiters.get(0).get(30, TimeUnit.SECONDS);
        for (CompletableFuture<ProcessState> waiter : waiters) {
            assertSame(first, waiter.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void wait16_aSignalGoesThroughWhileAnotherThreadWaits() throws Exception {
        OsProcess child = sleeper();
        CompletableFuture<ProcessState> end = child.onExit();
        child.kill();
        assertEquals(Signal.KILL, end.get(30, TimeUnit.SECONDS).signal().orElseThrow());
    }

    @Test
    void ps10_ps12_usageIsThere() throws Exception {
        ProcessState state = end(start("/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"));
        assertTrue(state.userTime().orElseThrow().compareTo(Duration.ZERO) > 0);
        long rss = state.usage().orElseThrow().maxRss().orElseThrow();
        assertTrue(rss > 100_000 && rss < 4L << 30, rss + " bytes");
    }

    @Test
    void sig08_aSignalToAZombieIsNoErrorAndChangesNothing() throws Exception {
        OsProcess child = zombie(3);
        assertEquals(Liveness.EXITED, child.liveness());
        assertTrue(child.kill());
        assertEquals(3, end(child).exitCode());
        assertEquals(Liveness.GONE, child.liveness());
    }

    @Test
    void sig07_aSignalThatDoesNotExistIsInvalid() throws Exception {
        OsProcess child = sleeper();
        ProcessException failed = assertThrows(ProcessException.class, () -> child.signal(Signal.of(999)));
        assertEquals(ErrorKind.INVALID, failed.kind());
        assertEquals("EINVAL", failed.nativeName().orElseThrow());
    }

    @Test
    void sig20_theGroupOfAChildIsSignalled() throws Exception {
        OsProcess leader = shell(
                ProcessAttributes.builder()
                        .system(BsdAttributes.builder().newProcessGroup().build()),
                "sleep 1000 & echo $!; wait");
        long member = Long.parseLong(lineFrom(leader));
        OsProcess found = OsProcess.find(member);
        leader.signalGroup(Signal.KILL);
        assertEquals(Signal.KILL, end(leader).signal().orElseThrow());
        end(found);
        assertThrows(ProcessDoneException.class, () -> leader.signalGroup(Signal.TERM));
    }

    @Test
    void sig22_theLadderEndsWhatIgnoresTerm() throws Exception {
        OsProcess stubborn = shell(ProcessAttributes.builder(), "trap '' TERM; echo ready; while :; do sleep 1; done");
        lineFrom(stubborn);
        StopReport report = stubborn.stop(Duration.ofMillis(100));
        assertEquals(Signal.KILL, report.state().orElseThrow().signal().orElseThrow());
    }

    @Test
    void sig21_treesAreRefusedBecauseChildrenCannotBeListed() throws Exception {
        OsProcess child = sleeper();
        assertThrows(UnsupportedOperationException.class, child::killTree);
        assertFalse(Backends.selected().capabilities().contains(Capability.CHILDREN));
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void hnd02_thereIsNoHandleToLend() throws Exception {
        OsProcess child = sleeper();
        assertThrows(
                NoHandleException.class, () -> child.withHandle(dev.osprocess.NativeHandle.class, handle -> handle));
    }

    @Test
    void id04_d18_aFoundChildIsSeenToEndAndIsLeftToItsOwner() throws Exception {
        OsProcess child = held(5);
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(Liveness.RUNNING, found.liveness());
            tell(child);
            assertEquals(5, end(found).exitCode());
        }
        assertEquals(5, end(child).exitCode());
    }

    @Test
    void id05_whatIsGoneIsDoneFromBirth() throws Exception {
        OsProcess child = start("/bin/sh", "-c", "exit 0");
        end(child);
        assertThrows(
                ProcessDoneException.class, () -> OsProcess.find(child.pid()).waitFor());
        assertTrue(OsProcess.findLive(child.pid()).isEmpty());
        assertTrue(OsProcess.findLive((1L << 32) + OsProcess.currentPid()).isEmpty());
    }

    @Test
    void id14_aZombieCountsAsThere() throws Exception {
        OsProcess child = zombie(3);
        try (OsProcess found = OsProcess.findLive(child.pid()).orElseThrow()) {
            assertEquals(Liveness.EXITED, found.liveness());
            found.signal(Signal.of(0));
            assertEquals(3, end(found).exitCode());
        }
        assertEquals(3, end(child).exitCode());
    }

    @Test
    void wait29_aForeignProcessIsSeenToEnd() throws Exception {
        OsProcess shell = shell(ProcessAttributes.builder(), "sleep 1000 & echo $!; wait; read word");
        OsProcess grandchild = OsProcess.find(Long.parseLong(lineFrom(shell)));
        assertTrue(grandchild.waitFor(Duration.ofMillis(100)).isEmpty());
        grandchild.kill();
        ProcessState state = end(grandchild);
        assertEquals(ExitCause.UNKNOWN, state.cause());
        assertTrue(state.usage().isEmpty());
        assertThrows(ProcessDoneException.class, () -> grandchild.signal(Signal.TERM));
    }

    @Test
    void id13_d16_anIdentityFindsTheProcessAgain() throws Exception {
        OsProcess child = sleeper();
        ProcessIdentity identity = ProcessIdentity.parse(child.identity().toString());
        try (OsProcess found = OsProcess.find(identity)) {
            assertEquals(child.pid(), found.pid());
            assertEquals(identity, found.identity());
            assertEquals(Liveness.RUNNING, found.liveness());
        }
        child.kill();
        end(child);
        assertThrows(ProcessDoneException.class, () -> OsProcess.find(identity).waitFor());
    }

    @Test
    void rel07_aChildThatIsClosedIsReapedWhenItEnds() throws Exception {
        assumeLinux("looks into /proc/PID/stat");
        OsProcess child = held(0);
        child.close();
        tell(child);
        await("", () -> stat(child.pid(), 3));
    }

    @Test
    void conc10_theJdksChildrenAndOursDoNotMix() throws Exception {
        for (int i = 0; i < 20; i++) {
            Process theirs = new ProcessBuilder("/bin/sh", "-c", "exit " + (i + 100)).start();
            OsProcess ours = start("/bin/sh", "-c", "exit " + i);
            assertEquals(i, end(ours).exitCode());
            assertEquals(i + 100, theirs.waitFor());
        }
    }

    @Test
    void conc07_startsSideBySide() throws Exception {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int code = i;
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    long sum = 0;
                    for (int round = 0; round < 10; round++) {
                        try (OsProcess child = OsProcess.start("/bin/sh", List.of("sh", "-c", "exit " + code))) {
                            sum += end(child).exitCode();
                        }
                    }
                    return sum;
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
            }));
        }
        for (int i = 0; i < 8; i++) {
            assertEquals(10L * i, all.get(i).get(60, TimeUnit.SECONDS));
        }
    }
}
