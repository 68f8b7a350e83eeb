// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.TreeKillReport;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SIG: groups, trees, and stopping step by step. */
abstract class GroupContract extends Contract {
    private static final Duration SHORT = Duration.ofMillis(50);

    // ---- groups ----

    @Test
    @Rule("SIG-20")
    @Needs(Capability.SIGNAL_GROUP)
    @LookAt("Target.signalGroup: the leader and whoever did not leave its group, and nobody else")
    void sig20_theGroupIsReachedAndNobodyElse() throws Exception {
        Kit.Child bystander = kit().child();
        Kit.Child leader = kit().child(Situations.leader(kit()));
        OsProcess first = kit().find(kit().grandchild(leader).pid());
        OsProcess second = kit().find(kit().grandchild(leader).pid());
        CompletableFuture<ProcessState> firstEnd = first.onExit();
        leader.process().signalGroup(Signal.KILL);
        assertFalse(Situations.end(leader.process()).success());
        Situations.get("the end of a member of the group", firstEnd);
        Situations.end(second);
        bystander.ask("nothing");
    }

    @Test
    @Rule("SIG-20")
    @Needs({Capability.SIGNAL_GROUP, Capability.REAP})
    void sig20_aZombieLeaderStillHasItsGroupAndAReapedOneHasNone() throws Exception {
        Kit.Child leader = kit().child(Situations.leader(kit()));
        JavaChild line = kit().grandchild(leader);
        OsProcess member = kit().find(line.pid());
        leader.exit(3);
        Situations.awaitEnded(leader.process());
        leader.process().signalGroup(Signal.of(0));
        line.ask("nothing");
        leader.process().signalGroup(Signal.KILL);
        Situations.end(member);
        assertEquals(3, Situations.end(leader.process()).exitCode());
        assertThrows(ProcessDoneException.class, () -> leader.process().signalGroup(Signal.KILL));
    }

    @Test
    @Rule("SIG-20")
    @Needs(Capability.SIGNAL_GROUP)
    void sig20_afterTheLeaderWasWaitedForItsGroupIsNotReached() throws Exception {
        Kit.Child leader = kit().child(Situations.leader(kit()));
        JavaChild member = kit().grandchild(leader);
        leader.exit(0);
        Situations.end(leader.process());
        assertEquals(ProcessStatus.DONE, leader.process().status());
        assertThrows(ProcessDoneException.class, () -> leader.process().signalGroup(Signal.KILL));
        member.ask("nothing");
    }

    @Test
    @Rule("SIG-20")
    @Needs(Capability.SIGNAL_GROUP)
    @LookAt("Target.leadsGroup: true only for a child that was started as a leader")
    void sig20_whoLeadsNoGroupIsRefused() throws Exception {
        Kit.Child child = kit().child();
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> child.process().signalGroup(Signal.KILL)));
        Kit.Child leader = kit().child(Situations.leader(kit()));
        OsProcess found = kit().find(leader.pid());
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> found.signalGroup(Signal.KILL)));
        found.release();
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> found.signalGroup(Signal.KILL)));
        child.ask("nothing");
        leader.ask("nothing");
        leader.process().close();
        assertThrows(ProcessReleasedException.class, () -> leader.process().signalGroup(Signal.KILL));
        leader.ask("nothing");
    }

    // ---- trees ----

    @Test
    @Rule("SIG-21")
    @Needs(Capability.CHILDREN)
    @LookAt("ProcessBackend.childrenOf: all children that the process has now")
    void sig21_theWholeTreeIsKilledAndReported() throws Exception {
        Kit.Child bystander = kit().child();
        Kit.Child root = kit().child();
        JavaChild first = kit().grandchild(root);
        JavaChild second = kit().grandchild(root);
        JavaChild below = below(first);
        List<OsProcess> descendants =
                List.of(kit().find(first.pid()), kit().find(second.pid()), kit().find(below.pid()));
        assertEquals(
                Set.of(first.pid(), second.pid()), kit().backend().childrenOf(root.pid()), "the children of the root");
        Set<Long> tree = new HashSet<>(Set.of(root.pid(), first.pid(), second.pid(), below.pid()));
        if (!kit().subject().has(Sight.SIGNALS)) { // Windows may give each of them a process for its console
            ProcessHandle.of(root.pid())
                    .orElseThrow()
                    .descendants()
                    .map(ProcessHandle::pid)
                    .forEach(tree::add);
        }
        TreeKillReport report = Bounded.call("killTree", () -> root.process().killTree());
        assertEquals(tree, new HashSet<>(report.reached()));
        assertEquals(tree.size(), report.reached().size(), report.toString());
        // That nobody could be stopped first is one, and the only one.
        int allowed = kit().subject().has(Capability.SIGNAL_ANY) ? 0 : 1;
        assertTrue(report.problems().size() <= allowed, () -> report.problems().toString());
        assertTrue(report.means().contains(TreeKillReport.Means.WALK));
        assertFalse(report.isComplete(), "a walk cannot promise that it found all");
        assertFalse(Situations.end(root.process()).success());
        for (OsProcess descendant : descendants) {
            Situations.end(descendant);
        }
        bystander.ask("nothing");
    }

    /** A child of a grandchild. */
    private JavaChild below(JavaChild parent) {
        var expected = kit().expect();
        String[] command = expected.arguments().toArray(new String[0]);
        command[0] = expected.program();
        parent.ask("spawn", command);
        return kit().lineOf(expected);
    }

    @Test
    @Rule("SIG-21")
    @Needs(Capability.CHILDREN)
    void sig21_anOrphanIsNotReachedAndTheReportDoesNotPretend() throws Exception {
        Kit.Child root = kit().child();
        JavaChild middle = kit().grandchild(root);
        JavaChild orphan = below(middle);
        OsProcess found = kit().find(middle.pid());
        middle.exit(0);
        Situations.end(found);
        Bounded.await(
                "the orphan's parent to be no child of the root any more",
                () -> !kit().backend().childrenOf(root.pid()).contains(middle.pid()));
        TreeKillReport report = root.process().killTree();
        assertFalse(report.isComplete());
        if (!report.reached().contains(orphan.pid())) { // a system may hand it to the root
            orphan.ask("nothing");
        }
        assertTrue(report.reached().contains(root.pid()), report.toString());
        Situations.end(root.process());
    }

    @Test
    @Rule("SIG-21")
    @Needs({Capability.CHILDREN, Capability.SIGNAL_GROUP})
    void sig21_aLeadersTreeIsKilledByItsGroupToo() throws Exception {
        Kit.Child root = kit().child(Situations.leader(kit()));
        JavaChild middle = kit().grandchild(root);
        JavaChild orphan = below(middle);
        OsProcess found = kit().find(orphan.pid());
        OsProcess between = kit().find(middle.pid());
        middle.exit(0);
        Situations.end(between);
        TreeKillReport report = root.process().killTree();
        assertEquals(Set.of(TreeKillReport.Means.WALK, TreeKillReport.Means.GROUP), report.means());
        Situations.end(found);
        Situations.end(root.process());
    }

    @Test
    @Rule({"SIG-21", "SIG-23"})
    @Needs(
            value = {Capability.CHILDREN, Capability.SIGNAL_ANY},
            sight = Sight.SIGNALS)
    void sig21_aStoppedTreeIsKilled() throws Exception {
        Situations.Family family = Situations.family(kit());
        family.found().signal(Signal.STOP);
        Situations.stop(kit(), family.parent().process());
        TreeKillReport report = family.parent().process().killTree();
        assertEquals(Set.of(family.parent().pid(), family.pid()), new HashSet<>(report.reached()));
        Situations.end(family.parent().process());
        Situations.end(family.found());
    }

    @Test
    @Rule({"SIG-21", "SIG-26"})
    @Needs(Capability.CHILDREN)
    void sig21_aRootThatHasFinishedOrIsTheJvmIsNotKilled() throws Exception {
        Kit.Child bystander = kit().child();
        Kit.Child root = kit().child();
        root.exit(0);
        Situations.end(root.process());
        TreeKillReport report = root.process().killTree();
        assertEquals(List.of(), report.reached());
        assertEquals(1, report.problems().size(), report.toString());
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> kit().current().killTree()));
        bystander.ask("nothing");
    }

    // ---- stopping ----

    @Test
    @Rule("SIG-22")
    @LookAt("Target.signal of TERM; where there is none, UnsupportedFeatureException")
    void sig22_aPoliteChildIsStoppedByTerm() throws Exception {
        Kit.Child child = kit().child();
        StopReport report = Bounded.call("stop", () -> child.process().stop(Bounded.LONG));
        boolean term = kit().subject().has(Capability.SIGNAL_TERM);
        assertEquals(term ? StopReport.Step.TERM : StopReport.Step.KILL, report.step());
        assertEquals(report.state(), child.process().state());
        assertFalse(report.state().orElseThrow().success());
        assertTrue(report.state().orElseThrow().killRequested());
        Situations.awaitReaped(child.pid());
    }

    @Test
    @Rule("SIG-22")
    @Needs(value = Capability.SIGNAL_TERM, sight = Sight.SIGNALS)
    void sig22_aChildThatTidiesUpEndsInItsOwnWay() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        child.ask("exit-on", "TERM", "3");
        StopReport report = Bounded.call("stop", () -> child.process().stop(Bounded.LONG));
        assertEquals(StopReport.Step.TERM, report.step());
        assertEquals(3, report.state().orElseThrow().exitCode());
    }

    @Test
    @Rule("SIG-22")
    @Needs(value = Capability.SIGNAL_TERM, sight = Sight.SIGNALS)
    void sig22_aChildThatIgnoresTermIsKilledAfterTheGraceAndNotBefore() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        child.ask("ignore", "TERM");
        long before = System.nanoTime();
        StopReport report = Bounded.call("stop", () -> child.process().stop(SHORT));
        assertTrue(System.nanoTime() - before >= SHORT.toNanos(), "killed within the grace");
        assertEquals(StopReport.Step.KILL, report.step());
        assertFalse(report.state().orElseThrow().success());
    }

    @Test
    @Rule("SIG-23")
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.SIGNALS)
    void sig23_aStoppedChildIsStoppedForGood() throws Exception {
        Kit.Child polite = kit().child();
        Situations.stop(kit(), polite.process());
        assertEquals(
                StopReport.Step.TERM,
                Bounded.call("stop", () -> polite.process().stop(Bounded.LONG)).step(),
                "TERM takes effect when the process is continued");
        Kit.Child stubborn = kit().childWithHandlers();
        stubborn.ask("ignore", "TERM");
        Situations.stop(kit(), stubborn.process());
        assertEquals(
                StopReport.Step.KILL,
                Bounded.call("stop", () -> stubborn.process().stop(SHORT)).step());
        Kit.Child killed = kit().child();
        Situations.stop(kit(), killed.process());
        assertTrue(killed.process().kill());
        assertFalse(Situations.end(killed.process()).success());
    }

    @Test
    @Rule("SIG-22")
    void sig22_whatHasFinishedIsSentNothing() throws Exception {
        Kit.Child child = Situations.ended(kit(), 7);
        StopReport report = Bounded.call("stop", () -> child.process().stop(Bounded.LONG));
        assertEquals(StopReport.Step.NONE, report.step());
        assertEquals(7, report.state().orElseThrow().exitCode());
        assertFalse(report.state().orElseThrow().killRequested());
        assertEquals(report.state(), child.process().stop(Duration.ZERO).state());
        Kit.Child other = kit().child();
        assertThrows(IllegalArgumentException.class, () -> other.process().stop(Duration.ofNanos(-1)));
        other.ask("nothing");
    }

    @Test
    @Rule({"SIG-22", "CONC-12"})
    @Needs(value = Capability.SIGNAL_TERM, sight = Sight.SIGNALS)
    void sig22_anInterruptEndsTheStopAndTheChildLives() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        child.ask("catch", "TERM");
        FutureTask<Optional<StopReport>> stop = new FutureTask<>(() -> {
            try {
                return Optional.of(child.process().stop(Bounded.LONG.multipliedBy(2)));
            } catch (InterruptedException interrupted) {
                return Optional.empty();
            }
        });
        Thread thread = new Thread(stop, "stopper");
        thread.setDaemon(true);
        thread.start();
        Bounded.await("TERM to arrive", () -> child.askOne("caught").equals("1"));
        thread.interrupt();
        assertEquals(Optional.empty(), stop.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "an interrupted stop");
        assertEquals(Liveness.RUNNING, child.process().liveness());
        child.ask("nothing");
    }

    @Test
    @Rule("SIG-22")
    void sig22_aProcessOfSomebodyElseIsStopped() throws Exception {
        Situations.Family family = Situations.family(kit());
        StopReport report = Bounded.call("stop", () -> family.found().stop(Bounded.LONG));
        assertTrue(report.step() == StopReport.Step.TERM || report.step() == StopReport.Step.KILL, report.toString());
        assertEquals(Liveness.GONE, family.found().liveness());
        family.parent().ask("nothing");
    }
}
