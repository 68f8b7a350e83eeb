// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.WindowsSight;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HND: lending the kernel's handle. Without handles, each of these proves the refusal (HND-02). */
@Needs(Capability.HANDLE)
@LookAt("Target.handle: the handle by which this process is held, open until Target.close")
abstract class LendingContract extends Contract {
    /** A handle that no backend gives. */
    private interface Other extends NativeHandle {}

    /** The process that a descriptor of ours holds, as Linux tells it; empty if it is closed, or none of that kind. */
    private static Optional<String> heldBy(long descriptor) throws IOException {
        if (WindowsSight.isThere()) {
            return WindowsSight.heldBy(descriptor);
        }
        try {
            return Files.readString(Path.of("/proc/self/fdinfo/" + descriptor), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith("Pid:"))
                    .map(line -> line.substring(4).trim())
                    .findFirst();
        } catch (NoSuchFileException closed) {
            return Optional.empty();
        }
    }

    @Test
    @Rule({"HND-01", "HND-02", "HND-10"})
    void hnd01_theHandleIsLent() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        for (OsProcess process : new OsProcess[] {child.process(), found}) {
            String kind = assertDoesNotThrow(
                    () -> process.withHandle(NativeHandle.class, NativeHandle::kind),
                    "no handle is lent, and HANDLE is declared");
            assertEquals(kit().backend().handleKind(), kind, "the handle's kind");
            long value = process.withHandle(NativeHandle.class, NativeHandle::value);
            assertEquals(value, process.withHandle(NativeHandle.class, NativeHandle::value), "the handle changes");
            Class<?> type = process.withHandle(NativeHandle.class, handle -> handle.getClass());
            assertNotEquals(NativeHandle.class, type, "the handle has no type of its own");
        }
        assertNotEquals(
                child.process().withHandle(NativeHandle.class, NativeHandle::value),
                found.withHandle(NativeHandle.class, NativeHandle::value),
                "two objects share a handle");
    }

    @Test
    @Rule({"HND-01", "ID-12"})
    @Needs(value = Capability.HANDLE, sight = Sight.HANDLES)
    void hnd01_theHandleHoldsThisProcess() throws Exception {
        Kit.Child child = kit().child();
        String pid = Long.toString(child.pid());
        assertEquals(Optional.of(pid), child.process().withHandle(NativeHandle.class, lent -> heldBy(lent.value())));
        OsProcess found = kit().find(child.pid());
        assertEquals(Optional.of(pid), found.withHandle(NativeHandle.class, lent -> heldBy(lent.value())));
    }

    @Test
    @Rule({"HND-02", "HND-10"})
    void hnd10_aHandleOfAnotherTypeIsNotLent() throws Exception {
        Kit.Child child = kit().child();
        boolean[] called = new boolean[1];
        assertThrows(
                NoHandleException.class, () -> child.process().withHandle(Other.class, handle -> called[0] = true));
        assertFalse(called[0]);
    }

    @Test
    @Rule("HND-03")
    void hnd03_afterTheEndOrAReleaseNothingIsLent() throws Exception {
        Kit.Child child = kit().child();
        OsProcess released = kit().find(child.pid());
        released.release();
        child.exit(0);
        Situations.end(child.process());
        boolean[] called = new boolean[1];
        assertThrows(
                ProcessReleasedException.class,
                () -> released.withHandle(NativeHandle.class, handle -> called[0] = true));
        assertThrows(ProcessDoneException.class, () -> child.process()
                .withHandle(NativeHandle.class, handle -> called[0] = true));
        OsProcess gone = Situations.findGone(kit(), () -> kit().find(child.pid()));
        assertThrows(ProcessDoneException.class, () -> gone.withHandle(NativeHandle.class, handle -> called[0] = true));
        assertFalse(called[0], "a function was called with a handle that is closed");
    }

    @Test
    @Rule({"HND-04", "STATE-07", "STATE-08", "CONC-06"})
    @Needs(value = Capability.HANDLE, sight = Sight.HANDLES)
    @LookAt("Target.close: called once, after the last use; it closes what Target.handle gave")
    void hnd04_theHandleStaysOpenUntilTheFunctionReturns() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        String pid = Long.toString(child.pid());
        long descriptor = found.withHandle(NativeHandle.class, lent -> {
            found.release();
            assertEquals(ProcessStatus.RELEASED, found.status());
            assertEquals(Optional.of(pid), heldBy(lent.value()), "released while it was lent");
            return lent.value();
        });
        assertNotEquals(Optional.of(pid), heldBy(descriptor), "the handle is still open after its last use");
        child.process().withHandle(NativeHandle.class, lent -> {
            child.exit(7);
            assertEquals(7, Situations.end(child.process()).exitCode());
            assertTrue(heldBy(lent.value()).isPresent(), "waited for while it was lent");
            return lent.value();
        });
    }

    @Test
    @Rule({"HND-04", "HND-06"})
    void hnd06_everythingCanBeUsedInside() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        ProcessState state = process.withHandle(NativeHandle.class, lent -> {
            assertEquals(
                    lent.value(), process.withHandle(NativeHandle.class, NativeHandle::value), "lent within a loan");
            assertEquals(Liveness.RUNNING, process.liveness());
            assertEquals(Optional.empty(), process.waitFor(java.time.Duration.ZERO));
            assertTrue(process.kill());
            ProcessState end = Situations.end(process);
            process.close();
            return end;
        });
        assertFalse(state.success());
        assertEquals(ProcessStatus.DONE, process.status());
    }

    @Test
    @Rule({"HND-05", "STATE-09"})
    void hnd05_whatTheFunctionThrowsComesOutAndTheHandleGoesBack() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        Exception own = new Exception("the caller's own");
        Error error = new AssertionError("the caller's own");
        assertSame(
                own,
                assertThrows(
                        Exception.class,
                        () -> found.withHandle(NativeHandle.class, handle -> {
                            throw own;
                        })));
        assertSame(
                error,
                assertThrows(
                        Error.class,
                        () -> found.withHandle(NativeHandle.class, handle -> {
                            throw error;
                        })));
        found.release(); // the leak check sees whether the handle is closed
        child.ask("nothing");
    }

    @Test
    @Rule("HND-07")
    @Needs({Capability.HANDLE, Capability.REAP})
    void hnd07_aZombiesHandleIsLent() throws Exception {
        Kit.Child child = Situations.ended(kit(), 7);
        assertEquals(kit().backend().handleKind(), child.process().withHandle(NativeHandle.class, NativeHandle::kind));
        assertEquals(7, Situations.end(child.process()).exitCode());
        assertThrows(
                ProcessDoneException.class, () -> child.process().withHandle(NativeHandle.class, NativeHandle::kind));
    }

    @Test
    @Rule({"HND-08", "CONC-11"})
    void hnd08_twoFunctionsRunAtTheSameTimeAndSignalsPass() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        CountDownLatch both = new CountDownLatch(2);
        FutureTask<Boolean> other = new FutureTask<>(() -> process.withHandle(NativeHandle.class, lent -> {
            both.countDown();
            return both.await(Bounded.LONG.toSeconds(), TimeUnit.SECONDS);
        }));
        Thread thread = new Thread(other, "other borrower");
        thread.setDaemon(true);
        thread.start();
        boolean together = process.withHandle(NativeHandle.class, lent -> {
            both.countDown();
            boolean met = both.await(Bounded.LONG.toSeconds(), TimeUnit.SECONDS);
            Bounded.call("kill beside a loan", process::kill);
            return met;
        });
        assertTrue(together, "two functions do not run at the same time");
        assertTrue(other.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS));
        assertFalse(Situations.end(process).success());
    }
}
