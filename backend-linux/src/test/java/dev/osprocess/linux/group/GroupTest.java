// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.RealProcesses;
import dev.osprocess.linux.Surroundings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Process groups and sessions on the running kernel (START-31, START-32, SIG-20). */
final class GroupTest extends RealProcesses {
    private static final int ROUNDS = 20;
    private static final int GROUP = 5;
    private static final int SESSION = 6;

    private static final LinuxAttributes NEW_GROUP =
            LinuxAttributes.builder().newProcessGroup().build();
    private static final LinuxAttributes NEW_SESSION =
            LinuxAttributes.builder().newSession().build();

    private static String field(OsProcess process, int field) throws Exception {
        return Surroundings.statField(process.pid(), field);
    }

    private static String own(int field) throws Exception {
        return Surroundings.statField(OsProcess.currentPid(), field);
    }

    private OsProcess leaderShell(LinuxAttributes system, String script) throws ProcessException {
        return shell(ProcessAttributes.builder().system(system), script);
    }

    // ---- at birth
    // ----------------------------------------------------------------------------------------------------

    @Test
    void start32_byDefaultAChildIsInOurGroupAndSession() throws Exception {
        OsProcess child = sleeper();
        assertEquals(own(GROUP), field(child, GROUP));
        assertEquals(own(SESSION), field(child, SESSION));
    }

    @Test
    void start32_aNewGroupIsTheChildsOwnAndItsSessionIsOurs() throws Exception {
        OsProcess child = sleeper(NEW_GROUP);
        assertEquals(Long.toString(child.pid()), field(child, GROUP));
        assertEquals(own(SESSION), field(child, SESSION));
    }

    @Test
    void start32_aChildJoinsAGroup() throws Exception {
        OsProcess leader = sleeper(NEW_GROUP);
        OsProcess member = sleeper(
                LinuxAttributes.builder().joinProcessGroup((int) leader.pid()).build());
        assertEquals(Long.toString(leader.pid()), field(member, GROUP));
        leader.signalGroup(Signal.TERM);
        assertEquals(Optional.of(Signal.TERM), end(leader).signal());
        assertEquals(Optional.of(Signal.TERM), end(member).signal());
    }

    @Test
    void start32_aGroupThatIsNotThereCannotBeJoined() throws Exception {
        OsProcess gone = start("/bin/true");
        end(gone);
        LinuxAttributes system =
                LinuxAttributes.builder().joinProcessGroup((int) gone.pid()).build();
        assertEquals(ErrorKind.PERMISSION, kindOf(() -> sleeper(system)));
    }

    @Test
    void start31_aNewSessionIsTheChildsOwn() throws Exception {
        OsProcess child = sleeper(NEW_SESSION);
        assertEquals(Long.toString(child.pid()), field(child, SESSION));
        assertEquals(Long.toString(child.pid()), field(child, GROUP));
        assertNotEquals(own(SESSION), field(child, SESSION));
    }

    @Test
    void start31_aSessionAndAGroupToJoinExcludeEachOther() {
        LinuxAttributes.Builder both = LinuxAttributes.builder().newSession().joinProcessGroup(7);
        assertThrows(IllegalStateException.class, both::build);
    }

    // ---- signals
    // -----------------------------------------------------------------------------------------------------

    @Test
    void start32_theGroupCanBeKilledAsSoonAsStartReturns() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            OsProcess leader = sleeper(i % 2 == 0 ? NEW_GROUP : NEW_SESSION);
            leader.signalGroup(Signal.KILL);
            assertEquals(Optional.of(Signal.KILL), end(leader).signal());
        }
    }

    @Test
    void sig20_theLeaderAndTwoGrandchildrenDieAndNobodyElse() throws Exception {
        OsProcess bystander = sleeper();
        OsProcess leader = leaderShell(NEW_GROUP, "sleep 1000 & echo $!; sleep 1000 & echo $!; wait");
        OsProcess first = descendantOf(leader);
        OsProcess second = descendantOf(leader);
        leader.signalGroup(Signal.KILL);
        assertEquals(Optional.of(Signal.KILL), end(leader).signal());
        end(first);
        end(second);
        assertEquals(Liveness.RUNNING, bystander.liveness());
    }

    @Test
    void sig20_aSessionsGroupIsSignalled() throws Exception {
        OsProcess leader = leaderShell(NEW_SESSION, "sleep 1000 & echo $!; wait");
        OsProcess grandchild = descendantOf(leader);
        leader.signalGroup(Signal.TERM);
        assertEquals(Optional.of(Signal.TERM), end(leader).signal());
        end(grandchild);
    }

    @Test
    void sig20_whoLeftTheGroupIsNotReached() throws Exception {
        OsProcess leader = leaderShell(NEW_GROUP, "setsid sh -c 'echo $$; exec sleep 1000' & wait");
        OsProcess left = descendantOf(leader);
        leader.signalGroup(Signal.KILL);
        end(leader);
        assertEquals(Liveness.RUNNING, left.liveness());
        assertTrue(left.kill());
    }

    @Test
    void sig20_aZombieLeaderStillPinsItsGroup() throws Exception {
        OsProcess leader = leaderShell(NEW_GROUP, "sleep 1000 & echo $!");
        OsProcess grandchild = descendantOf(leader);
        awaitState(leader.pid(), "Z");
        leader.signalGroup(Signal.KILL);
        end(grandchild);
        assertTrue(end(leader).success());
    }

    @Test
    void sig20_aGroupOfZombiesTakesSignalsWithoutEffect() throws Exception {
        OsProcess leader = leaderShell(NEW_GROUP, "exit 7");
        awaitState(leader.pid(), "Z");
        leader.signalGroup(Signal.of(0));
        leader.signalGroup(Signal.KILL);
        assertEquals(7, end(leader).exitCode());
    }

    // ---- refusals
    // ----------------------------------------------------------------------------------------------------

    @Test
    void sig20_aChildWithoutAGroupOfItsOwnIsRefused() throws Exception {
        OsProcess child = sleeper();
        assertEquals(ErrorKind.INVALID, kindOf(() -> child.signalGroup(Signal.KILL)));
        assertEquals(Liveness.RUNNING, child.liveness());
    }

    @Test
    void sig20_aMemberThatIsNotTheLeaderIsRefused() throws Exception {
        OsProcess leader = sleeper(NEW_GROUP);
        OsProcess member = sleeper(
                LinuxAttributes.builder().joinProcessGroup((int) leader.pid()).build());
        assertEquals(ErrorKind.INVALID, kindOf(() -> member.signalGroup(Signal.KILL)));
        assertEquals(Liveness.RUNNING, leader.liveness());
        assertEquals(Liveness.RUNNING, member.liveness());
    }

    @Test
    void sig20_aFoundObjectIsRefusedAlsoForALeader() throws Exception {
        OsProcess leader = sleeper(NEW_GROUP);
        try (OsProcess found = OsProcess.find(leader.pid())) {
            assertEquals(ErrorKind.INVALID, kindOf(() -> found.signalGroup(Signal.KILL)));
        }
        assertEquals(Liveness.RUNNING, leader.liveness());
    }

    @Test
    void sig20_afterTheLeaderWasWaitedForItsGroupIsNotReachedAnyMore() throws Exception {
        OsProcess leader = leaderShell(NEW_GROUP, "sleep 1000 & echo $!");
        OsProcess grandchild = descendantOf(leader);
        assertTrue(end(leader).success());
        assertEquals(ProcessStatus.DONE, leader.status());
        assertThrows(ProcessDoneException.class, () -> leader.signalGroup(Signal.KILL));
        assertEquals(Liveness.RUNNING, grandchild.liveness());
    }

    @Test
    void sig20_aReleasedLeaderIsRefused() throws Exception {
        OsProcess leader = sleeper(NEW_GROUP);
        try (OsProcess found = OsProcess.find(leader.pid())) {
            leader.close();
            assertThrows(ProcessReleasedException.class, () -> leader.signalGroup(Signal.KILL));
            assertEquals(Liveness.RUNNING, found.liveness());
            assertTrue(found.kill());
        }
    }
}
