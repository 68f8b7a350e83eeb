// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.NoChildException;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedKernel;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Children by number: what they are, and that nobody's child is taken (OLD, D18). */
class NumbersTest {
    private static final Set<WaitOption> NO_HANG = Set.of(WaitOption.NO_HANG);

    private static long forkExec(Lab lab, ChildFile... files) throws ProcessException {
        return lab.engine.numbers().forkExec(OsString.of(Lab.PROGRAM), List.of(), List.of(), null, List.of(files));
    }

    private static WaitMessage look(Lab lab, long pid) throws Exception {
        return lab.engine.numbers().waitPid(pid, NO_HANG);
    }

    private static void assertRefused(Lab lab, long pid) {
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> look(lab, pid)).kind());
        assertEquals(0, lab.counters().reapCalls(), "a refused wait reaped");
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"OLD-01", "OLD-02", "OLD-04", "OLD-11"})
    void old01_aForkExecLeavesAPidAndNothingElse(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            long pid = forkExec(lab, ChildFile.closed(), ChildFile.nullDevice());
            StartRequest request = Objects.requireNonNull(lab.kernel.lastRequest());
            assertFalse(request.environment().inherits(), "an absent environment is an empty one");
            assertEquals(List.of(), request.environment().entries());
            assertEquals(List.of(ChildFile.closed(), ChildFile.nullDevice()), request.files());
            lab.assertNothingLeft();
            lab.kernel.exit(pid, 5);
            WaitMessage message = lab.engine.numbers().waitPid(pid, Set.of());
            assertEquals(pid, message.pid());
            assertTrue(message.exited());
            assertEquals(5, message.exitCode());
            assertEquals(OptionalLong.of(5 << 8), message.rawStatus());
            assertTrue(message.usage().isEmpty(), "nobody asked for it");
            assertThrows(NoChildException.class, () -> look(lab, pid), "the second wait");
        }
    }

    @Test
    @Rule({"OLD-05", "OLD-04"})
    void old05_aForkExecThatFailsIsAnErrorAndLeavesNothing() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            lab.kernel.failNext(
                    Call.SPAWN,
                    ProcessException.builder(ErrorKind.NOT_FOUND, "fork/exec")
                            .path(Lab.PROGRAM)
                            .build());
            ProcessException failed = assertThrows(ProcessException.class, () -> forkExec(lab));
            assertEquals(ErrorKind.NOT_FOUND, failed.kind());
            assertThrows(IllegalArgumentException.class, () -> forkExec(lab, ChildFile.pipe()), "nobody gets its end");
            assertEquals(0, lab.counters().spawnCalls());
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"OLD-12", "OLD-17"})
    void old12_withNothingToReportThereIsAMessageOfNobody() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            long pid = forkExec(lab);
            WaitMessage nothing = look(lab, pid);
            assertEquals(0, nothing.pid());
            assertFalse(nothing.exited() || nothing.signaled() || nothing.stopped() || nothing.continued());
            assertEquals(-1, nothing.exitCode());
            assertEquals("<nil>", nothing.toString());
            lab.kernel.die(pid, Signal.SEGV);
            WaitMessage died = look(lab, pid);
            assertEquals(pid, died.pid());
            assertTrue(died.signaled() && !died.exited());
            assertEquals(Signal.SEGV, died.signal().orElseThrow());
        }
    }

    @Test
    @Rule({"OLD-11", "WAIT-23"})
    void old11_aWaitBlocksUntilTheEndAndReactsToInterrupts() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            long pid = forkExec(lab);
            Task<WaitMessage> interrupted =
                    Task.of(() -> lab.engine.numbers().waitPid(pid, Set.of())).parked();
            interrupted.thread().interrupt();
            interrupted.failure(InterruptedException.class);
            Task<WaitMessage> waiter = Task.of(() -> lab.engine.numbers().waitPid(pid, Set.of(WaitOption.RUSAGE)))
                    .parked();
            lab.kernel.exit(pid, 0);
            WaitMessage message = waiter.get();
            assertEquals(0, message.exitCode());
            assertTrue(message.usage().isPresent(), "it was asked for");
        }
    }

    @Test
    @Rule({"OLD-13", "OLD-18"})
    void old13_stopsAreReportedIfAskedForAndAreNoEnd() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            long pid = forkExec(lab);
            lab.kernel.stop(pid);
            assertEquals(0, look(lab, pid).pid(), "not asked for");
            WaitMessage stopped = lab.engine.numbers().waitPid(pid, Set.of(WaitOption.STOPPED));
            assertTrue(stopped.stopped() && !stopped.exited() && !stopped.signaled() && !stopped.continued());
            assertEquals(Signal.STOP, stopped.stopSignal().orElseThrow());
            assertEquals(-1, stopped.exitCode());
            lab.kernel.resume(pid);
            WaitMessage goesOn = lab.engine.numbers().waitPid(pid, Set.of(WaitOption.CONTINUED));
            assertTrue(goesOn.continued() && !goesOn.exited() && !goesOn.stopped());
            lab.kernel.exit(pid, 1);
            assertEquals(1, look(lab, pid).exitCode());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"OLD-20", "D18"})
    void old20_aChildOfAnObjectIsNotWaitedForByNumberNorIsAReleasedOne(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle owned = lab.start();
            LifeCycle released = lab.start();
            released.release();
            lab.kernel.exit(owned.pid(), 3);
            lab.kernel.exit(released.pid(), 4);
            assertRefused(lab, owned.pid());
            assertRefused(lab, released.pid());
            assertEquals(3, owned.waitFor().exitCode());
            assertThrows(NoChildException.class, () -> look(lab, owned.pid()), "it is gone, and nobody's any more");
        }
    }

    @Test
    @Rule({"OLD-15", "D18"})
    void old15_anyChildIsWaitedForOnlyWhenNoObjectOwnsOne() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            assertThrows(NoChildException.class, () -> look(lab, -1), "no children at all");
            long pid = forkExec(lab);
            LifeCycle owned = lab.start();
            lab.kernel.exit(owned.pid(), 3);
            for (long any : new long[] {-1, 0, -4711}) {
                assertRefused(lab, any);
            }
            assertEquals(3, owned.waitFor().exitCode());
            lab.kernel.exit(pid, 4);
            assertEquals(4, look(lab, -1).exitCode());
            LifeCycle released = lab.start();
            released.release();
            assertEquals(
                    ErrorKind.INVALID,
                    assertThrows(ProcessException.class, () -> look(lab, -1)).kind());
        }
    }

    @Test
    @Rule("OLD-20")
    void old20_aWaitThatCrossesAStartNeverTakesTheNewbornsEnd() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            lab.kernel.nextPid(500);
            Pause spawned = lab.kernel.pauseAt(Point.AFTER_SPAWN);
            Task<LifeCycle> start = Task.of(lab::start);
            spawned.awaitArrival();
            lab.kernel.exit(500, 7); // a zombie that no object owns yet
            assertEquals(0, look(lab, -1).pid(), "any child, while one is being born");
            assertEquals(0, look(lab, 500).pid(), "the one that is being born");
            Task<WaitMessage> any =
                    Task.of(() -> lab.engine.numbers().waitPid(-1, Set.of())).parked();
            Task<WaitMessage> one =
                    Task.of(() -> lab.engine.numbers().waitPid(500, Set.of())).parked();
            spawned.close();
            LifeCycle life = start.get();
            any.failure(ProcessException.class);
            one.failure(ProcessException.class);
            assertEquals(7, life.waitFor().exitCode());
        }
    }

    @Test
    @Rule({"START-48", "OLD-11", "OLD-12"})
    void start48_aStartThatHangsHoldsUpNeitherStartsNorWaitsByNumber() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            long bare = forkExec(lab);
            Pause hanging = lab.kernel.pauseAt(Point.BEFORE_SPAWN);
            Task<LifeCycle> start = Task.of(lab::start);
            hanging.awaitArrival();
            Task<WaitMessage> stranger =
                    Task.of(() -> lab.engine.numbers().waitPid(4711, Set.of())).parked();
            LifeCycle other = Task.of(lab::start).get();
            lab.kernel.exit(bare, 5);
            assertEquals(5, look(lab, bare).exitCode(), "a child of forkExec is no newborn");
            hanging.close();
            lab.kernel.exit(start.get().pid(), 0);
            lab.kernel.exit(other.pid(), 0);
            stranger.failure(NoChildException.class);
            start.get().waitFor();
            other.waitFor();
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule({"OLD-01", "D18"})
    void old01_aNumberThatComesBackIsTheNewChildsAlone() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle released = lab.start();
            released.release();
            lab.kernel.exit(released.pid(), 3);
            lab.kernel.steal(released.pid());
            lab.kernel.nextPid(released.pid());
            long pid = forkExec(lab);
            assertEquals(released.pid(), pid);
            lab.kernel.exit(pid, 6);
            assertEquals(6, look(lab, pid).exitCode(), "the old bearer of the number was taken for the new one");
        }
    }

    @Test
    @Rule({"OLD-16", "OLD-19", "START-52"})
    void old19_aBackendThatCannotWaitByNumberRefusesAndAFailureIsTold() throws Exception {
        try (Lab lab = new Lab(new ScriptedKernel(Strategy.HANDLE, Set.of(Capability.HANDLE)))) {
            long pid = forkExec(lab, ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.nullDevice());
            assertThrows(UnsupportedFeatureException.class, () -> look(lab, pid));
        }
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            long pid = forkExec(lab);
            lab.kernel.failNext(
                    Call.WAIT_BY_NUMBER,
                    ProcessException.builder(ErrorKind.SYSTEM, "waitid")
                            .nativeError("EINVAL", 22)
                            .build());
            assertEquals(
                    "EINVAL",
                    assertThrows(ProcessException.class, () -> look(lab, pid))
                            .nativeName()
                            .orElseThrow());
            assertEquals(0, look(lab, pid).pid(), "a failed look takes nothing");
        }
    }
}
