// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.Signal;
import dev.osprocess.TreeKillReport;
import dev.osprocess.linux.ChildJvm;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.RealProcesses;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code killTree()} on the running kernel (SIG-21). */
final class KillTreeTest extends RealProcesses {
    private static final int LENGTH = 5;
    private static final int PARENT = 4;

    /**
     * Each tells its number and starts the next, $1 of them in all; the third from the end leads a session of its own.
     * The script is its own first argument.
     */
    private static final String CHAIN = """
            echo $$
            case $1 in
              1) exec sleep 1000;;
              4) setsid sh -c "$0" "$0" 3 & wait;;
              *) sh -c "$0" "$0" $(($1 - 1)) & wait;;
            esac
            """;

    /** The processes of a chain, from the top down, without the root. */
    private List<OsProcess> below(OsProcess root) throws Exception {
        assertEquals(root.pid(), Long.parseLong(lineFrom(root)));
        List<OsProcess> below = new ArrayList<>();
        while (below.size() < LENGTH - 1) {
            below.add(descendantOf(root));
        }
        await("sleep", () -> nameOf(below.get(below.size() - 1).pid()));
        return below;
    }

    private static Set<Long> pids(OsProcess root, List<OsProcess> below) {
        Set<Long> pids = new HashSet<>(Set.of(root.pid()));
        below.forEach(process -> pids.add(process.pid()));
        return pids;
    }

    @Test
    void sig21_aChainOfFiveIsKilledFromTheRootToTheLeaf() throws Exception {
        OsProcess bystander = sleeper();
        OsProcess root = shell(CHAIN, CHAIN, Integer.toString(LENGTH));
        List<OsProcess> below = below(root);
        OsProcess sessionLeader = below.get(1);
        assertEquals(Long.toString(sessionLeader.pid()), Surroundings.statField(sessionLeader.pid(), 6));

        TreeKillReport report = root.killTree();

        assertEquals(pids(root, below), new HashSet<>(report.reached()));
        assertEquals(LENGTH, report.reached().size());
        assertEquals(Set.of(TreeKillReport.Means.WALK), report.means());
        assertEquals(List.of(), report.problems());
        assertFalse(report.isComplete());
        assertEquals(Optional.of(Signal.KILL), end(root).signal());
        for (OsProcess process : below) {
            end(process);
        }
        assertUntouched(bystander);
    }

    @Test
    void sig21_aRootThatLeadsAGroupIsKilledByGroupAndWalk() throws Exception {
        OsProcess root = shell(
                ProcessAttributes.builder()
                        .system(LinuxAttributes.builder().newProcessGroup().build()),
                CHAIN,
                CHAIN,
                Integer.toString(LENGTH));
        List<OsProcess> below = below(root);
        TreeKillReport report = root.killTree();
        assertEquals(pids(root, below), new HashSet<>(report.reached()));
        assertEquals(Set.of(TreeKillReport.Means.GROUP, TreeKillReport.Means.WALK), report.means());
        assertEquals(Optional.of(Signal.KILL), end(root).signal());
        for (OsProcess process : below) {
            end(process);
        }
    }

    @Test
    void sig21_aTreeWithBranchesIsKilled() throws Exception {
        OsProcess root = shell("for i in 1 2 3; do sh -c 'sleep 1000 & echo $$ $!; wait' & done; wait");
        List<OsProcess> below = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (String pid : lineFrom(root).split(" ", -1)) {
                below.add(descendant(Long.parseLong(pid)));
            }
        }
        TreeKillReport report = root.killTree();
        assertEquals(pids(root, below), new HashSet<>(report.reached()));
        for (OsProcess process : below) {
            end(process);
        }
    }

    @Test
    void sig21_anOrphanIsNotReachedAndTheReportDoesNotPretend() throws Exception {
        OsProcess root = shell("(sleep 1000 & echo $!); sleep 1000 & echo $!; wait");
        OsProcess orphan = descendantOf(root);
        OsProcess child = descendantOf(root);
        await(false, () -> isDescendantOf(orphan.pid(), root.pid()));

        TreeKillReport report = root.killTree();

        assertEquals(Set.of(root.pid(), child.pid()), new HashSet<>(report.reached()));
        assertFalse(report.isComplete());
        end(root);
        end(child);
        assertUntouched(orphan);
        assertTrue(orphan.kill());
        end(orphan);
    }

    @Test
    void sig21_anOrphanInTheRootsGroupIsReachedByTheGroup() throws Exception {
        OsProcess root = shell(
                ProcessAttributes.builder()
                        .system(LinuxAttributes.builder().newProcessGroup().build()),
                "(sleep 1000 & echo $!); echo done; exec sleep 1000");
        OsProcess orphan = descendantOf(root);
        assertEquals("done", lineFrom(root));
        await(false, () -> isDescendantOf(orphan.pid(), root.pid()));
        TreeKillReport report = root.killTree();
        assertEquals(List.of(root.pid()), report.reached());
        assertEquals(Set.of(TreeKillReport.Means.GROUP, TreeKillReport.Means.WALK), report.means());
        end(orphan);
    }

    @Test
    void sig21_aFoundRootIsKilledWithItsTree() throws Exception {
        OsProcess root = shell("sh -c 'sleep 1000 & echo $$; echo $!; wait' & wait");
        OsProcess middle = descendantOf(root);
        OsProcess leaf = descendantOf(root);
        TreeKillReport report = middle.killTree();
        assertEquals(Set.of(middle.pid(), leaf.pid()), new HashSet<>(report.reached()));
        end(middle);
        end(leaf);
        end(root); // it had nothing left to wait for
    }

    @Test
    void sig21_aStoppedTreeIsKilled() throws Exception {
        OsProcess root = shell("sleep 1000 & echo $!; wait");
        OsProcess child = descendantOf(root);
        await("sleep", () -> nameOf(child.pid())); // gVisor forgets a stop that comes during an exec
        child.signal(Signal.STOP);
        root.signal(Signal.STOP);
        awaitState(child.pid(), "T");
        awaitState(root.pid(), "T");
        assertEquals(2, root.killTree().reached().size());
        end(root);
        end(child);
    }

    @Test
    void sig21_aRootThatHasFinishedIsReported() throws Exception {
        OsProcess root = start("/bin/true");
        end(root);
        TreeKillReport report = root.killTree();
        assertEquals(List.of(), report.reached());
        assertEquals(Set.of(), report.means());
        assertEquals(1, report.problems().size());
        assertTrue(report.problems().get(0).contains("had finished"), report.toString());
    }

    @Test
    void sig26_theJvmsOwnTreeIsRefused() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess self = OsProcess.current()) {
            assertEquals(ErrorKind.INVALID, kindOf(self::killTree));
        }
        assertUntouched(child);
    }

    @Test
    void sig26_theTreeOfAnAncestorIsKilledWithoutTheJvmThatAsksForIt() throws Exception {
        List<String> command = ChildJvm.command(List.of(), AncestorKiller.class);
        OsProcess root = shell("\"$0\" \"$@\" & echo $!; wait", command.toArray(new String[0]));
        OsProcess jvm = descendantOf(root);
        await(true, () -> "T".equals(stateOf(jvm.pid())) || jvm.liveness() != Liveness.RUNNING);
        assertNotEquals("T", stateOf(jvm.pid()), "the JVM has stopped itself");
        List<String> output = new ArrayList<>();
        while (output.size() < 2) {
            String line = lineFrom(root);
            output.addAll(ChildJvm.said(List.of(line)));
        }
        assertEquals(List.of("[" + root.pid() + "]", "1"), output);
        assertEquals(Optional.of(Signal.KILL), end(root).signal());
    }

    @Test
    void sig21_aReleasedRootIsRefused() throws Exception {
        OsProcess child = sleeper();
        try (OsProcess found = OsProcess.find(child.pid())) {
            child.close();
            assertThrows(ProcessReleasedException.class, child::killTree);
            assertUntouched(found);
            assertTrue(found.kill());
        }
    }

    private static void assertUntouched(OsProcess process) throws Exception {
        assertEquals(Liveness.RUNNING, process.liveness());
        assertNotEquals("T", stateOf(process.pid()), "stopped");
    }

    private static boolean isDescendantOf(long pid, long ancestor) {
        try {
            for (long at = pid; at > 1; at = Long.parseLong(Surroundings.statField(at, PARENT))) {
                if (at == ancestor) {
                    return true;
                }
            }
            return false;
        } catch (IOException changedMeanwhile) {
            return true; // to be looked at again
        }
    }
}
