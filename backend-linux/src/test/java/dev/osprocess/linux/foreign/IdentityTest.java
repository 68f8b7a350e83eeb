// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.linux.ChildJvm;
import dev.osprocess.linux.RealProcesses;
import dev.osprocess.linux.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Identities of processes on the running kernel (D16). */
final class IdentityTest extends RealProcesses {
    private static ProcessIdentity withMark(ProcessIdentity identity, String mark, String value) {
        Map<String, String> marks = new TreeMap<>(identity.marks());
        assertTrue(marks.containsKey(mark), "there is no " + mark + " in " + identity);
        assertNotEquals(value, marks.put(mark, value));
        return ProcessIdentity.of(identity.system(), identity.pid(), marks);
    }

    private static ProcessIdentity without(ProcessIdentity identity, String... gone) {
        Map<String, String> marks = new TreeMap<>(identity.marks());
        marks.keySet().removeAll(Set.of(gone));
        return ProcessIdentity.of(identity.system(), identity.pid(), marks);
    }

    @Test
    void d16_anIdentitySurvivesPrintingAndParsing() throws Exception {
        OsProcess child = sleeper();
        ProcessIdentity identity = child.identity();
        assertEquals("linux", identity.system());
        assertEquals(child.pid(), identity.pid());
        assertEquals(identity, ProcessIdentity.parse(identity.toString()));
        assertFalse(identity.toString().contains(" "));
        assertTrue(identity.denotesSameProcess(ProcessIdentity.parse(identity.toString())));
    }

    @Test
    void d16_theMarksAreTheKernels() throws Exception {
        OsProcess child = sleeper();
        assertEquals(
                Surroundings.statField(child.pid(), 22),
                child.identity().marks().get("start"));
        assertEquals(
                Surroundings.pidfds() && Surroundings.kernelAtLeast(6, 9),
                child.identity().marks().containsKey("inode"));
    }

    @Test
    void d16_everyObjectOfAProcessSaysTheSame() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(child.identity(), found.identity());
        }
        try (OsProcess found = OsProcess.find(child.identity())) {
            assertEquals(ProcessStatus.OK, found.status());
            assertEquals(child.identity(), found.identity());
            found.signal(Signal.TERM);
            assertEquals(Optional.of(Signal.TERM), end(child).signal());
        }
    }

    @Test
    void d16_anotherJvmReattachesAndKills() throws Exception {
        OsProcess child = sleeper();
        ProcessIdentity identity = child.identity();
        assertEquals(
                List.of("OK", "RUNNING", "equal", "killed"),
                ChildJvm.said(ChildJvm.run(List.of(), Reattach.class, identity.toString())));
        assertEquals(Optional.of(Signal.KILL), end(child).signal());
        OsProcess gone = OsProcess.find(identity);
        assertEquals(ProcessStatus.DONE, gone.status());
        assertFalse(gone.kill());
        assertThrows(ProcessDoneException.class, gone::waitFor);
        assertEquals(List.of("DONE"), ChildJvm.said(ChildJvm.run(List.of(), Reattach.class, identity.toString())));
    }

    @Test
    void d16_eachMarkTellsProcessesApart() throws Exception {
        OsProcess child = sleeper();
        ProcessIdentity identity = child.identity();
        for (String mark : identity.marks().keySet()) {
            ProcessIdentity other = withMark(identity, mark, "1");
            assertFalse(identity.denotesSameProcess(other), mark);
            OsProcess found = OsProcess.find(other);
            assertEquals(ProcessStatus.DONE, found.status(), mark);
            assertFalse(found.kill(), mark);
        }
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void d16_anotherNamespaceIsAnotherProcess() throws Exception {
        ProcessIdentity identity = sleeper().identity();
        assumeTrue(
                identity.marks().containsKey("ns"),
                "needs a kernel whose pid namespaces have numbers (/proc/self/ns/pid); gVisor makes them up");
        assertEquals(
                ProcessStatus.DONE,
                OsProcess.find(withMark(identity, "ns", "4026539999")).status());
    }

    @Test
    void d16_anotherBootIsAnotherProcess() throws Exception {
        ProcessIdentity identity = sleeper().identity();
        assumeTrue(
                identity.marks().containsKey("boot"),
                "needs a kernel that tells which boot this is (/proc/sys/kernel/random/boot_id)");
        assertEquals(
                ProcessStatus.DONE,
                OsProcess.find(withMark(identity, "boot", "00000000-0000-0000-0000-000000000000"))
                        .status());
    }

    @Test
    void d16_aMarkThatOnlyOneSideHasIsNoDifference() throws Exception {
        OsProcess child = sleeper();
        for (ProcessIdentity other : List.of(
                without(child.identity(), "inode"),
                without(child.identity(), "boot"),
                without(child.identity(), "boot", "ns", "inode"))) {
            try (OsProcess found = OsProcess.find(other)) {
                assertEquals(ProcessStatus.OK, found.status(), other.toString());
            }
        }
    }

    @Test
    void d16_aPlaceAloneNamesNobody() throws Exception {
        OsProcess child = sleeper();
        OsProcess found = OsProcess.find(without(child.identity(), "start", "inode"));
        assertEquals(ProcessStatus.DONE, found.status());
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void d16_anIdentityThatWasAskedForInTimeStays() throws Exception {
        OsProcess child = sleeper();
        ProcessIdentity identity = child.identity();
        child.kill();
        end(child);
        assertSame(identity, child.identity());
        child.close();
        assertSame(identity, child.identity());
    }

    @Test
    void d16_anIdentityThatIsAskedForTooLateIsRefused() throws Exception {
        OsProcess child = sleeper();
        OsProcess found = OsProcess.find(child.pid());
        child.kill();
        end(child);
        assertThrows(ProcessDoneException.class, child::identity);
        assertThrows(ProcessDoneException.class, found::identity); // nobody told it, so it asks
        found.close();
        assertThrows(ProcessReleasedException.class, found::identity);
    }

    @Test
    void d16_aZombieHasItsIdentityStill() throws Exception {
        OsProcess child = held(0);
        ProcessIdentity alive;
        try (OsProcess found = OsProcess.find(child.pid())) {
            alive = found.identity();
        }
        tell(child);
        awaitState(child.pid(), "Z");
        assertTrue(child.identity().denotesSameProcess(alive), child.identity() + " and " + alive);
        try (OsProcess found = OsProcess.find(alive)) {
            assertEquals(ProcessStatus.OK, found.status());
        }
    }

    @Test
    void d16_twoProcessesHaveTwoIdentities() throws Exception {
        OsProcess one = sleeper();
        OsProcess two = sleeper();
        assertNotEquals(one.identity(), two.identity());
        assertFalse(one.identity().denotesSameProcess(two.identity()));
    }

    @Test
    void d16_oneselfHasAnIdentity() throws Exception {
        try (OsProcess self = OsProcess.current()) {
            assertEquals(OsProcess.currentPid(), self.identity().pid());
            try (OsProcess found = OsProcess.find(self.identity())) {
                assertEquals(ProcessStatus.OK, found.status());
            }
        }
    }
}
