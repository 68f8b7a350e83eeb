// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Backends;
import dev.osprocess.windows.WindowsAttributes;
import dev.osprocess.windows.WindowsHandle;
import dev.osprocess.windows.internal.Handled;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Finding processes, and that a number stays theirs while a handle is open. */
final class FindTest extends RealProcesses {
    private static final long NOBODY = 0xFFFF_FFFCL;

    private static final int STARTS = 100;
    private static final int MOST_STARTS = 1000;

    private OsProcess suspended() throws Exception {
        return run(WindowsAttributes.builder().suspended().build(), "exit");
    }

    @Test
    void id05_whatIsNotThereIsDoneFromBirth() throws Exception {
        OsProcess gone = OsProcess.find(NOBODY);
        assertEquals(ProcessStatus.DONE, gone.status());
        assertThrows(ProcessDoneException.class, () -> gone.signal(Signal.KILL));
        assertThrows(ProcessDoneException.class, gone::waitFor);
        assertTrue(OsProcess.findLive(NOBODY).isEmpty());
        assertTrue(OsProcess.findLive((1L << 32) + OsProcess.currentPid()).isEmpty());
    }

    @Test
    void id04_theNumbersBetweenAreNobodys() throws Exception {
        long pid = held().pid();
        assertEquals(0, pid % 4);
        for (long between = pid + 1; between < pid + 4; between++) {
            assertTrue(OsProcess.findLive(between).isEmpty());
        }
    }

    @Test
    void id03_ourNumberIsTheParentsThatOurChildrenSee() throws Exception {
        assertEquals(ProcessHandle.current().pid(), OsProcess.currentPid());
        long child = held().pid();
        assertTrue(Backends.selected().childrenOf(OsProcess.currentPid()).contains(child));
        assertTrue(OsProcess.parentPid() >= 0); // 0 for the first program under Wine, which has none
    }

    /** As long as the handle of an ended process is open, nobody gets its number, though others' are given away. */
    @Test
    void id12_theNumberOfAProcessIsNotGivenAwayWhileItIsHeld() throws Exception {
        OsProcess child = run("exit 5");
        try (OsProcess held = OsProcess.find(child.pid())) {
            end(child); // closes the child's own handle
            Set<Long> numbers = new HashSet<>();
            boolean twice = false;
            for (int i = 0; i < MOST_STARTS && !(twice && i >= STARTS); i++) {
                OsProcess other = suspended();
                assertNotEquals(held.pid(), other.pid());
                twice |= !numbers.add(other.pid());
                assertTrue(other.kill());
                end(other);
            }
            assertEquals(5, end(held).exitCode());
            assumeTrue(twice, "no number was given twice in " + MOST_STARTS + " starts, so this shows little");
        }
    }

    @Test
    void d16_anIdentityFindsTheProcessAgainAndNoOther() throws Exception {
        OsProcess child = held();
        ProcessIdentity identity = ProcessIdentity.parse(child.identity().toString());
        assertEquals("windows", identity.system());
        try (OsProcess again = OsProcess.find(identity)) {
            assertEquals(ProcessStatus.OK, again.status());
            assertEquals(identity, again.identity());
        }
        long created = Long.parseLong(identity.marks().get("created"));
        ProcessIdentity earlier = ProcessIdentity.of("windows", child.pid(), Map.of("created", "" + (created - 1)));
        assertEquals(ProcessStatus.DONE, OsProcess.find(earlier).status());
    }

    @Test
    void hnd01_theLentHandleIsThatOfTheProcess() throws Exception {
        OsProcess child = held();
        long value = child.withHandle(WindowsHandle.class, WindowsHandle::value);
        assertNotEquals(0, value);
        assertNotEquals(-1, value);
    }

    @Test
    void start38_childrenThatEndWithTheJvmDo() throws Exception {
        OsProcess jvm = owned(
                OsProcess.start(
                        java(),
                        javaCommand(JvmThatHalts.class),
                        ProcessAttributes.builder()
                                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                                .build()),
                0,
                1);
        try (OsProcess its = OsProcess.find(Long.parseLong(lineFrom(jvm)))) {
            assertTrue(its.waitFor(java.time.Duration.ofMillis(100)).isEmpty());
            tell(jvm, "");
            assertEnded(9, jvm);
            assertTrue(its.waitFor(SOON).isPresent());
        }
    }

    /** Starts a child that is to end with it, tells its number, and halts when it is told to. */
    static final class JvmThatHalts {
        private JvmThatHalts() {}

        public static void main(String[] arguments) throws Exception {
            OsProcess child = OsProcess.start(
                    cmd(),
                    List.of("cmd", "/d", "/q"),
                    ProcessAttributes.builder()
                            .system(WindowsAttributes.builder().endWithJvm().build())
                            .files(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2))
                            .build());
            System.out.println(child.pid());
            if (System.in.read() >= 0) {
                Runtime.getRuntime().halt(9);
            }
        }
    }

    @Test
    @Timeout(300)
    void id17_fiveHundredStartsAndFindsLeaveNoHandle() throws Exception {
        for (int i = 0; i < 20; i++) { // what is made once
            round();
        }
        long before = Handled.count();
        assertTrue(before > 10, () -> "a JVM has more handles than " + before);
        for (int i = 0; i < 500; i++) {
            round();
        }
        long after = Handled.count();
        assertTrue(after <= before + 10, () -> before + " handles before, " + after + " after 500 rounds");
    }

    private static void round() throws Exception {
        OsProcess child = OsProcess.start(
                cmd(),
                List.of("cmd"),
                ProcessAttributes.builder()
                        .system(WindowsAttributes.builder().suspended().build())
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build());
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertTrue(found.kill());
        }
        end(child);
        assertFalse(child.kill());
    }
}
