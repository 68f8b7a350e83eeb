// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.leak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.OnClose;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.engine.Leaks;
import dev.osprocess.linux.RealProcesses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a child whose object is closed or dropped (D4, REL-07, REL-08). */
final class CloseTest extends RealProcesses {
    private static final int MANY = 20;

    private static ProcessAttributes.Builder killing() {
        return ProcessAttributes.builder().onClose(OnClose.KILL_AND_REAP);
    }

    /** A child that lives until it is ended, and whose object the test does not hold. */
    private static long loseSleeper(OnClose onClose) throws ProcessException {
        return OsProcess.start(
                        "/bin/sleep",
                        List.of("sleep", "1000"),
                        ProcessAttributes.builder().onClose(onClose).build())
                .pid();
    }

    @Test
    void d04_closeLeavesTheChildAliveAndReapsItWhenItEnds() throws Exception {
        OsProcess child = held(0);
        try (OsProcess found = OsProcess.find(child.pid())) {
            child.close();
            assertEquals(Liveness.RUNNING, found.liveness());
            tell(child);
            awaitNoChild(child.pid());
            assertEquals(Liveness.GONE, found.liveness());
        }
    }

    @Test
    void d04_aChildThatIsToBeKilledOnCloseIsKilledAndReaped() throws Exception {
        OsProcess child = start(killing(), "/bin/sleep", "1000");
        CompletableFuture<ProcessState> end = child.onExit();
        child.close();
        assertEquals(
                Optional.of(Signal.KILL),
                end.get(SOON.toSeconds(), TimeUnit.SECONDS).signal());
        awaitNoChild(child.pid());
    }

    @Test
    void d04_nobodyNeedsToWaitForTheKillOnClose() throws Exception {
        OsProcess child = start(killing(), "/bin/sleep", "1000");
        child.close();
        awaitNoChild(child.pid());
    }

    @Test
    void d04_afterTheWaitTheKillOnCloseHitsNobody() throws Exception {
        OsProcess child = start(killing(), "/bin/true");
        assertTrue(end(child).success());
        child.close();
        assertTrue(child.state().orElseThrow().success());
    }

    @Test
    void rel01_releaseDoesNotKill() throws Exception {
        OsProcess child = start(killing(), "/bin/sleep", "1000");
        CompletableFuture<ProcessState> end = child.onExit(); // so that the library reaps it in the end
        try (OsProcess found = OsProcess.find(child.pid())) {
            child.release();
            assertEquals(Liveness.RUNNING, found.liveness());
            found.signal(Signal.TERM);
            assertEquals(
                    Optional.of(Signal.TERM),
                    end.get(SOON.toSeconds(), TimeUnit.SECONDS).signal());
        }
        awaitNoChild(child.pid());
    }

    @Test
    void rel08_aDroppedChildLivesOnAndIsReapedWhenItEnds() throws Exception {
        long counted = Leaks.count();
        long pid = loseSleeper(OnClose.REAP_LATER);
        try (OsProcess found = OsProcess.find(pid)) {
            await(true, () -> {
                System.gc();
                return Leaks.count() > counted;
            });
            assertEquals(Liveness.RUNNING, found.liveness());
            assertTrue(found.kill());
            awaitNoChild(pid);
        }
    }

    @Test
    void rel08_aDroppedChildThatIsToBeKilledOnCloseIsKilledAndReaped() throws Exception {
        long pid = loseSleeper(OnClose.KILL_AND_REAP);
        assertTrue(isChild(pid));
        await(false, () -> {
            System.gc();
            return isChild(pid);
        });
    }

    @Test
    void rel08_manyDroppedChildrenAreReaped() throws Exception {
        List<Long> pids = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            pids.add(OsProcess.start("/bin/true", List.of("true")).pid());
        }
        for (long pid : pids) {
            await(false, () -> {
                System.gc();
                return isChild(pid);
            });
        }
    }
}
