// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Controlling terminals on a pseudo-terminal of the test's own (START-33, START-34). */
final class TerminalTest extends KernelTest {
    private static final int TIOCSPTLCK = 0x4004_5431;
    private static final int TIOCGPTN = 0x8004_5430;
    private static final int TERMINAL = 7;
    private static final int FOREGROUND_GROUP = 8;
    private static final int NO_TERMINAL = 0;

    private int terminal = -1;

    @BeforeEach
    void openTerminal() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/ptmx")), "needs pseudo-terminals: /dev/ptmx cannot be opened here");
        int master = rawOpen(Path.of("/dev/ptmx"), BirthAbi.O_RDWR | LinuxAbi.O_NOCTTY | LinuxAbi.O_CLOEXEC);
        NativeFunction ioctl = NativeFunction.of("ioctl", 3);
        try (NativeBlock number = NativeBlock.zeroed(Integer.BYTES)) {
            assertEquals(0, (int) ioctl.call(master, TIOCSPTLCK, number.address()), "unlockpt");
            assertEquals(0, (int) ioctl.call(master, TIOCGPTN & 0xFFFF_FFFFL, number.address()), "ptsname");
            Path slave = Path.of("/dev/pts/" + number.getInt(0));
            terminal = rawOpen(slave, BirthAbi.O_RDWR | LinuxAbi.O_NOCTTY | LinuxAbi.O_CLOEXEC);
        }
    }

    private static long field(OsProcess process, int field) throws Exception {
        return Long.parseLong(Surroundings.statField(process.pid(), field));
    }

    private ProcessAttributes withTerminalAt(int place, LinuxAttributes system) {
        ChildFile[] files = new ChildFile[place + 1];
        java.util.Arrays.fill(files, ChildFile.nullDevice());
        files[place] = ChildFile.descriptor(terminal);
        return ProcessAttributes.builder().files(files).system(system).build();
    }

    private OsProcess leader() throws ProcessException {
        LinuxAttributes system =
                LinuxAttributes.builder().newSession().controllingTerminal(3).build();
        return start(withTerminalAt(3, system), "/bin/sleep", "1000");
    }

    @Test
    void start33_theChildsDescriptorBecomesTheTerminalOfItsSession() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor shows no terminals in /proc/PID/stat");
        OsProcess child = leader();
        assertNotEquals(NO_TERMINAL, field(child, TERMINAL));
        assertEquals(child.pid(), field(child, FOREGROUND_GROUP));
        assertEquals(child.pid(), field(child, 6));
    }

    @Test
    void start33_aTerminalOfAnotherSessionAndWhatIsNoTerminalAreRefused() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor shows no terminals in /proc/PID/stat");
        OsProcess first = leader();
        ProcessException taken = assertThrows(ProcessException.class, this::leader);
        assertEquals(ErrorKind.PERMISSION, taken.kind());
        assertEquals("ioctl(TIOCSCTTY)", taken.operation());
        LinuxAttributes none =
                LinuxAttributes.builder().newSession().controllingTerminal(1).build();
        ProcessException file =
                assertThrows(ProcessException.class, () -> start(withTerminalAt(3, none), "/bin/sleep", "1000"));
        assertEquals("ENOTTY", file.nativeName().orElseThrow());
        assertNotEquals(NO_TERMINAL, field(first, TERMINAL));
    }

    @Test
    void start33_thePlaceMustBeInTheTable() {
        LinuxAttributes beyond =
                LinuxAttributes.builder().newSession().controllingTerminal(4).build();
        ProcessException failure =
                assertThrows(ProcessException.class, () -> start(withTerminalAt(3, beyond), "/bin/sleep", "1000"));
        assertEquals(ErrorKind.INVALID, failure.kind());
        assertTrue(Scripts.message(failure).contains("controllingTerminal(4)"), failure.getMessage());
    }

    /**
     * This JVM's session has no terminal of the test's, so a shell that leads one starts a JVM which does the rest; it ends
     * with 0 if all is as it should be.
     */
    @Test
    void start33_start34_foregroundAndGivingUpInASessionWithATerminal() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor shows no terminals in /proc/PID/stat");
        LinuxAttributes session =
                LinuxAttributes.builder().newSession().controllingTerminal(3).build();
        ChildFile[] files = {
            ChildFile.nullDevice(), ChildFile.inherit(1), ChildFile.inherit(2), ChildFile.descriptor(terminal)
        };
        java.util.List<String> command = dev.osprocess.linux.ChildJvm.command(java.util.List.of(), TerminalMain.class);
        OsProcess jvm = owned(OsProcess.start(
                command.get(0),
                command,
                ProcessAttributes.builder().files(files).system(session).build()));
        assertEquals("exit status 0", end(jvm).toString());
    }
}
