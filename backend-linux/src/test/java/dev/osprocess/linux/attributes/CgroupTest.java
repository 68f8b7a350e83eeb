// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.attributes;

import static dev.osprocess.linux.attributes.Looks.NOBODY;
import static dev.osprocess.linux.attributes.Looks.assumeRoot;
import static dev.osprocess.linux.attributes.Looks.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.TreeKillReport;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.LinuxCredentials;
import dev.osprocess.linux.RealProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children that are born in a control group, and killed with it (START-47, SIG-21). */
final class CgroupTest extends RealProcesses {
    private static final Path OWN_MOUNTS = Path.of("/proc/self/mountinfo");

    private Path hierarchy = Path.of("");
    private final List<Path> made = new ArrayList<>();

    @TempDir
    private Path elsewhere;

    @BeforeEach
    void findTheHierarchy() throws Exception {
        assumeRoot();
        Optional<Path> found = Files.readAllLines(OWN_MOUNTS, StandardCharsets.UTF_8).stream()
                .filter(line -> line.contains(" - cgroup2 ") && line.split(" ", -1)[3].equals("/"))
                .map(line -> Path.of(line.split(" ", -1)[4]))
                .findFirst();
        assumeTrue(found.isPresent(), "needs a cgroup v2 file system (/proc/self/mountinfo names none)");
        hierarchy = found.orElseThrow();
    }

    /** Ends who is in the groups of this test, and nobody else; who was a child is reaped afterwards. */
    @AfterEach
    void removeGroups() throws Exception {
        for (int i = made.size() - 1; i >= 0; i--) {
            Path group = made.get(i);
            await(true, () -> {
                for (String pid : Files.readAllLines(group.resolve("cgroup.procs"), StandardCharsets.US_ASCII)) {
                    OsProcess.find(Long.parseLong(pid)).kill();
                }
                return removed(group);
            });
        }
    }

    /** Not as long as there is a member that has not ended. */
    private static boolean removed(Path group) throws IOException {
        try {
            Files.delete(group);
            return true;
        } catch (FileSystemException busy) {
            return false;
        }
    }

    private Path group(String name) throws IOException {
        return group(hierarchy, name);
    }

    private Path group(Path parent, String name) throws IOException {
        try {
            Path group = Files.createDirectory(parent.resolve("osprocess-test-" + OsProcess.currentPid() + "-" + name));
            made.add(group);
            return group;
        } catch (AccessDeniedException readOnly) {
            assumeTrue(false, "needs a cgroup v2 file system that may be written to: " + parent);
            throw readOnly;
        }
    }

    private static LinuxAttributes.Builder linux() {
        return LinuxAttributes.builder();
    }

    private String groupOf(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("0::"))
                .findFirst()
                .orElse("none");
    }

    private String nameOf(Path group) {
        return "0::/" + hierarchy.relativize(group);
    }

    @Test
    void start47_theProgramFindsItselfInTheGroup() throws Exception {
        Path group = group("birth");
        OsProcess child =
                shell(with(linux().cgroup(group)), "read line < /proc/self/cgroup; grep ^0:: /proc/self/cgroup");
        assertEquals(nameOf(group), lineFrom(child));
        assertTrue(end(child).success());
        OsProcess sleeper = sleeper(linux().cgroup(group).build());
        assertEquals(nameOf(group), groupOf(sleeper.pid()));
        assertEquals(groupOf(OsProcess.currentPid()), groupOf(OsProcess.currentPid()), "this process stays");
        assertFalse(groupOf(OsProcess.currentPid()).equals(nameOf(group)));
    }

    @Test
    void start47_alsoForAnotherUserWhoMayNotWriteThere() throws Exception {
        Path group = group("other");
        OsProcess child = sleeper(linux().cgroup(group)
                .credentials(LinuxCredentials.of(NOBODY, NOBODY))
                .build());
        assertEquals(nameOf(group), groupOf(child.pid()));
    }

    @Test
    void start47_twoMayShareAGroupAndATreeKillLeavesTheOther() throws Exception {
        Path group = group("shared");
        OsProcess one = sleeper(linux().cgroup(group).build());
        OsProcess other = sleeper(linux().cgroup(group).build());
        TreeKillReport report = one.killTree();
        assertEquals(Set.of(TreeKillReport.Means.WALK), report.means());
        assertFalse(report.isComplete());
        end(one);
        assertEquals(Liveness.RUNNING, other.liveness());
    }

    @Test
    void start47_start52_whatIsNoEmptyGroupIsRefusedBeforeAnythingStarts() throws Exception {
        Path group = group("taken");
        OsProcess first = sleeper(linux().ownCgroup(group).build());
        assertEquals(ErrorKind.INVALID, refused(linux().ownCgroup(group)).kind());
        assertEquals(ErrorKind.INVALID, refused(linux().cgroup(elsewhere)).kind());
        assertEquals(
                ErrorKind.NOT_FOUND,
                refused(linux().cgroup(hierarchy.resolve("osprocess-no-such"))).kind());
        assertEquals(Liveness.RUNNING, first.liveness());
    }

    private ProcessException refused(LinuxAttributes.Builder system) {
        return assertThrows(ProcessException.class, () -> sleeper(system.build()));
    }

    @Test
    void sig21_aGroupOfItsOwnIsKilledWithEverybodyInIt() throws Exception {
        assumeKill();
        OsProcess bystander = sleeper();
        Path group = group("own");
        OsProcess root = shell(
                with(linux().ownCgroup(group)),
                "(setsid sleep 1000 & echo $!); sleep 1000 & echo $!; (setsid sh -c 'sleep 1000 & echo $!; wait' &); wait");
        OsProcess daemon = descendantOf(root); // handed to another parent, in a session of its own
        OsProcess child = descendantOf(root);
        OsProcess deep = descendantOf(root);

        TreeKillReport report = root.killTree();

        assertEquals(Set.of(TreeKillReport.Means.CONTAINER, TreeKillReport.Means.WALK), report.means());
        assertEquals(List.of(), report.problems());
        assertTrue(report.isComplete());
        assertTrue(report.reached().contains(root.pid()), report::toString);
        assertEquals(Optional.of(Signal.KILL), end(root).signal());
        end(daemon);
        end(child);
        end(deep);
        assertEquals(Liveness.RUNNING, bystander.liveness());
        await("", () -> Files.readString(group.resolve("cgroup.procs"), StandardCharsets.US_ASCII));
    }

    @Test
    void sig21_alsoInAGroupBelow() throws Exception {
        assumeKill();
        Path group = group("outer");
        OsProcess root = sleeper(linux().ownCgroup(group).build());
        Path inner = group(group, "inner");
        OsProcess below = sleeper(linux().cgroup(inner).build());
        assertTrue(root.killTree().isComplete());
        assertEquals(Optional.of(Signal.KILL), end(below).signal());
    }

    @Test
    void sig21_aForkBombOfItsOwnGroupIsEndedAtOnce() throws Exception {
        assumeKill();
        Path group = group("bomb");
        OsProcess root = shell(
                with(linux().ownCgroup(group)),
                "forks() { (while :; do (setsid sleep 1 &); done) }; forks & forks & echo started; wait");
        assertEquals("started", lineFrom(root));
        assertTrue(root.killTree().means().contains(TreeKillReport.Means.CONTAINER));
        end(root);
        await("", () -> Files.readString(group.resolve("cgroup.procs"), StandardCharsets.US_ASCII));
    }

    @Test
    void sig21_aGroupThatWasReplacedIsNotMistaken() throws Exception {
        assumeKill();
        Path group = group("again");
        OsProcess gone = shell(with(linux().ownCgroup(group)), "read word");
        tell(gone);
        awaitState(gone.pid(), "Z");
        // the zombie is in no group any more, so the directory can go, and come back as somebody else's
        Path moved = group; // the same name
        await(true, () -> removed(moved));
        made.remove(group);
        OsProcess newcomer = sleeper(linux().cgroup(group("again")).build());
        TreeKillReport report = gone.killTree();
        assertFalse(report.isComplete());
        assertEquals(1, report.problems().size(), report::toString);
        assertEquals(Liveness.RUNNING, newcomer.liveness());
        end(gone);
    }

    private void assumeKill() throws IOException {
        Path probe = group("probe");
        assumeTrue(Files.exists(probe.resolve("cgroup.kill")), "needs cgroup.kill (Linux 5.14)");
    }
}
