// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.OsString;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.TextEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LinuxStarterTest {
    private static final int CHILD = ScriptedSyscalls.FIRST_PID;
    private static final int TRIES = 9;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private LinuxStarter starter() throws ProcessException {
        return starter(Scripts.system(calls, ScriptedProcFiles.ours()));
    }

    private static LinuxStarter starter(LinuxSystem system) throws ProcessException {
        return new LinuxStarter(system, new TextEncoder(StandardCharsets.UTF_8), new ChildSignals(system));
    }

    private ProcessException refused(StartRequest request) throws ProcessException {
        LinuxStarter starter = starter();
        ProcessException failure = assertThrows(ProcessException.class, () -> starter.start(request));
        assertEquals(Map.of(), calls.open(), "descriptors left open by a failed start (START-26)");
        return failure;
    }

    // ---- taking hold of the child
    // ------------------------------------------------------------------------------------

    @Test
    void aChildIsHeldByThePidfdThatWasOpenedBeforeAnyoneOfOursCouldReap() throws ProcessException {
        Target child = starter().start(Scripts.request("/bin/true"));
        assertInstanceOf(OwnPidfdTarget.class, child);
        assertEquals(CHILD, child.pid());
        assertEquals(Strategy.HANDLE, child.strategy());
        assertEquals(
                List.of("posix_spawn", "pidfd_open", "waitid"),
                calls.names(),
                "no reaping call, and nothing by number");
        assertTrue(
                calls.calls().get(2).startsWith("waitid(" + LinuxAbi.P_PIDFD + ", "),
                calls.calls().get(2));
    }

    @ParameterizedTest
    @CsvSource({"24", "23", "1", "38", "12"})
    void conc15_whenNoPidfdCanBeHadTheChildIsHeldByItsNumberAndNotLost(int errno) throws ProcessException {
        calls.fail("pidfd_open", errno);
        Target child = starter().start(Scripts.request("/bin/true"));
        assertEquals(Strategy.PID, child.strategy());
        assertNull(child.handle());
        assertEquals(Liveness.RUNNING, child.liveness());
        assertNull(child.collect());
        calls.child(CHILD).exits(7);
        assertEquals(7, Objects.requireNonNull(child.collect()).exitCode());
        assertTrue(calls.child(CHILD).reaped);
        calls.assertScriptUsedUp();
    }

    @Test
    void start39_aChildThatIsGoneBeforeItsPidfdIsOpenedIsLostAndTouchesNobody() throws ProcessException {
        calls.atBirth(FakeProcess::reaped);
        Target child = starter().start(Scripts.request("/bin/true"));
        assertEquals(List.of("posix_spawn", "pidfd_open"), calls.names());
        assertLost(child);
    }

    @Test
    void start39_aStrangerWhoGotTheNumberMeanwhileIsNotTakenForTheChild() throws ProcessException {
        calls.atBirth(child -> calls.process(child.pid).foreign());
        assertLost(starter().start(Scripts.request("/bin/true")));
        assertEquals(List.of(), calls.child(CHILD).signals, "the stranger was signalled");
        assertEquals(Map.of(), calls.open(), "the stranger's pidfd was kept");
    }

    @Test
    void start39_withoutPidfdsAStrangerIsNotTakenForTheChildEither() throws ProcessException {
        calls.atBirth(child -> calls.process(child.pid).foreign());
        assertLost(starter(Scripts.byNumber(calls, ScriptedProcFiles.ours())).start(Scripts.request("/bin/true")));
        assertEquals(0, calls.count("pidfd_open"));
        assertEquals(List.of(), calls.child(CHILD).signals);
    }

    private void assertLost(Target child) throws ProcessException {
        assertInstanceOf(LostChildTarget.class, child);
        calls.forgetCalls();
        NoChildException taken = assertThrows(NoChildException.class, child::collect);
        assertEquals(ErrorKind.NO_CHILD, taken.kind());
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.KILL));
        assertThrows(ProcessDoneException.class, child::identity);
        assertEquals(Liveness.GONE, child.liveness());
        assertNull(child.handle());
        child.close();
        assertEquals(List.of(), calls.names(), "a lost child's number was used");
    }

    @Test
    void wait08_anInterruptedLookAtTheNewChildIsRepeated() throws ProcessException {
        calls.fail("waitid", Errno.EINTR, Errno.EINTR, Errno.EINTR);
        assertInstanceOf(OwnPidfdTarget.class, starter().start(Scripts.request("/bin/true")));
        assertEquals(4, calls.count("waitid"));
    }

    @Test
    void conc15_aLookThatFailsForAnotherReasonDoesNotLoseTheChild() throws ProcessException {
        calls.fail("waitid", Errno.EPERM);
        assertInstanceOf(OwnPidfdTarget.class, starter().start(Scripts.request("/bin/true")));
    }

    // ---- the program is busy
    // -----------------------------------------------------------------------------------------

    @Test
    void start29_aBusyProgramIsTriedAgainAndThenStarted() throws ProcessException {
        calls.fail("posix_spawn", Errno.ETXTBSY, Errno.ETXTBSY, Errno.ETXTBSY);
        assertNotNull(starter().start(Scripts.request("/tmp/fresh")));
        assertEquals(4, calls.count("posix_spawn"));
        assertEquals(3, calls.count("poll"), "one pause for each try");
    }

    @Test
    void start29_aProgramThatStaysBusyIsAnErrorAfterABoundedTime() throws ProcessException {
        int[] always = new int[TRIES];
        Arrays.fill(always, Errno.ETXTBSY);
        calls.fail("posix_spawn", always);
        ProcessException failure = refused(Scripts.request("/tmp/fresh"));
        assertEquals(ErrorKind.NOT_EXECUTABLE, failure.kind());
        assertEquals("ETXTBSY", failure.nativeName().orElseThrow());
        assertTrue(Scripts.message(failure).contains("writing"), failure.getMessage());
        assertEquals(100, pauses(), "milliseconds of pauses");
        calls.assertScriptUsedUp();
    }

    @Test
    void start29_anInterruptedPauseIsNoError() throws ProcessException {
        calls.fail("posix_spawn", Errno.ETXTBSY).fail("poll", Errno.EINTR);
        assertNotNull(starter().start(Scripts.request("/tmp/fresh")));
    }

    private int pauses() {
        int sum = 0;
        for (String call : calls.calls()) {
            if (call.startsWith("poll(-1, 0, ")) {
                sum += Integer.parseInt(call.substring("poll(-1, 0, ".length(), call.length() - 1));
            }
        }
        return sum;
    }

    @Test
    void start29_noOtherErrorIsTriedAgain() throws ProcessException {
        refusedOnceWith(Errno.EAGAIN);
        assertEquals(1, calls.count("posix_spawn"));
    }

    private ProcessException refusedOnceWith(int errno) throws ProcessException {
        calls.fail("posix_spawn", errno);
        return refused(Scripts.request("/opt/program"));
    }

    // ---- whose fault it was
    // ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "2,ENOENT,NOT_FOUND", // missing, and a dangling link
        "20,ENOTDIR,NOT_FOUND", // a file
        "13,EACCES,PERMISSION", // no right to search it
        "40,ELOOP,NOT_FOUND"
    })
    void start13_anUnusableDirectoryIsBlamedAndNotTheProgram(int errno, String name, ErrorKind kind)
            throws ProcessException {
        calls.fail("posix_spawn", errno).inaccessible("/no/dir/.", errno);
        ProcessException failure = refused(Scripts.inDirectory("/bin/true", "/no/dir"));
        assertEquals("chdir", failure.operation());
        assertEquals("/no/dir", failure.path().orElseThrow());
        assertEquals(name, failure.nativeName().orElseThrow());
        assertEquals(kind, failure.kind());
        assertFalse(Scripts.message(failure).contains("/bin/true"), failure.getMessage());
    }

    @Test
    void start13_theDirectoryIsAskedWithTheRightsThatTheChildHas() throws ProcessException {
        calls.fail("posix_spawn", Errno.EACCES).inaccessible("/no/dir/.", Errno.EACCES);
        refused(Scripts.inDirectory("/bin/true", "/no/dir"));
        assertTrue(
                calls.calls().contains("faccessat(/no/dir/., " + LinuxAbi.X_OK + ", " + LinuxAbi.AT_EACCESS + ")"),
                calls.calls().toString());
    }

    @Test
    void start13_aGoodDirectoryLeavesTheBlameWithTheProgram() throws ProcessException {
        calls.fail("posix_spawn", Errno.EACCES);
        ProcessException failure = refused(Scripts.inDirectory("/etc/passwd", "/tmp"));
        assertEquals("fork/exec", failure.operation());
        assertEquals("/etc/passwd", failure.path().orElseThrow());
    }

    @Test
    void start12_theDirectoryComesBeforeEverythingElse() throws ProcessException {
        starter().start(Scripts.request("./here", "/tmp", List.of(ChildFile.closed()), List.of()));
        FileActions.Step first =
                Objects.requireNonNull(calls.spawnedActions).steps().get(0);
        assertEquals(FileActions.Kind.CHDIR, first.kind());
        assertEquals("/tmp", new String(Objects.requireNonNull(first.path()), StandardCharsets.UTF_8));
    }

    @Test
    void start13_withoutChdirInTheLibraryADirectoryIsRefusedBeforeAnythingStarts() throws ProcessException {
        LinuxStarter starter =
                starter(new LinuxSystem(calls, new ProcFs(ScriptedProcFiles.ours(), 1), true, true, false));
        StartRequest request = Scripts.inDirectory("/bin/true", "/tmp");
        UnsupportedFeatureException refusal =
                assertThrows(UnsupportedFeatureException.class, () -> starter.start(request));
        assertTrue(Scripts.message(refusal).contains("addchdir_np"), refusal.getMessage());
        assertEquals(0, calls.count("posix_spawn"));
    }

    @Test
    void err09_aFileThatIsThereHintsAtItsInterpreter() throws ProcessException {
        ProcessException failure = refusedOnceWith(Errno.ENOENT);
        assertEquals(ErrorKind.NOT_FOUND, failure.kind());
        assertTrue(Scripts.message(failure).contains("interpreter"), failure.getMessage());
    }

    @Test
    void err09_aFileThatIsMissingDoesNotHintAtAnInterpreter() throws ProcessException {
        calls.inaccessible("/opt/program", Errno.ENOENT);
        ProcessException failure = refusedOnceWith(Errno.ENOENT);
        assertEquals("fork/exec /opt/program: ENOENT (2) no such file or directory", failure.getMessage());
    }

    @Test
    void err09_aRelativeProgramIsLookedForInTheChildsDirectory() throws ProcessException {
        calls.fail("posix_spawn", Errno.ENOENT);
        refused(Scripts.inDirectory("bin/tool", "/srv"));
        assertTrue(
                calls.calls().contains("faccessat(/srv/bin/tool, 0, 0)"),
                calls.calls().toString());
    }

    @Test
    void start01_aBareNameThatIsMissingSaysThatPathIsNotSearched() throws ProcessException {
        calls.fail("posix_spawn", Errno.ENOENT).inaccessible("ls", Errno.ENOENT);
        assertTrue(Scripts.message(refused(Scripts.request("ls"))).contains("PATH"));
    }

    @Test
    void start28_tooLongSaysTheSizes() throws ProcessException {
        calls.fail("posix_spawn", Errno.E2BIG);
        ProcessException failure = refused(Scripts.request("/bin/true", "hunter2", "more"));
        assertEquals(ErrorKind.INVALID, failure.kind());
        assertTrue(
                Scripts.message(failure).endsWith("3 arguments of 23 bytes, 1 environment entries of 13 bytes"),
                failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 11, 12, 13, 20, 22, 24, 26, 36, 40, 80})
    void err15_noFailureOfAStartTellsArgumentsOrEnvironment(int errno) throws ProcessException {
        int[] always = new int[errno == Errno.ETXTBSY ? TRIES : 1];
        Arrays.fill(always, errno);
        calls.fail("posix_spawn", always);
        ProcessException failure = refused(Scripts.request("/opt/program", "hunter2", "--password=hunter2"));
        for (Throwable at = failure; at != null; at = at.getCause()) {
            assertFalse(at.toString().contains("hunter2"), at.toString());
            assertFalse(at.toString().contains("xyzzy"), at.toString());
        }
        assertEquals(LinuxErrors.kind(errno), failure.kind());
        assertInstanceOf(ErrnoException.class, failure.getCause(), "ERR-13");
    }

    @Test
    void start27_noMagicIsNotExecutable() throws ProcessException {
        ProcessException failure = refusedOnceWith(Errno.ENOEXEC);
        assertEquals(ErrorKind.NOT_EXECUTABLE, failure.kind());
        assertTrue(Scripts.message(failure).contains("#!"), failure.getMessage());
    }

    // ---- what stays behind
    // -------------------------------------------------------------------------------------------

    @Test
    void start26_aFailedStartClosesEveryDescriptorItOpened() throws ProcessException {
        calls.fail("posix_spawn", Errno.ENOENT);
        refused(Scripts.withFiles(
                "/bin/true",
                List.of(
                        ChildFile.nullDevice(),
                        ChildFile.writeTo(Path.of("/tmp/a")),
                        ChildFile.appendTo(Path.of("/tmp/b")))));
        assertEquals(3, calls.count("open"));
        assertEquals(3, calls.count("close"));
    }

    @Test
    void start26_aFileThatCannotBeOpenedClosesThoseBeforeIt() throws ProcessException {
        List<ChildFile> files = List.of(ChildFile.nullDevice(), ChildFile.closed(), ChildFile.descriptor(77));
        calls.fail("fcntl", Errno.EBADF);
        ProcessException failure = refused(Scripts.withFiles("/bin/true", files));
        assertEquals("files[2]", failure.operation());
        assertEquals("descriptor 77", failure.path().orElseThrow());
        assertEquals(ErrorKind.INVALID, failure.kind());
        assertEquals(0, calls.count("posix_spawn"));
    }

    @Test
    void start26_aStartThatSucceedsKeepsOnlyThePidfd() throws ProcessException {
        Target child = starter()
                .start(Scripts.withFiles("/bin/true", List.of(ChildFile.nullDevice(), ChildFile.nullDevice())));
        assertEquals(Map.of(pidfd(child), "pidfd of " + CHILD), calls.open());
        child.close();
        assertEquals(Map.of(), calls.open());
    }

    private static int pidfd(Target child) {
        return (int) Objects.requireNonNull(child.handle()).value();
    }

    @Test
    void wait08_anInterruptedOpenOfAFileIsRepeated() throws ProcessException {
        calls.fail("open", Errno.EINTR, Errno.EINTR);
        starter().start(Scripts.withFiles("/bin/true", List.of(ChildFile.readFrom(Path.of("/etc/hosts")))));
        assertEquals(3, calls.count("open"));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed() throws ProcessException {
        calls.fail("open", Errno.EACCES);
        ProcessException failure =
                refused(Scripts.withFiles("/bin/true", List.of(ChildFile.writeTo(Path.of("/srv/x")))));
        assertEquals("open /srv/x: EACCES (13) permission denied", failure.getMessage());
        assertEquals(ErrorKind.PERMISSION, failure.kind());
    }

    @Test
    void start20_everythingIsOpenedCloseOnExec() throws ProcessException {
        starter().start(Scripts.withFiles("/bin/true", List.of(ChildFile.nullDevice())));
        int flags = LinuxAbi.O_RDONLY | LinuxAbi.O_CLOEXEC | LinuxAbi.O_NOCTTY;
        assertEquals(
                "open(/dev/null, " + flags + ", " + 0666 + ")", calls.calls().get(0));
    }

    // ---- attributes
    // --------------------------------------------------------------------------------------------------

    @Test
    void start31_sessionAndGroupsReachTheSpawn() throws ProcessException {
        LinuxStarter starter = starter();
        starter.start(with(LinuxAttributes.builder().newSession().build()));
        SpawnFlags session = Objects.requireNonNull(calls.spawnedFlags);
        assertTrue(session.newSession());
        assertEquals(SpawnFlags.SAME_GROUP, session.processGroup(), "a session leader cannot be moved to a group");
        starter.start(with(LinuxAttributes.builder().newProcessGroup().build()));
        assertEquals(0, Objects.requireNonNull(calls.spawnedFlags).processGroup());
        starter.start(with(LinuxAttributes.builder().joinProcessGroup(99).build()));
        assertEquals(99, Objects.requireNonNull(calls.spawnedFlags).processGroup());
        assertFalse(Objects.requireNonNull(calls.spawnedFlags).newSession());
    }

    @Test
    void start52_attributesOfAnotherSystemAreRefusedBeforeAnythingStarts() throws ProcessException {
        SystemAttributes foreign = () -> "windows";
        LinuxStarter starter = starter();
        StartRequest request = with(foreign);
        UnsupportedFeatureException refusal =
                assertThrows(UnsupportedFeatureException.class, () -> starter.start(request));
        assertEquals("linux", refusal.backend());
        assertTrue(Scripts.message(refusal).contains("windows"), refusal.getMessage());
        assertEquals(List.of(), calls.names());
    }

    private static StartRequest with(SystemAttributes attributes) {
        OsString program = OsString.of("/bin/true");
        return new StartRequest(program, List.of(program), null, ChildEnvironment.inherited(), null, attributes);
    }

    // ---- closing the rest
    // --------------------------------------------------------------------------------------------

    @Test
    void start19_withoutATableEverythingFromThreeOnIsClosedInOneStep() throws ProcessException {
        starter().start(Scripts.request("/bin/true"));
        FileActions actions = Objects.requireNonNull(calls.spawnedActions);
        assertEquals("[CLOSE_FROM 3]", actions.steps().toString());
        assertTrue(actions.isReusable());
    }

    @Test
    void start19_withoutCloseFromEveryNumberUpToTheLimitIsClosed() throws ProcessException {
        calls.openFilesLimit = 20;
        LinuxSystem system = new LinuxSystem(calls, new ProcFs(ScriptedProcFiles.ours(), 1), true, false, true);
        starter(system).start(Scripts.request("/bin/true"));
        FileActions expected = new FileActions(true);
        for (int i = 3; i < 20; i++) {
            expected.close(i);
        }
        assertEquals(
                expected.steps().toString(),
                Objects.requireNonNull(calls.spawnedActions).steps().toString());
    }

    @Test
    void start19_withoutCloseFromALimitThatWasRaisedMeanwhileRefusesToStart() throws ProcessException {
        LinuxSystem system = new LinuxSystem(calls, new ProcFs(ScriptedProcFiles.ours(), 1), true, false, true);
        LinuxStarter starter = starter(system);
        calls.openFilesLimit = CloseFrom.MOST_NUMBERS + 1;
        StartRequest request = Scripts.withFiles("/bin/true", List.of(ChildFile.nullDevice()));
        ProcessException failure = assertThrows(ProcessException.class, () -> starter.start(request));
        assertEquals(ErrorKind.UNSUPPORTED, failure.kind());
        assertEquals(0, calls.count("posix_spawn"));
        assertEquals(Map.of(), calls.open());
    }
}
