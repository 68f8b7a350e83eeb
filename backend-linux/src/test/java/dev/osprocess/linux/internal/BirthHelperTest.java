// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.TextEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts through the helper, on a scripted seam: what goes wrong on the way leaves nothing behind. */
final class BirthHelperTest {
    private static final int CHILD = ScriptedSyscalls.FIRST_PID;
    private static final int BEFORE_EXECVE = 3; // close, fcntl, umask
    private static final int TRIES = 9;

    private static final LinuxAttributes UMASK =
            LinuxAttributes.builder().umask(077).build();

    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private Target start(LinuxAttributes attributes, @Nullable List<ChildFile> files) throws ProcessException {
        LinuxSystem system = Scripts.system(calls, ScriptedProcFiles.ours());
        StartRequest request = new StartRequest(
                OsString.of("/bin/x"),
                List.of(OsString.of("x")),
                null,
                ChildEnvironment.exactly(List.of(OsString.of("SECRET=xyzzy"))),
                files,
                attributes);
        return new LinuxStarter(system, new TextEncoder(StandardCharsets.UTF_8), new ChildSignals(system))
                .start(request);
    }

    private ProcessException refused(LinuxAttributes attributes) {
        ProcessException failure = assertThrows(ProcessException.class, () -> start(attributes, null));
        assertEquals(Map.of(), calls.open(), "descriptors left open by a failed start (START-26)");
        assertFalse(Scripts.message(failure).contains("xyzzy"), "ERR-15");
        return failure;
    }

    private static byte[] report(int step, long result) {
        return ByteBuffer.allocate(BirthScript.REPORT_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0x80_1040L + step * 80L)
                .putLong(result)
                .array();
    }

    @Test
    void aPipeThatEndsWithoutAWordMeansThatTheProgramIsInPlace() throws Exception {
        Target child = start(UMASK, null);
        assertEquals(CHILD, child.pid());
        assertEquals(Set.of("pidfd of " + CHILD), Set.copyOf(calls.open().values()));
        FileActions actions = Objects.requireNonNull(calls.spawnedActions);
        FileActions.Step last = actions.steps().get(actions.steps().size() - 1);
        assertEquals(FileActions.Kind.CLOSE_FROM, last.kind());
        assertEquals(5, last.from(), "three streams, the report and the helper");
        assertTrue(calls.calls().contains("posix_spawn(/proc/self/fd/4)"), calls.calls()::toString);
        child.close();
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void anExactTableKeepsItsPlaces() throws Exception {
        Target child = start(UMASK, List.of());
        assertTrue(calls.calls().contains("posix_spawn(/proc/self/fd/1)"), calls.calls()::toString);
        child.close();
    }

    @Test
    void start25_aFailedStepIsNamedAndItsChildIsReaped() {
        calls.atBirth(child -> child.exits(127)).reading(report(2, -Errno.EPERM));
        ProcessException failure = refused(UMASK);
        assertEquals(ErrorKind.PERMISSION, failure.kind());
        assertEquals("umask", failure.operation());
        assertTrue(calls.child(CHILD).reaped);
    }

    @ParameterizedTest
    @CsvSource({"2, NOT_FOUND", "13, PERMISSION", "8, NOT_EXECUTABLE", "7, INVALID"})
    void start14_aProgramThatCannotBeExecutedIsToldAsAlways(int errno, ErrorKind kind) {
        calls.atBirth(child -> child.exits(127)).reading(report(BEFORE_EXECVE, -errno));
        ProcessException failure = refused(UMASK);
        assertEquals(kind, failure.kind());
        assertEquals("fork/exec", failure.operation());
        assertEquals("/bin/x", failure.path().orElseThrow());
    }

    @Test
    void start29_aProgramThatIsBeingWrittenIsTriedAgain() throws Exception {
        calls.atBirth(child -> child.exits(127)).reading(report(BEFORE_EXECVE, -Errno.ETXTBSY));
        Target child = start(UMASK, null);
        assertEquals(CHILD + 1, child.pid());
        assertTrue(calls.child(CHILD).reaped);
        assertEquals(1, calls.count("memfd_create"));
        child.close();
    }

    @Test
    void start29_butNotForEver() {
        calls.atBirth(child -> child.exits(127));
        for (int i = 0; i < TRIES; i++) {
            calls.reading(report(BEFORE_EXECVE, -Errno.ETXTBSY));
        }
        assertEquals(ErrorKind.NOT_EXECUTABLE, refused(UMASK).kind());
        assertEquals(TRIES, calls.count("posix_spawn"));
    }

    @Test
    void anOlderKernelIsNotToldThatTheHelperIsExecuted() throws Exception {
        calls.fail("memfd_create", Errno.EINVAL);
        Target child = start(UMASK, null);
        assertTrue(calls.calls().contains("memfd_create(1)"), calls.calls()::toString);
        child.close();
    }

    @ParameterizedTest
    @CsvSource({
        "memfd_create, 13, UNSUPPORTED",
        "memfd_create, 38, UNSUPPORTED",
        "memfd_create, 24, EXHAUSTED",
        "write, 28, EXHAUSTED",
        "pipe2, 24, EXHAUSTED",
        "posix_spawn, 13, UNSUPPORTED",
        "posix_spawn, 2, UNSUPPORTED",
        "posix_spawn, 11, EXHAUSTED",
        "posix_spawn, 1, PERMISSION"
    })
    void start26_whateverFailsBeforeTheChildLeavesNothing(String call, int errno, ErrorKind kind) {
        calls.fail(call, errno);
        assertEquals(kind, refused(UMASK).kind());
        assertEquals(0, calls.count("kill"));
        calls.assertScriptUsedUp();
    }

    @Test
    void start26_aChildWhoseReportCannotBeReadIsKilledAndReaped() {
        calls.atBirth(child -> child.exits(127)).fail("read", Errno.EIO);
        assertEquals(ErrorKind.SYSTEM, refused(UMASK).kind());
        assertEquals(List.of(LinuxAbi.SIGKILL), calls.child(CHILD).signals);
        assertTrue(calls.child(CHILD).reaped);
    }

    @Test
    void aReportIsReadAgainAfterASignal() throws Exception {
        calls.fail("read", Errno.EINTR);
        Target child = start(UMASK, null);
        assertEquals(2, calls.count("read"));
        child.close();
    }

    @Test
    void start26_aHelperThatSomebodyElseReapedIsStillAFailure() {
        calls.atBirth(child -> {
                    child.exits(127);
                    child.reaped = true;
                })
                .reading(report(2, -Errno.EPERM));
        assertEquals("umask", refused(UMASK).operation());
    }

    @Test
    void start33_aTerminalThatTheChildHasNotIsRefusedBeforeAnythingIsOpened() {
        LinuxAttributes attributes =
                LinuxAttributes.builder().newSession().controllingTerminal(3).build();
        assertEquals(ErrorKind.INVALID, refused(attributes).kind());
        assertEquals(0, calls.count("posix_spawn"));
        assertEquals(0, calls.count("memfd_create"));
        LinuxAttributes closed = LinuxAttributes.builder().foreground(0).build();
        assertThrows(ProcessException.class, () -> start(closed, List.of(ChildFile.closed())));
        assertEquals(0, calls.count("posix_spawn"));
    }

    @Test
    void start34_withoutATerminalThereIsNothingToGiveUp() throws Exception {
        calls.fail("open", Errno.ENXIO);
        start(LinuxAttributes.builder().detachTerminal().build(), null).close();
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void start47_aControlGroupIsOpenedBeforeTheChildAndClosedAfterIt() throws Exception {
        calls.fileSystemType = BirthAbi.CGROUP2_SUPER_MAGIC;
        Target child = start(LinuxAttributes.builder().cgroup(Path.of("/cg/x")).build(), null);
        assertFalse(child.hasContainer());
        assertEquals(Set.of("pidfd of " + CHILD), Set.copyOf(calls.open().values()));
        child.close();
    }

    @Test
    void sig21_aControlGroupOfItsOwnIsHeldAndKilledThroughItsDirectory() throws Exception {
        calls.fileSystemType = BirthAbi.CGROUP2_SUPER_MAGIC;
        calls.reading(Scripts.bytes("populated 0\nfrozen 0\n"));
        Target child =
                start(LinuxAttributes.builder().ownCgroup(Path.of("/cg/x")).build(), null);
        assertTrue(child.hasContainer());
        child.killContainer();
        assertTrue(
                calls.calls().stream().anyMatch(call -> call.matches("open\\(/proc/self/fd/\\d+/cgroup\\.kill, .*")),
                calls.calls()::toString);
        child.close();
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void start47_aGroupWithSomebodyInItIsNotTheChildsOwn() {
        calls.fileSystemType = BirthAbi.CGROUP2_SUPER_MAGIC;
        calls.reading(Scripts.bytes("populated 1\nfrozen 0\n"));
        assertEquals(
                ErrorKind.INVALID,
                refused(LinuxAttributes.builder().ownCgroup(Path.of("/cg/x")).build())
                        .kind());
        assertEquals(0, calls.count("posix_spawn"));
    }

    @Test
    void start47_aDirectoryThatIsNoControlGroupIsRefused() {
        assertEquals(
                ErrorKind.INVALID,
                refused(LinuxAttributes.builder().cgroup(Path.of("/tmp")).build())
                        .kind());
        assertEquals(0, calls.count("posix_spawn"));
    }

    @Test
    void start38_theSpawnIsMadeByAThreadThatLasts() throws Exception {
        Thread[] spawner = new Thread[2];
        int[] at = {0};
        calls.atBirth(child -> {
            spawner[at[0]++] = Thread.currentThread();
        });
        LinuxAttributes attributes =
                LinuxAttributes.builder().killOnParentExit().build();
        start(attributes, null).close();
        Thread.currentThread().interrupt();
        start(attributes, null).close();
        assertTrue(Thread.interrupted(), "the interrupt is kept");
        assertEquals(spawner[0], spawner[1]);
        assertTrue(spawner[0].isAlive());
        assertTrue(spawner[0].isDaemon());
        assertFalse(spawner[0].equals(Thread.currentThread()));
        calls.fail("posix_spawn", Errno.EAGAIN);
        assertEquals(ErrorKind.EXHAUSTED, refused(attributes).kind());
        assertTrue(spawner[0].isAlive(), "a failure does not end it");
    }
}
