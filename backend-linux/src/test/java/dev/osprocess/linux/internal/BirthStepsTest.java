// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.LinuxCapability;
import dev.osprocess.linux.LinuxCredentials;
import dev.osprocess.linux.LinuxNamespace;
import dev.osprocess.linux.LinuxResource;
import dev.osprocess.linux.LinuxScheduling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the birth helper is told to do, and in which order (START-37). */
final class BirthStepsTest {
    private static final int STATUS = 3;
    private static final int IMAGE = 4;
    private static final int CGROUP = 5;
    private static final int PARENT = 77;

    private static final BirthAbi ABI = Objects.requireNonNull(BirthAbi.of("amd64"));

    private static List<String> steps(LinuxAttributes.Builder attributes, int cgroup, boolean terminal) {
        return script(attributes, cgroup, terminal).steps().stream()
                .map(BirthScript.Step::call)
                .toList();
    }

    private static BirthScript script(LinuxAttributes.Builder attributes, int cgroup, boolean terminal) {
        LinuxAttributes built = attributes.build();
        BirthSteps.World world = new BirthSteps.World(STATUS, IMAGE, cgroup, PARENT, terminal, ProcFs.Rights.NONE);
        byte[][] argv = {Scripts.bytes("x")};
        BirthSteps.Program program = new BirthSteps.Program(
                Scripts.bytes("/bin/x"),
                argv,
                new byte[0][],
                Scripts.bytes("/dir"),
                "/dir",
                built.root().isPresent() ? Scripts.bytes("/root") : null);
        return BirthSteps.of(ABI, built, world, program);
    }

    @Test
    void start37_everythingHasItsPlaceInTheOrder() {
        LinuxAttributes.Builder all = LinuxAttributes.builder()
                .newSession()
                .controllingTerminal(0)
                .parentDeathSignal(dev.osprocess.Signal.TERM)
                .noNewPrivileges()
                .ambientCapabilities(LinuxCapability.NET_RAW, LinuxCapability.CHOWN)
                .credentials(LinuxCredentials.of(1, 2, 3))
                .root(Path.of("/root"))
                .umask(077)
                .unshare(LinuxNamespace.MOUNT)
                .limit(LinuxResource.CORE, 0)
                .cpus(0)
                .scheduling(LinuxScheduling.BATCH)
                .nice(1)
                .cgroup(Path.of("/sys/fs/cgroup/x"));
        assertEquals(
                List.of(
                        "close",
                        "fcntl",
                        "write",
                        "close",
                        "setpriority",
                        "sched_setscheduler",
                        "sched_setaffinity",
                        "prlimit",
                        "unshare",
                        "mount",
                        "umask",
                        "chroot",
                        "chdir",
                        "prctl(PR_SET_KEEPCAPS)",
                        "setgroups",
                        "setresgid",
                        "setresuid",
                        "capset",
                        "prctl(PR_CAP_AMBIENT)",
                        "prctl(PR_CAP_AMBIENT)",
                        "prctl(PR_SET_NO_NEW_PRIVS)",
                        "chdir",
                        "prctl(PR_SET_PDEATHSIG)",
                        "getppid",
                        "ioctl(TIOCSCTTY)",
                        "execve"),
                steps(all, CGROUP, true));
    }

    @Test
    void start37_theForegroundIsTakenFirstAndWithoutBeingStopped() {
        assertEquals(
                List.of(
                        "close",
                        "fcntl",
                        "getpid",
                        "rt_sigprocmask",
                        "ioctl(TIOCSPGRP)",
                        "rt_sigprocmask",
                        "chdir",
                        "execve"),
                steps(LinuxAttributes.builder().foreground(0), -1, true));
    }

    @Test
    void start34_aTerminalIsGivenUpWhereThereIsOne() {
        LinuxAttributes.Builder detached = LinuxAttributes.builder().detachTerminal();
        assertEquals(
                List.of("close", "fcntl", "open", "ioctl(TIOCNOTTY)", "chdir", "execve"), steps(detached, -1, true));
        assertEquals(List.of("close", "fcntl", "chdir", "execve"), steps(detached, -1, false));
        assertEquals(List.of("close", "fcntl", "chdir", "execve"), steps(detached.newSession(), -1, true));
    }

    @Test
    void start35_groupsMayBeKept() {
        assertEquals(
                List.of("close", "fcntl", "setresgid", "setresuid", "chdir", "execve"),
                steps(LinuxAttributes.builder().credentials(LinuxCredentials.keepingGroups(1, 2)), -1, true));
    }

    @Test
    void aReportNamesTheStepAndTheError() {
        BirthScript script = script(LinuxAttributes.builder().credentials(LinuxCredentials.of(1, 2)), -1, false);
        long third = 0x80_1040L + 2 * 80;
        byte[] report = report(third, -Errno.EPERM);
        assertEquals("setgroups", script.failedStep(report).call());
        assertEquals(Errno.EPERM, BirthScript.errno(report));
        assertEquals(0, BirthScript.errno(report(third, 1)));
    }

    private static byte[] report(long step, long result) {
        return ByteBuffer.allocate(BirthScript.REPORT_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(step)
                .putLong(result)
                .array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void theImageIsAProgramOfItsMachine(String arch) {
        BirthAbi abi = Objects.requireNonNull(BirthAbi.of(arch));
        BirthScript script = new BirthScript(abi);
        long text = script.string(Scripts.bytes("hello"));
        script.call("write", abi.calls.write(), 1, text, 5).expecting(5);
        ByteBuffer image = ByteBuffer.wrap(script.image(9)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x464C457F, image.getInt(0));
        assertEquals(abi.machine, image.getShort(18));
        byte[] code = abi.code();
        int entry = Math.toIntExact(image.getLong(24) - 0x40_0000);
        byte[] there = new byte[code.length];
        image.get(entry, there);
        assertArrayEquals(code, there);
        int step = 0x1000 + 0x40;
        long[] words = new long[20];
        for (int i = 0; i < words.length; i++) {
            words[i] = image.getLong(step + i * 8);
        }
        long fails = 0x80_1040L + 80;
        assertArrayEquals(
                new long[] {
                    abi.calls.write(),
                    1,
                    text,
                    5,
                    0,
                    0,
                    0,
                    0x80_1010L,
                    5,
                    fails, // the step
                    abi.calls.write(),
                    9,
                    0x80_1000L,
                    16,
                    0,
                    0,
                    0,
                    0x80_1010L,
                    -1,
                    fails + 80 // its failure
                },
                words);
        image.position(Math.toIntExact(text - 0x80_1000L) + 0x1000);
        byte[] hello = new byte[6];
        image.get(hello);
        assertArrayEquals(Scripts.bytes("hello\0"), hello);
    }

    @Test
    void moreStepsThanThereIsRoomForAreRefused() {
        BirthScript script = new BirthScript(ABI);
        assertThrows(AssertionError.class, () -> {
            for (int i = 0; i < 1000; i++) {
                script.call("getpid", ABI.calls.getpid());
            }
        });
    }

    @Test
    void theMostAttributesFit() {
        LinuxAttributes.Builder all = LinuxAttributes.builder()
                .newSession()
                .controllingTerminal(0)
                .killOnParentExit()
                .noNewPrivileges()
                .ambientCapabilities(LinuxCapability.values())
                .credentials(LinuxCredentials.of(1, 2, new long[65_536]))
                .root(Path.of("/root"))
                .umask(0)
                .unshare(LinuxNamespace.values())
                .cpus(0, 8191)
                .scheduling(LinuxScheduling.FIFO, 99)
                .cgroup(Path.of("/sys/fs/cgroup/x"));
        for (LinuxResource resource : LinuxResource.values()) {
            all.limit(resource, 1, LinuxResource.UNLIMITED);
        }
        BirthScript script = script(all, CGROUP, true);
        assertEquals("execve", script.steps().get(script.steps().size() - 1).call());
        script.image(STATUS);
    }
}
