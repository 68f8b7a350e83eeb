// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ChildSignalsTest {
    private static final int HUP = 1;
    private static final int INT = 2;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final ScriptedProcFiles files = ScriptedProcFiles.ours();

    private ChildSignals withIgnored(int... signals) {
        long mask = 0;
        for (int signal : signals) {
            mask |= 1L << (signal - 1);
        }
        files.status(
                ScriptedProcFiles.SELF,
                ScriptedProcFiles.SELF,
                "0\t0\t0\t0",
                "SigIgn:\t" + String.format("%016x", mask) + "\n");
        return new ChildSignals(Scripts.system(calls, files));
    }

    private static Set<Integer> keptAsInherited(ChildSignals signals) {
        Set<Integer> kept = new TreeSet<>();
        for (int signal = 1; signal <= 64; signal++) {
            if ((signals.defaults() & (1L << (signal - 1))) == 0) {
                kept.add(signal);
            }
        }
        return kept;
    }

    @Test
    void start21_everythingThatCanBeSetIsSetToItsDefault() {
        assertEquals(Set.of(LinuxAbi.SIGKILL, LinuxAbi.SIGSTOP), keptAsInherited(withIgnored()));
    }

    @Test
    void start21_whatWasIgnoredWhenTheJvmWasStartedStaysIgnored() {
        assertEquals(Set.of(HUP, INT, 9, 19, 64), keptAsInherited(withIgnored(HUP, INT, 64)));
    }

    @Test
    void start21_whatTheJvmItselfIgnoresOrHandlesIsNotInherited() {
        assertEquals(Set.of(9, 19), keptAsInherited(withIgnored(LinuxAbi.SIGPIPE, 4, 5, 7, 8, 11, 25)));
    }

    @Test
    void start21_withoutProcEverythingIsDefault() {
        ChildSignals signals = new ChildSignals(Scripts.system(calls, ScriptedProcFiles.missing()));
        assertEquals(Set.of(9, 19), keptAsInherited(signals));
    }

    @Test
    void wait18_anIgnoredSigchldIsMendedOnceBeforeTheFirstSpawn() throws ProcessException {
        ChildSignals signals = withIgnored(LinuxAbi.SIGCHLD);
        assertEquals(List.of(), calls.names(), "nothing is changed before somebody starts a child");
        signals.beforeSpawn();
        signals.beforeSpawn();
        assertEquals(List.of("signal(" + LinuxAbi.SIGCHLD + ")"), calls.calls());
        assertFalse(keptAsInherited(signals).contains(LinuxAbi.SIGCHLD), "nor does the child begin with it ignored");
    }

    @Test
    void wait18_aSigchldThatIsNotIgnoredIsLeftAlone() throws ProcessException {
        withIgnored(HUP).beforeSpawn();
        assertEquals(List.of(), calls.names());
    }

    @Test
    void wait18_aMendingThatFailsIsAnErrorAndTriedAgain() throws ProcessException {
        ChildSignals signals = withIgnored(LinuxAbi.SIGCHLD);
        calls.fail("signal", Errno.EINVAL);
        ProcessException failure = assertThrows(ProcessException.class, signals::beforeSpawn);
        assertEquals(ErrorKind.INVALID, failure.kind());
        assertTrue(Scripts.message(failure).startsWith("signal"), failure.getMessage());
        signals.beforeSpawn();
        assertEquals(2, calls.count("signal"));
    }
}
