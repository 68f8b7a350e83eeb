// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.linux.RealProcesses;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A child of ours that is found by its number: who started it reaps it, and nobody else (D18). */
final class OwnChildFoundTest extends RealProcesses {
    @Test
    void d18_aFoundObjectTellsTheEndAndLeavesTheZombieToItsOwner() throws Exception {
        OsProcess owner = held(7);
        try (OsProcess found = OsProcess.find(owner.pid())) {
            CompletableFuture<ProcessState> end = found.onExit();
            tell(owner);
            assertEquals(7, end.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
            assertEquals(7, end(found).exitCode());
            assertEquals(ProcessStatus.DONE, found.status());
            assertEquals("Z", stateOf(owner.pid()));
            assertEquals(ProcessStatus.OK, owner.status());
            assertEquals(Liveness.EXITED, owner.liveness());
            assertEquals(7, end(owner).exitCode());
            awaitNoChild(owner.pid());
        }
    }

    @Test
    void d18_aFoundObjectTellsTheSignal() throws Exception {
        OsProcess owner = sleeper();
        try (OsProcess found = OsProcess.find(owner.pid())) {
            found.signal(Signal.TERM);
            assertEquals(Optional.of(Signal.TERM), end(found).signal());
            assertTrue(owner.kill(), "a zombie takes a signal");
            assertEquals(Optional.of(Signal.TERM), end(owner).signal());
        }
    }

    @Test
    void d18_manyFoundObjectsTellTheEndAndTheOwnerReaps() throws Exception {
        OsProcess owner = held(7);
        try (OsProcess first = OsProcess.find(owner.pid());
                OsProcess second = OsProcess.find(owner.pid())) {
            CompletableFuture<ProcessState> end = second.onExit();
            tell(owner);
            assertEquals(7, end(first).exitCode());
            assertEquals(7, end.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
            assertEquals("Z", stateOf(owner.pid()));
            assertEquals(7, end(owner).exitCode());
        }
    }

    @Test
    void d18_releaseAndCloseOfAFoundObjectReapNothing() throws Exception {
        OsProcess owner = held(7);
        OsProcess released = OsProcess.find(owner.pid());
        OsProcess closed = OsProcess.find(owner.pid());
        OsProcess closedAsZombie = OsProcess.find(owner.pid());
        CompletableFuture<ProcessState> end = closed.onExit();
        assertEquals(ProcessStatus.OK, released.release());
        closed.close();
        tell(owner);
        // taken before the close, so it ends with the truth
        assertEquals(7, end.get(SOON.toSeconds(), TimeUnit.SECONDS).exitCode());
        awaitState(owner.pid(), "Z");
        closedAsZombie.close();
        assertEquals("Z", stateOf(owner.pid()));
        assertEquals(Liveness.EXITED, owner.liveness());
        assertEquals(7, end(owner).exitCode());
    }

    @Test
    void d18_theOwnersCloseReaps() throws Exception {
        OsProcess owner = held(7);
        try (OsProcess found = OsProcess.find(owner.pid())) {
            owner.close();
            assertEquals(ProcessStatus.RELEASED, owner.status());
            assertEquals(Liveness.RUNNING, found.liveness());
            tell(owner);
            awaitNoChild(owner.pid());
            assertEquals(Liveness.GONE, found.liveness());
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.of(0)));
        }
    }

    @Test
    void d18_theOwnersCloseReapsAZombie() throws Exception {
        OsProcess owner = zombie(7);
        owner.close();
        awaitNoChild(owner.pid());
    }

    @Test
    void id11_afterTheOwnerHasReapedAFoundObjectReachesNobody() throws Exception {
        OsProcess owner = start(ProcessAttributes.builder(), "/bin/true");
        try (OsProcess found = OsProcess.find(owner.pid())) {
            assertTrue(end(owner).success());
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
            ProcessState state = found.waitFor(Duration.ZERO).orElseThrow();
            assertTrue(state.success() || state.cause() == ExitCause.UNKNOWN, state.toString());
        }
    }
}
