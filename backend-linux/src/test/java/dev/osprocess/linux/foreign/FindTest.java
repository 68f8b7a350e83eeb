// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.Leaks;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.Pidfd;
import dev.osprocess.linux.RealProcesses;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Opening processes by number on the running kernel (D5). */
final class FindTest extends RealProcesses {
    private static final int ROUNDS = 200;
    private static final Signal NOTHING = Signal.of(0);

    // ---- there or not
    // ------------------------------------------------------------------------------------------------

    @Test
    void id04_aLiveChildIsFoundAndKilledThroughTheFoundObject() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(child.pid(), found.pid());
            assertEquals(Surroundings.pidfds() ? ProcessMode.HANDLE : ProcessMode.PID, found.mode());
            assertEquals(ProcessStatus.OK, found.status());
            assertEquals(Liveness.RUNNING, found.liveness());
            found.signal(NOTHING);
            assertTrue(found.kill());
            assertEquals(Optional.of(Signal.KILL), end(child).signal());
            assertEquals(Liveness.GONE, found.liveness());
            assertFalse(found.kill());
        }
    }

    @Test
    void id05_aReapedChildIsDoneFromBirthAndReachesNobody() throws Exception {
        OsProcess child = start("/bin/true");
        end(child);
        OsProcess found = OsProcess.find(child.pid());
        assertEquals(ProcessStatus.DONE, found.status());
        assertEquals(child.pid(), found.pid());
        assertEquals(Liveness.GONE, found.liveness());
        assertFalse(found.kill());
        assertThrows(ProcessDoneException.class, () -> found.signal(NOTHING));
        assertThrows(ProcessDoneException.class, found::waitFor);
        assertThrows(ProcessDoneException.class, found::identity);
        assertTrue(found.onExit().isCompletedExceptionally());
        assertEquals(Optional.empty(), found.state());
        assertEquals(ProcessStatus.DONE, found.release());
        assertEquals(Optional.empty(), OsProcess.findLive(child.pid()));
    }

    @Test
    void id05_findLiveGivesWhatIsThere() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.findLive(child.pid()).orElseThrow()) {
            assertEquals(Liveness.RUNNING, found.liveness());
        }
    }

    @Test
    void id14_anOwnZombieIsThereAndTakesSignalsWithoutEffect() throws Exception {
        OsProcess child = zombie(7);
        try (OsProcess found = OsProcess.findLive(child.pid()).orElseThrow()) {
            assertEquals(ProcessStatus.OK, found.status());
            assertEquals(Liveness.EXITED, found.liveness());
            found.signal(NOTHING);
            found.signal(Signal.TERM);
            assertTrue(found.kill());
            assertEquals(Liveness.EXITED, found.liveness());
        }
        assertEquals(7, end(child).exitCode());
    }

    @Test
    void id14_aForeignZombieIsThere() throws Exception {
        OsProcess parent = neverReaping("(read word <&3; exit 7)");
        long pid = descendantOf(parent).pid();
        tell(parent);
        awaitState(pid, "Z");
        try (OsProcess found = OsProcess.findLive(pid).orElseThrow()) {
            assertEquals(Liveness.EXITED, found.liveness());
            found.signal(NOTHING);
        }
    }

    @Test
    void id09_aNumberThatIsTooWideIsNotNarrowed() throws Exception {
        OsProcess child = sleeper();
        for (long high : List.of(1L << 32, 1L << 31, 1L << 62)) {
            OsProcess found = OsProcess.find(high + child.pid());
            assertEquals(ProcessStatus.DONE, found.status());
            assertEquals(high + child.pid(), found.pid());
            assertFalse(found.kill());
            assertEquals(Optional.empty(), OsProcess.findLive(high + child.pid()));
        }
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void id07_id08_zeroAndNegativeNumbersAreRefusedAndNobodyIsHit() throws Exception {
        OsProcess leader = sleeper(LinuxAttributes.builder().newProcessGroup().build());
        for (long pid : List.of(0L, -1L, -leader.pid(), Long.MIN_VALUE, -(1L << 32) - leader.pid())) {
            assertThrows(IllegalArgumentException.class, () -> OsProcess.find(pid));
            assertThrows(IllegalArgumentException.class, () -> OsProcess.findLive(pid));
        }
        assertEquals(Liveness.RUNNING, leader.liveness());
    }

    @Test
    void id15_aThreadIsNoProcess() throws Exception {
        List<Long> threads = new ArrayList<>();
        for (String name : namesIn("/proc/self/task")) {
            if (Long.parseLong(name) != OsProcess.currentPid()) {
                threads.add(Long.parseLong(name));
            }
        }
        assertFalse(threads.isEmpty(), "a JVM has more threads than one");
        for (long thread : threads) {
            OsProcess found = OsProcess.find(thread);
            assertEquals(ProcessStatus.DONE, found.status());
            assertFalse(found.kill());
            assertThrows(ProcessDoneException.class, () -> found.signal(NOTHING));
            assertEquals(Optional.empty(), OsProcess.findLive(thread));
        }
    }

    // ---- somebody else's
    // ---------------------------------------------------------------------------------------------

    @Test
    void id04_theFirstProcessIsFound() throws Exception {
        assumeFalse(Surroundings.isInit(), "needs a first process (pid 1) that is not this JVM");
        try (OsProcess first = OsProcess.findLive(1).orElseThrow()) {
            assertEquals(ProcessStatus.OK, first.status());
            assertEquals(Liveness.RUNNING, first.liveness());
            assertEquals(1, first.identity().pid());
            assertEquals(Optional.empty(), first.waitFor(Duration.ofMillis(20)));
        }
    }

    @Test
    void id04_aKernelThreadIsFound() throws Exception {
        assumeTrue(nameOf(2).equals("kthreadd"), "needs to see the kernel's threads: pid 2 is not kthreadd here");
        try (OsProcess thread = OsProcess.findLive(2).orElseThrow()) {
            assertEquals(Liveness.RUNNING, thread.liveness());
            assertEquals(Optional.empty(), thread.waitFor(Duration.ofMillis(20)));
        }
    }

    @Test
    void sig07_anotherUsersProcessIsFoundAndWaitedForAndNotSignalled() throws Exception {
        assumeFalse(Surroundings.isRoot(), "needs a user other than root: root may signal everybody");
        assumeFalse(Surroundings.isInit(), "needs a first process (pid 1) that is not this JVM");
        try (OsProcess first = OsProcess.findLive(1).orElseThrow()) {
            assertEquals(ErrorKind.PERMISSION, kindOf(() -> first.signal(NOTHING)));
            ProcessException refused = assertThrows(ProcessException.class, () -> first.signal(NOTHING));
            assertEquals(Optional.of("EPERM"), refused.nativeName());
            assertEquals(ProcessStatus.OK, first.status());
            assertEquals(Liveness.RUNNING, first.liveness());
            assertEquals(Optional.empty(), first.waitFor(Duration.ofMillis(20)));
            assertEquals(Liveness.RUNNING, first.liveness());
        }
    }

    // ---- oneself
    // -----------------------------------------------------------------------------------------------------

    @Test
    void id10_sig26_oneselfIsFoundAndNeitherWaitedForNorSignalled() throws Exception {
        try (OsProcess self = OsProcess.find(OsProcess.currentPid())) {
            assertEquals(Liveness.RUNNING, self.liveness());
            self.signal(NOTHING);
            long before = System.nanoTime();
            assertEquals(ErrorKind.INVALID, kindOf(self::waitFor));
            assertEquals(ErrorKind.INVALID, kindOf(() -> self.waitFor(SOON)));
            assertTrue(System.nanoTime() - before < SOON.toNanos() / 2, "refused at once");
            assertTrue(self.onExit().isCompletedExceptionally());
            assertEquals(ErrorKind.INVALID, kindOf(self::kill));
            assertEquals(ErrorKind.INVALID, kindOf(() -> self.signal(Signal.CONT)));
            assertEquals(ErrorKind.INVALID, kindOf(() -> self.stop(SOON)));
            assertEquals(ErrorKind.INVALID, kindOf(self::killTree));
            assertEquals(ErrorKind.INVALID, kindOf(() -> self.signalGroup(Signal.CONT)));
            assertEquals(ProcessStatus.OK, self.status());
        }
    }

    @Test
    void sig26_whoMeansItselfMaySignalItself() throws Exception {
        try (OsProcess self = OsProcess.current()) {
            assertEquals(OsProcess.currentPid(), self.pid());
            assertEquals(ProcessHandle.current().pid(), self.pid());
            self.signal(NOTHING);
            self.signal(Signal.CONT); // without effect on a process that runs
            assertEquals(ErrorKind.INVALID, kindOf(self::waitFor));
            assertEquals(ErrorKind.INVALID, kindOf(self::killTree));
        }
    }

    // ---- several objects
    // ---------------------------------------------------------------------------------------------

    @Test
    void id11_objectsOfOneProcessAreIndependent() throws Exception {
        OsProcess child = held(7);
        OsProcess first = OsProcess.find(child.pid());
        OsProcess second = OsProcess.find(child.pid());
        assertEquals(ProcessStatus.OK, first.release());
        first.close();
        assertEquals(ProcessStatus.RELEASED, first.release());
        assertThrows(ProcessReleasedException.class, () -> first.signal(NOTHING));
        assertThrows(ProcessReleasedException.class, () -> first.waitFor(Duration.ZERO));
        assertEquals(ProcessStatus.OK, second.status());
        second.signal(NOTHING);
        child.signal(NOTHING);
        second.close();
        assertThrows(ProcessReleasedException.class, second::liveness);
        assertEquals(ProcessStatus.OK, child.status());
        tell(child);
        assertEquals(7, end(child).exitCode());
    }

    @Test
    void id11_aHandleIsTheObjectsOwn() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.find(child.pid())) {
            if (Surroundings.pidfds()) {
                int its = child.withHandle(Pidfd.class, Pidfd::number);
                int other = found.withHandle(Pidfd.class, Pidfd::number);
                assertTrue(its != other, "one descriptor for two objects");
            } else {
                assertThrows(NoHandleException.class, () -> found.withHandle(Pidfd.class, Pidfd::number));
            }
        }
    }

    // ---- giving back
    // -------------------------------------------------------------------------------------------------

    @Test
    void id17_findsAndReleasesLeaveNoDescriptor() throws Exception {
        OsProcess child = sleeper();
        findAndRelease(child.pid(), 10); // whatever is loaded at the first use
        int before = descriptors();
        findAndRelease(child.pid(), ROUNDS);
        await(true, () -> descriptors() <= before); // the JVM itself opens a file now and then
    }

    private static void findAndRelease(long pid, int times) throws ProcessException {
        for (int i = 0; i < times; i++) {
            OsProcess found = OsProcess.find(pid);
            if (i % 2 == 0) {
                found.release();
            } else {
                found.close();
            }
        }
    }

    @Test
    void id17_rel08_findsThatAreDroppedAreRecovered() throws Exception {
        OsProcess child = sleeper();
        long first = Leaks.count();
        findAndDrop(child.pid(), 10); // whatever is loaded at the first use
        awaitRecovered(10, first);
        int before = descriptors();
        long counted = Leaks.count();
        int held = findAndDrop(child.pid(), ROUNDS);
        assertEquals(Surroundings.pidfds(), held > before + ROUNDS / 2, held + " descriptors");
        awaitRecovered(ROUNDS, counted);
        await(true, () -> descriptors() <= before);
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    /** Finds, and gives the number of descriptors while the found objects are there. */
    private static int findAndDrop(long pid, int times) throws Exception {
        List<OsProcess> dropped = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            dropped.add(OsProcess.find(pid));
        }
        int held = descriptors();
        assertEquals(times, dropped.size());
        return held;
    }

    private static void awaitRecovered(int dropped, long countedBefore) throws Exception {
        await(true, () -> {
            System.gc();
            return Leaks.count() >= countedBefore + dropped;
        });
    }

    private static int descriptors() throws IOException {
        return namesIn("/proc/self/fd").size();
    }

    private static List<String> namesIn(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        }
        return names;
    }
}
