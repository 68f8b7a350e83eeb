// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcFsTest {
    private static final int SELF = ScriptedProcFiles.SELF;

    private final ScriptedProcFiles files = ScriptedProcFiles.ours();
    private final ProcFs proc = new ProcFs(files, SELF);

    // ---- stat
    // --------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"sh", "", " ", "a b", ") ", ") Z 1 2 3", "(x)", "))((", "tab\tname", "new\nline", "\u00ff\u0080"
            })
    void id13_theNameOfAProcessMayHoldAnything(String name) {
        files.stat(7, name, 'S', 987654321L, 0);
        ProcFs.Stat stat = Objects.requireNonNull(proc.stat(7));
        assertEquals('S', stat.state());
        assertEquals(987654321L, stat.startTicks());
        assertEquals(0, stat.exitCode());
        assertEquals(SELF, stat.parent());
    }

    @ParameterizedTest
    @CsvSource({"R,false", "S,false", "D,false", "T,false", "t,false", "I,false", "Z,true", "X,true"})
    void id14_onlyZAndXHaveEnded(char state, boolean zombie) {
        files.stat(7, "x", state, 1, 256);
        assertEquals(zombie, Objects.requireNonNull(proc.stat(7)).isZombie());
    }

    @Test
    void anOldKernelWithoutTheExitCodeGivesZero() {
        String line = ScriptedProcFiles.statLine(7, "x", 'Z', 99, 1792);
        files.file("/proc/7/stat", line.substring(0, line.lastIndexOf(' ')) + "\n");
        ProcFs.Stat stat = Objects.requireNonNull(proc.stat(7));
        assertEquals(0, stat.exitCode());
        assertEquals(99, stat.startTicks());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "7", "7 (x", "7 (x)", "7 (x) S", "7 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"
            })
    void id13_aShortLineIsUnknownAndNotAnError(String line) {
        files.file("/proc/7/stat", line);
        assertNull(proc.stat(7));
    }

    @Test
    void aProcessThatIsNotThereIsUnknown() {
        assertNull(proc.stat(7));
        assertEquals(-1, proc.threadGroupOf(7));
    }

    // ---- whose proc it is
    // --------------------------------------------------------------------------------------------

    @Test
    void id13_withoutProcEverythingIsUnknown() {
        ProcFs none =
                new ProcFs(ScriptedProcFiles.missing().stat(7, "x", 'S', 5, 0).status(7, 1, "0\t0\t0\t0", ""), SELF);
        assertFalse(none.isUsable());
        assertNull(none.stat(7));
        assertEquals(-1, none.threadGroupOf(7));
        assertEquals("", none.bootId());
        assertEquals("", none.pidNamespace());
        assertEquals(0, none.ignoredSignals());
    }

    @Test
    void id13_anotherNamespacesProcSaysNothingOfOurNumbers() {
        ScriptedProcFiles other =
                ScriptedProcFiles.missing().link("/proc/self", "17").stat(7, "x", 'S', 5, 0);
        ProcFs foreign = new ProcFs(other, SELF);
        assertFalse(foreign.isUsable());
        assertNull(foreign.stat(7));
        assertFalse(other.asked().contains("/proc/7/stat"), "it was read all the same");
    }

    @Test
    void whoseProcItIsIsAskedOnce() {
        files.stat(7, "x", 'S', 5, 0);
        proc.stat(7);
        proc.stat(7);
        assertEquals(List.of("/proc/self", "/proc/7/stat", "/proc/7/stat"), files.asked());
    }

    // ---- status
    // ------------------------------------------------------------------------------------------------------

    @Test
    void id15_theThreadGroupOfAThreadIsItsProcess() {
        files.status(70, 7, "0\t0\t0\t0", "").status(7, 7, "0\t0\t0\t0", "");
        assertEquals(7, proc.threadGroupOf(70));
        assertEquals(7, proc.threadGroupOf(7));
    }

    @Test
    void aFieldIsNotTakenFromTheNameOfTheProcess() {
        files.file("/proc/7/status", "Name:\tTgid:\t1\nTgid:\t7\n");
        assertEquals(7, proc.threadGroupOf(7));
    }

    @Test
    void start21_theIgnoredSignalsAreAMask() {
        files.status(SELF, SELF, "0\t0\t0\t0", "SigBlk:\t0000000000000000\nSigIgn:\t8000000000001001\nSigCgt:\t0\n");
        assertEquals(0x8000_0000_0000_1001L, proc.ignoredSignals());
    }

    @ParameterizedTest
    @CsvSource({
        // ours,          theirs,               believed
        "1000 1000 1000 1000, 1000 1000 1000 1000, true",
        "1000 1000 1000 1000, 1000 0 0 0, false", // set-user-id programs
        "1000 1000 1000 1000, 0 1000 1000 1000, false",
        "1000 1000 1000 1000, 1000 1000 0 1000, false",
        "1000 1000 1000 1000, 1001 1001 1001 1001, false",
        "0 0 0 1000, 1000 1000 1000 1000, true", // the file system id is what the kernel compares
        "0 0 0 1000, 0 0 0 0, false"
    })
    void d17_aZeroIsBelievedOnlyOfOurOwnUsersProcesses(String ours, String theirs, boolean believed) {
        files.status(SELF, SELF, ours.replace(' ', '\t'), "CapEff:\t0000000000000000\n");
        files.status(7, 7, theirs.replace(' ', '\t'), "");
        assertEquals(believed, proc.mayReadExitCodeOf(7));
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000080000, 4294967295, true",
        "000001ffffffffff, 4294967295, true",
        "ffffffffffffffff, 4294967295, true",
        "0000000000040000, 4294967295, false", // another capability
        "000001ffffffffff, 65536, false" // root of a user namespace only
    })
    void d17_theCapabilityToTraceCountsInTheFirstUserNamespace(String capabilities, String length, boolean believed) {
        files.status(SELF, SELF, "0\t0\t0\t0", "CapEff:\t" + capabilities + "\n");
        files.status(7, 7, "1000\t1000\t1000\t1000", "");
        files.file("/proc/self/uid_map", "         0          0 " + length + "\n");
        assertEquals(believed, proc.mayReadExitCodeOf(7));
    }

    @Test
    void d17_aProgramWithMoreCapabilitiesThanOursIsNotBelieved() {
        files.status(SELF, SELF, "1000\t1000\t1000\t1000", "CapEff:\t0000000000000000\n");
        files.status(7, 7, "1000\t1000\t1000\t1000", "CapPrm:\t0000000000000400\n");
        assertFalse(proc.mayReadExitCodeOf(7));
    }

    @Test
    void id14_aProcessWhoseFirstThreadHasLeftIsNoZombieWhileOthersLive() {
        String line = ScriptedProcFiles.statLine(7, "worker", 'Z', 5000, 0);
        files.file("/proc/7/stat", line);
        assertTrue(Objects.requireNonNull(proc.stat(7)).isZombie());
        files.file("/proc/7/stat", line.replace(" 1 1021 5000 ", " 3 1021 5000 "));
        assertFalse(Objects.requireNonNull(proc.stat(7)).isZombie());
    }

    @Test
    void d17_aHiddenProcessIsNotBelieved() {
        files.status(SELF, SELF, "0\t0\t0\t0", "CapEff:\tffffffffffffffff\n");
        files.file("/proc/self/uid_map", "0 0 4294967295\n");
        assertFalse(proc.mayReadExitCodeOf(7));
    }

    @Test
    void d17_withoutOurOwnStatusNothingIsBelieved() {
        files.status(7, 7, "1000\t1000\t1000\t1000", "");
        assertFalse(proc.mayReadExitCodeOf(7));
    }

    // ---- the rest
    // ----------------------------------------------------------------------------------------------------

    @Test
    void d16_marksAreReadAsTheyAre() {
        files.file("/proc/sys/kernel/random/boot_id", "9a1b\n").link("/proc/self/ns/pid", "pid:[4026531836]");
        files.file("/proc/self/fdinfo/12", "pos:\t0\nino:\t42\n");
        assertEquals("9a1b", proc.bootId());
        assertEquals("4026531836", proc.pidNamespace());
        assertEquals("42", proc.inodeOf(12));
        assertEquals("", proc.inodeOf(13));
    }

    @Test
    void d16_aNamespaceLinkOfAnotherFormIsUnknown() {
        files.link("/proc/self/ns/pid", "pid");
        assertEquals("", proc.pidNamespace());
    }

    @Test
    void sig21_childrenAreThoseWhoseParentItIsAndThatLive() throws IOException {
        files.directory("/proc", "1", "7", "8", "9", "self", "sys", "4242");
        files.stat(7, "x", 'S', 5, 0).stat(8, "y", 'Z', 5, 0);
        files.file("/proc/1/stat", "1 (init) S 0" + " 0".repeat(48) + "\n");
        assertEquals(Set.of(7L), proc.childrenOf(SELF));
        assertTrue(proc.childrenOf(7).isEmpty());
    }
}
