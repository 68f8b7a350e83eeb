// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.WindowsSight;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** ID: which process an object means. */
@LookAt("ProcessBackend.open: the process that has the number now, ProcessDoneException if there is none")
abstract class IdentityContract extends Contract {
    private static final int MANY = 200;
    private static final int PROCESSES = 100;
    private static final int TRIES = 10;

    @Test
    @Rule({"ID-01", "ID-02", "CONC-02"})
    @LookAt("Target.pid: the number of the child itself, always the same")
    void id01_thePidIsTheChildsOwnAndStays() throws Exception {
        Kit.Child child = kit().child();
        long pid = child.pid();
        assertEquals(child.line().pid(), pid, "the child says that it is another process");
        assertTrue(Situations.isChild(pid), "pid " + pid + " is no child of this JVM");
        child.exit(0);
        Situations.end(child.process());
        assertEquals(pid, child.pid(), "the pid after the end");
        child.process().close();
        assertEquals(pid, child.pid(), "the pid after close");
        OsProcess released = kit().find(ProcessHandle.current().pid());
        released.release();
        assertEquals(ProcessHandle.current().pid(), released.pid(), "the pid after release");
    }

    @Test
    @Rule("ID-03")
    @LookAt("ProcessBackend.currentPid and parentPid")
    void id03_ourPidIsTheOneThatOurChildrenSee() throws Exception {
        Kit.Child child = kit().child();
        assertEquals(Long.parseLong(child.askOne("parent")), kit().backend().currentPid());
        assertEquals(ProcessHandle.current().pid(), kit().backend().currentPid());
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        parent.ifPresent(handle -> assertEquals(handle.pid(), kit().backend().parentPid(), "the parent's pid"));
        try (OsProcess self = kit().current()) {
            assertEquals(ProcessHandle.current().pid(), self.pid());
        }
    }

    @Test
    @Rule({"ID-04", "ID-11", "SIG-15"})
    void id04_aFoundObjectReachesTheProcessThatWasFound() throws Exception {
        Kit.Child other = kit().child();
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        assertEquals(child.pid(), found.pid());
        assertEquals(ProcessStatus.OK, found.status());
        assertEquals(Liveness.RUNNING, found.liveness());
        assertEquals(child.process().mode(), found.mode(), "held otherwise than the started object");
        assertTrue(found.kill());
        ProcessState state = Situations.end(child.process());
        assertFalse(state.success(), "a process that was killed through a found object: " + state);
        other.ask("nothing");
        Situations.end(found);
        assertFalse(found.kill(), "a kill of what has finished");
        assertEquals(Liveness.GONE, found.liveness());
    }

    @Test
    @Rule({"ID-05", "WAIT-06", "STATE-13"})
    void id05_whatIsGoneIsDoneFromBirth() throws Exception {
        Kit.Child child = kit().child();
        child.exit(0);
        Situations.end(child.process());
        OsProcess found = Situations.findGone(kit(), () -> kit().find(child.pid()));
        assertEquals(ProcessStatus.DONE, found.status(), "the status of what is gone when it is found");
        assertEquals(child.pid(), found.pid());
        assertEquals(Liveness.GONE, found.liveness());
        assertFalse(found.kill());
        assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
        assertThrows(ProcessDoneException.class, () -> Situations.end(found), "a state was invented");
        assertThrows(ProcessDoneException.class, found::identity);
        assertTrue(found.onExit().isCompletedExceptionally());
        assertEquals(Optional.empty(), found.state());
        assertEquals(ProcessStatus.DONE, found.release());
        assertEquals(Optional.empty(), kit().findLive(child.pid()));
    }

    @Test
    @Rule({"ID-06", "ID-04"})
    @LookAt(
            "ProcessBackend.open: a process that may not be opened is there all the same, and never ProcessDoneException")
    void id06_whateverRunsIsFound() throws Exception {
        List<String> missed = new ArrayList<>();
        List<ProcessHandle> all = ProcessHandle.allProcesses().limit(PROCESSES).toList();
        for (ProcessHandle handle : all) {
            Optional<Instant> began = handle.info().startInstant();
            ProcessStatus status;
            try (OsProcess found = FrontDoor.find(kit().engine(), handle.pid())) {
                status = found.status();
            } catch (ProcessException refused) {
                // where the system has no number to fall back to, it may not be allowed; there is no other reason
                if (refused.kind() != ErrorKind.PERMISSION) {
                    missed.add(handle + ": " + refused);
                }
                continue;
            }
            boolean stillThere = ProcessHandle.of(handle.pid())
                    .map(again -> again.isAlive() && again.info().startInstant().equals(began))
                    .orElse(false);
            if (status != ProcessStatus.OK && handle.isAlive() && stillThere) {
                missed.add(handle + " (" + handle.info() + ")");
            }
        }
        assertEquals(
                List.of(), missed, "processes that run, and that find takes for gone, or refuses for another reason");
    }

    @Test
    @Rule({"ID-07", "ID-08", "SIG-05", "REL-06"})
    void id07_zeroAndNegativeNumbersAreRefusedAndReachNobody() throws Exception {
        Kit.Child child = kit().child();
        for (long pid : new long[] {0, -1, -child.pid(), Long.MIN_VALUE, -(1L << 32) - child.pid()}) {
            assertThrows(IllegalArgumentException.class, () -> kit().find(pid), "find of " + pid);
            assertThrows(IllegalArgumentException.class, () -> kit().findLive(pid), "findLive of " + pid);
        }
        child.ask("nothing");
    }

    @Test
    @Rule("ID-09")
    @LookAt("ProcessBackend.open: a number that the system's type cannot hold is missing, before it is narrowed")
    void id09_aNumberThatIsTooWideIsNotNarrowed() throws Exception {
        Kit.Child child = kit().child();
        for (long high : new long[] {1L << 32, 1L << 33, 1L << 62}) {
            long pid = high + child.pid();
            OsProcess found = kit().find(pid);
            assertEquals(ProcessStatus.DONE, found.status(), pid + " was cut to a number of the system");
            assertEquals(pid, found.pid());
            assertFalse(found.kill(), "somebody was killed by the number " + pid);
            assertEquals(Optional.empty(), kit().findLive(pid));
        }
        child.ask("nothing");
    }

    @Test
    @Rule({"ID-10", "WAIT-11", "SIG-26"})
    @LookAt("ProcessBackend.currentPid: the engine compares with it")
    void id10_oneselfIsFoundAndNeitherWaitedForNorSignalled() throws Exception {
        OsProcess self = kit().find(ProcessHandle.current().pid());
        assertEquals(Liveness.RUNNING, self.liveness());
        assertEquals(
                ErrorKind.INVALID,
                Bounded.call("waitFor of oneself", () -> Kit.kindOf(self::waitFor)),
                "waiting for oneself");
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> self.waitFor(Bounded.LONG)));
        assertTrue(self.onExit().isCompletedExceptionally());
        assertEquals(ErrorKind.INVALID, Kit.kindOf(self::kill));
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> self.signal(Signal.TERM)));
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> self.stop(Duration.ZERO)));
        assertEquals(ProcessStatus.OK, self.status());
    }

    @Test
    @Rule({"ID-11", "REL-03"})
    @LookAt("Target.close: concerns this target's own handle alone")
    void id11_objectsOfOneProcessAreIndependent() throws Exception {
        Kit.Child child = kit().child();
        OsProcess first = kit().find(child.pid());
        OsProcess second = kit().find(child.pid());
        assertEquals(ProcessStatus.OK, first.release());
        first.close();
        assertEquals(ProcessStatus.RELEASED, first.release());
        assertThrows(ProcessReleasedException.class, () -> first.waitFor(Duration.ZERO));
        assertEquals(Optional.empty(), second.waitFor(Duration.ZERO));
        assertEquals(Liveness.RUNNING, second.liveness());
        second.close();
        assertThrows(ProcessReleasedException.class, second::liveness);
        assertEquals(ProcessStatus.OK, child.process().status());
        assertEquals(Liveness.RUNNING, child.process().liveness());
        child.exit(7);
        assertEquals(7, Situations.end(child.process()).exitCode());
    }

    @Test
    @Rule("ID-11")
    @Needs(Capability.HANDLE)
    @LookAt("Target.handle: one for each target")
    void id11_aHandleIsTheObjectsOwn() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        long its = child.process().withHandle(NativeHandle.class, NativeHandle::value);
        long other = found.withHandle(NativeHandle.class, NativeHandle::value);
        assertNotEquals(its, other, "one handle for two objects");
    }

    @Test
    @Rule({"ID-11", "SIG-06", "SIG-18", "STATE-16"})
    @LookAt("Target.signal: ProcessDoneException once the process was reaped")
    void id11_afterTheOwnerReapedAFoundObjectReachesNobody() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        ProcessMode mode = found.mode();
        child.exit(7);
        assertEquals(7, Situations.end(child.process()).exitCode());
        assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
        assertFalse(found.kill(), "a kill after the reap");
        assertEquals(Situations.afterTheOwner(kit()), found.liveness());
        assertEquals(mode, found.mode());
        ProcessState state = Situations.end(found);
        assertTrue(
                state.cause() == ExitCause.UNKNOWN || state.exitCode() == 7,
                "what the owner took is unknown, or the truth, and not: " + state);
    }

    @Test
    @Rule({"ID-12", "ID-04"})
    @LookAt("Target.identity: a mark that tells bearers of the number apart, the same at every look")
    void d16_anIdentityFindsItsProcessAndNoOther() throws Exception {
        Kit.Child child = kit().child();
        Kit.Child other = kit().child();
        ProcessIdentity identity = child.process().identity();
        assertEquals(child.pid(), identity.pid());
        assertFalse(identity.denotesSameProcess(other.process().identity()));
        assertEquals(identity, ProcessIdentity.parse(identity.toString()), "an identity printed and parsed");
        OsProcess found = kit().find(child.pid());
        assertTrue(identity.denotesSameProcess(found.identity()), found.identity() + " is not " + identity);
        OsProcess again = kit().find(ProcessIdentity.parse(identity.toString()));
        assertEquals(ProcessStatus.OK, again.status(), "a live process by its identity");
        child.exit(0);
        Situations.end(child.process());
        assertEquals(identity, child.process().identity(), "an identity that was asked for is kept");
        found.close();
        again.close();
        OsProcess gone = Situations.findGone(kit(), () -> kit().find(identity));
        assertEquals(ProcessStatus.DONE, gone.status(), "a process that is gone by its identity");
        other.ask("nothing");
    }

    @Test
    @Rule("ID-14")
    @Needs(Capability.REAP)
    @LookAt("Target.liveness: EXITED for a zombie, consuming nothing")
    void id14_aZombieIsThere() throws Exception {
        Kit.Child child = Situations.ended(kit(), 7);
        assertEquals(Liveness.EXITED, child.process().liveness(), "an ended child that nobody waited for");
        OsProcess found = kit().findLive(child.pid())
                .orElseThrow(() -> new AssertionError("a zombie was taken for gone by ProcessBackend.open"));
        assertEquals(ProcessStatus.OK, found.status());
        assertEquals(Liveness.EXITED, found.liveness());
        assertTrue(found.kill(), "a zombie takes signals without effect");
        assertEquals(Liveness.EXITED, child.process().liveness(), "a signal or a look took the zombie away");
        found.close();
        assertEquals(7, Situations.end(child.process()).exitCode());
    }

    @Test
    @Rule("ID-15")
    @Needs(sight = Sight.HANDLES)
    void id15_aThreadIsNoProcess() throws Exception {
        if (WindowsSight.isThere()) {
            long thread = WindowsSight.thread();
            assertEquals(ProcessStatus.DONE, kit().find(thread).status(), "this thread was taken for a process");
            assertEquals(Optional.empty(), kit().findLive(thread));
            return;
        }
        Kit.Child child = kit().child();
        int threads = 0;
        for (String name : Situations.names(Path.of("/proc/" + child.pid() + "/task"))) {
            long thread = Long.parseLong(name);
            if (thread != child.pid()) {
                threads++;
                OsProcess found = kit().find(thread);
                assertEquals(ProcessStatus.DONE, found.status(), "the thread " + thread + " was taken for a process");
                assertFalse(found.kill());
                assertEquals(Optional.empty(), kit().findLive(thread));
            }
        }
        assertTrue(threads > 0, "a JVM has more threads than one");
        child.ask("nothing");
    }

    @Test
    @Rule({"ID-16", "WAIT-20"})
    @LookAt("Target.liveness and collect: whether it has ended, not what its exit code is")
    void id16_whetherItHasEndedIsNotToldByItsCode() throws Exception {
        // 259 is "still active" on Windows; elsewhere the low byte is kept
        for (int code : new int[] {0, 259, 255}) {
            Kit.Child child = kit().child();
            OsProcess found = kit().find(child.pid());
            assertEquals(Liveness.RUNNING, child.process().liveness(), "before an exit with " + code);
            assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO), "before an exit with " + code);
            child.exit(code);
            Situations.awaitEnded(found);
            Situations.awaitEnded(child.process());
            ProcessState state = child.process()
                    .waitFor(Bounded.LONG)
                    .orElseThrow(() -> new AssertionError("a child that exited with " + code + " still runs"));
            assertTrue(state.exited());
            assertEquals(kit().subject().has(Sight.SIGNALS) ? code & 0xff : code, state.exitCode());
            assertEquals(Liveness.GONE, child.process().liveness());
        }
    }

    @Test
    @Rule({"ID-17", "STATE-10"})
    @Needs(sight = Sight.DESCRIPTORS)
    @LookAt("Target.close, and what open leaves behind")
    void id17_findsLeaveNoDescriptor() throws Exception {
        Kit.Child child = kit().child();
        findAndLetGo(child.pid(), TRIES); // what is loaded at the first use
        int before = Situations.descriptors();
        findAndLetGo(child.pid(), MANY);
        // the JVM itself opens a file now and then
        Bounded.await(
                "the descriptors of " + MANY + " found objects to be given back",
                () -> Situations.descriptors() <= before + TRIES);
        child.ask("nothing");
    }

    private void findAndLetGo(long pid, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            OsProcess found = FrontDoor.find(kit().engine(), pid);
            if (i % 2 == 0) {
                found.release();
            } else {
                found.close();
            }
        }
    }
}
