// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.Liveness;
import dev.osprocess.OnClose;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.engine.Leaks;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.child.LeavingMain;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import dev.osprocess.tck.run.Subjects;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** REL: giving up a hold, and what becomes of the child. */
@LookAt("Target.close: gives the handle back; kills nothing, reaps nothing, never blocks")
abstract class ReleaseContract extends Contract {
    private static final int MANY = 40;

    @Test
    @Rule({"REL-01", "REL-02", "REL-03", "REL-05"})
    @Needs(Capability.REAP)
    void rel01_releaseNeitherKillsNorReaps() throws Exception {
        Kit.Child child = kit().child();
        kit().leavesZombie(child.process());
        assertEquals(
                ProcessStatus.OK, Bounded.call("release", () -> child.process().release()));
        assertEquals(ProcessStatus.RELEASED, child.process().release(), "the second release");
        child.ask("nothing");
        OsProcess found = kit().find(child.pid());
        assertEquals(Liveness.RUNNING, found.liveness());
        child.exit(0);
        Situations.awaitEnded(found);
        assertEquals(Liveness.EXITED, found.liveness(), "somebody reaped a child that was released");
        assertTrue(Situations.isChild(child.pid()), "somebody reaped a child that was released");
        assertEquals(child.line().pid(), child.pid(), "the pid after a release");
        assertEquals(ProcessStatus.RELEASED, child.process().status());
    }

    @Test
    @Rule({"REL-04", "CONC-05"})
    void rel04_whoWaitedBeforeAReleaseGetsTheTrueState() throws Exception {
        Kit.Child child = kit().child();
        CompletableFuture<ProcessState> end = child.process().onExit();
        FutureTask<ProcessState> wait = new FutureTask<>(() -> child.process().waitFor());
        Thread thread = new Thread(wait, "waiter");
        thread.setDaemon(true);
        thread.start();
        Bounded.awaitParked(thread);
        child.process().release();
        assertThrows(ProcessReleasedException.class, () -> child.process().waitFor(Duration.ZERO));
        assertThrows(ProcessReleasedException.class, () -> child.process().onExit());
        child.exit(4);
        assertEquals(4, wait.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS).exitCode());
        assertEquals(4, Situations.get("a future taken before the release", end).exitCode());
        Situations.awaitReaped(child.pid());
    }

    @Test
    @Rule({"REL-07", "REL-01"})
    void rel07_closeLeavesTheChildAliveAndHasItReapedInTheEnd() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        Bounded.call("close of a live child", () -> {
            child.process().close();
            return true;
        });
        assertEquals(ProcessStatus.RELEASED, child.process().status());
        child.ask("nothing");
        assertEquals(Liveness.RUNNING, found.liveness(), "close has ended the child");
        child.process().close();
        child.exit(7);
        Situations.awaitReaped(child.pid());
        Bounded.await("the found object to see the end", () -> found.liveness() == Situations.afterTheOwner(kit()));
    }

    @Test
    @Rule("REL-07")
    void rel07_closeOfAChildThatHasEndedReapsIt() throws Exception {
        Kit.Child child = Situations.ended(kit(), 7);
        child.process().close();
        Situations.awaitReaped(child.pid());
    }

    @Test
    @Rule("REL-07")
    void d04_killOnCloseIsForThoseWhoAskForIt() throws Exception {
        Kit.Child child = kit().child(Kit.quiet().onClose(OnClose.KILL_AND_REAP));
        CompletableFuture<ProcessState> end = child.process().onExit();
        child.process().close();
        assertFalse(Situations.get("the end of a child that is killed on close", end)
                .success());
        Situations.awaitReaped(child.pid());
        Kit.Child released = kit().child(Kit.quiet().onClose(OnClose.KILL_AND_REAP));
        assertFalse(released.process().onExit().isDone(), "it runs"); // and is watched, so that it is reaped in the end
        released.process().release();
        released.ask("nothing");
    }

    @Test
    @Rule({"REL-08", "REL-12", "REL-10"})
    void rel08_aDroppedChildLivesOnAndIsReapedInTheEnd() throws Exception {
        long leaks = Leaks.count();
        JavaChild line = startAndDrop();
        Bounded.await("the Cleaner to treat a dropped child as closed", () -> {
            System.gc();
            return kit().engine().watched() == 1;
        });
        assertTrue(Leaks.count() > leaks, "a child that was dropped is not counted");
        line.ask("nothing");
        line.exit(7);
        Situations.awaitReaped(line.pid());
    }

    private JavaChild startAndDrop() throws ProcessException {
        ChildServer.Expected expected = kit().expect();
        FrontDoor.start(
                kit().engine(),
                expected.program(),
                expected.arguments(),
                Kit.quiet().build());
        return kit().lineOf(expected);
    }

    @Test
    @Rule({"REL-08", "ID-17", "STATE-14"})
    @Needs(sight = Sight.DESCRIPTORS)
    void rel08_foundObjectsThatAreDroppedGiveTheirHandlesBack() throws Exception {
        Kit.Child child = kit().child();
        long counted = Leaks.count();
        findAndDrop(child.pid()); // and with these goes what earlier tests dropped
        awaitCleaned(counted + MANY);
        counted = Leaks.count();
        int held = findAndDrop(child.pid());
        awaitCleaned(counted + MANY);
        int givenBack = kit().subject().has(Capability.HANDLE) ? MANY : 0;
        Bounded.await(
                MANY + " dropped objects to give back " + givenBack + " of " + held + " descriptors",
                () -> Situations.descriptors() <= held - givenBack);
        child.ask("nothing");
    }

    /** How many descriptors there are while so many objects are held. */
    private int findAndDrop(long pid) throws Exception {
        List<OsProcess> dropped = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            dropped.add(FrontDoor.find(kit().engine(), pid));
        }
        int held = Situations.descriptors();
        assertEquals(MANY, dropped.size());
        return held;
    }

    private static void awaitCleaned(long count) throws Exception {
        Bounded.await("the Cleaner to find what was dropped", () -> {
            System.gc();
            return Leaks.count() >= count;
        });
    }

    @Test
    @Rule({"REL-11", "REL-15"})
    @LookAt("ProcessBackend.start: a failed start leaves nothing behind")
    void rel11_failedStartsLeaveNothing() throws Exception {
        Path missing = kit().folder().resolve("no-such-program");
        long children = ProcessHandle.current().children().count();
        for (int i = 0; i < MANY; i++) {
            assertThrows(ProcessException.class, () -> kit().start(
                            missing.toString(),
                            List.of(missing.toString()),
                            ProcessAttributes.builder()
                                    .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.nullDevice())
                                    .build()));
        }
        assertEquals(0, kit().engine().unreaped());
        assertEquals(0, kit().engine().watched());
        assertTrue(
                ProcessHandle.current().children().count() <= children, "a failed start has left a child or a zombie");
        // the leak check sees the descriptors
    }

    @Test
    @Rule("REL-15")
    void rel15_whatWasGivenUpLeavesNothingInTheEngine() throws Exception {
        Kit.Child child = kit().child();
        for (int i = 0; i < MANY; i++) {
            kit().find(child.pid()).release();
        }
        assertEquals(0, kit().engine().watched());
        child.exit(0);
        Situations.end(child.process());
        assertEquals(0, kit().engine().unreaped(), "owners of children that were reaped");
        Bounded.await("the watch of an ended child to go", () -> kit().engine().watched() == 0);
    }

    /** Of this JVM, and of the backend if it came from elsewhere: {@code osprocess tck --with}. */
    private static String classPath(ProcessBackend backend) throws URISyntaxException {
        List<String> path = new ArrayList<>(Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(part -> part != null && !part.isEmpty())
                .toList());
        ClassLoader loader = backend.getClass().getClassLoader();
        while (loader != null) {
            if (loader instanceof URLClassLoader ours) {
                for (URL place : ours.getURLs()) {
                    path.add(Path.of(place.toURI()).toString());
                }
            }
            loader = loader.getParent();
        }
        return String.join(File.pathSeparator, path);
    }

    @Test
    @Rule("REL-14")
    @LookAt("ProcessBackend.exitEvents and start: no thread that is no daemon, no shutdown hook")
    void rel14_theJvmEndsBeforeItsChild() throws Exception {
        String backend = kit().backend().name();
        if (!Subjects.names().contains(backend)) {
            throw new TestAbortedException("another JVM finds no backend '" + backend + "' by ServiceLoader");
        }
        ChildServer.Expected expected = kit().expect();
        List<String> command = new ArrayList<>(List.of(
                ChildServer.program(),
                "-XX:TieredStopAtLevel=1",
                "-Ddev.osprocess.backend=" + backend,
                "-cp",
                classPath(kit().backend()),
                LeavingMain.class.getName()));
        List<String> arguments = new ArrayList<>(expected.arguments());
        arguments.set(0, expected.program());
        command.addAll(arguments);
        OsProcess jvm = kit().start(ChildServer.program(), command, Kit.quiet().build());
        JavaChild line = kit().lineOf(expected);
        ProcessState state = jvm.waitFor(Bounded.LONG)
                .orElseThrow(() -> new AssertionError("a JVM waits for the child that it started"));
        assertTrue(state.success(), "the JVM that started a child ended with: " + state);
        line.ask("nothing");
    }
}
