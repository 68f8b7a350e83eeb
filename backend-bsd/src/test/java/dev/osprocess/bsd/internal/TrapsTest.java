// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.bsd.BsdAttributes;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.TextEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the five systems do in their own way, each on a kernel that does so. */
@Timeout(60)
final class TrapsTest {
    private static final int FAILED_EXEC = 127 << 8;

    static Stream<BsdProfile> profiles() {
        return Profiles.all().stream();
    }

    private static Target start(ScriptedBsd kernel, StartRequest request) throws ProcessException {
        return new BsdStarter(kernel.system(), TextEncoder.ofPlatform()).start(request);
    }

    private static Target start(ScriptedBsd kernel, ChildFile... files) throws ProcessException {
        return start(kernel, request("/bin/prog", null, List.of(files), null));
    }

    private static Target start(ScriptedBsd kernel) throws ProcessException {
        return start(kernel, request("/bin/prog", null, null, null));
    }

    private static StartRequest request(
            String program,
            @Nullable String directory,
            @Nullable List<ChildFile> files,
            @Nullable BsdAttributes attributes) {
        return new StartRequest(
                OsString.of(program),
                List.of(OsString.of(program)),
                directory == null ? null : OsString.of(directory),
                ChildEnvironment.inherited(),
                files,
                attributes);
    }

    private static <T> List<T> steps(ScriptedBsd kernel, Class<T> kind) {
        return kernel.spawns.get(0).steps().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static ErrorKind kindOf(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(ProcessException.class, call).kind();
    }

    // ---- starting

    @ParameterizedTest
    @MethodSource("profiles")
    void start16_aPlainStartGivesAChildAndLeavesNoDescriptor(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Set<Integer> before = kernel.open();
        Target child = start(kernel);
        assertEquals(before, kernel.open());
        assertNull(child.collect());
        kernel.end(kernel.process(child.pid()), 7 << 8);
        ProcessState state = Objects.requireNonNull(child.collect());
        assertEquals(7, state.exitCode());
        assertEquals(
                3L * profile.maxRssUnit, state.usage().orElseThrow().maxRss().orElseThrow());
        assertTrue(kernel.processes.isEmpty());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start18_noStepIsOfANumberOnItselfAndNoneOverwritesASource(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        kernel.openForeign(3);
        kernel.openForeign(4);
        ChildFile[] files = {
            ChildFile.descriptor(4),
            ChildFile.inherit(1),
            ChildFile.inherit(0),
            ChildFile.descriptor(3),
            ChildFile.descriptor(3),
            ChildFile.nullDevice(),
            ChildFile.pipe()
        };
        start(kernel, files);
        List<FileActions.Dup2> dups = steps(kernel, FileActions.Dup2.class);
        assertEquals(files.length, dups.size());
        for (FileActions.Dup2 dup : dups) {
            assertTrue(dup.from() >= 10, dup + " begins within the table");
            assertNotEquals(dup.from(), dup.to());
        }
        assertThrows(AssertionError.class, () -> new FileActions().dup2(3, 3));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start18_aLargeTableHasItsSourcesAboveIt(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ChildFile[] files = new ChildFile[30];
        java.util.Arrays.fill(files, ChildFile.nullDevice());
        start(kernel, files);
        assertTrue(steps(kernel, FileActions.Dup2.class).stream().allMatch(dup -> dup.from() >= 30));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start19_whatIsNotListedIsClosedInTheWayOfTheSystem(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        kernel.openForeign(3);
        kernel.openForeign(40);
        start(kernel, ChildFile.inherit(0));
        List<Integer> closed = steps(kernel, FileActions.Close.class).stream()
                .map(FileActions.Close::number)
                .toList();
        if (profile == FreeBsdProfile.PROFILE) {
            assertEquals(List.of(new FileActions.CloseFrom(1)), steps(kernel, FileActions.CloseFrom.class));
            assertFalse(kernel.isCloseOnExec(40));
        } else if (profile == MacOsProfile.PROFILE) {
            assertEquals(List.of(), closed);
            assertNotEquals(0, kernel.spawns.get(0).flags().bits() & 0x4000);
            assertFalse(kernel.isCloseOnExec(40));
        } else {
            assertEquals(List.of(1, 2), closed);
            assertTrue(kernel.isCloseOnExec(3) && kernel.isCloseOnExec(40));
            assertFalse(kernel.isCloseOnExec(0), "standard streams of this process keep their mark");
        }
    }

    @Test
    void start17_dragonFlyIsNeverAskedToCloseWhatIsClosed() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(DragonFlyProfile.PROFILE);
        kernel.closeForeign(1);
        start(kernel, ChildFile.closed(), ChildFile.closed(), ChildFile.inherit(2), ChildFile.closed());
        assertEquals(List.of(new FileActions.Close(0)), steps(kernel, FileActions.Close.class));
    }

    @Test
    void start19_withoutAWayToCloseThereIsNoStart() {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.openFilesLimit = 1_000_000;
        BsdProbe probe = BsdProbe.of(kernel.profile, kernel);
        assertFalse(probe.availability().isAvailable());
        assertTrue(probe.availability().cause().contains("ulimit -n 65536"));
    }

    @Test
    void start19_aLimitThatIsRaisedLaterIsSeen() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(DragonFlyProfile.PROFILE);
        BsdStarter starter = new BsdStarter(kernel.system(), TextEncoder.ofPlatform());
        kernel.openFilesLimit = 1_000_000;
        assertEquals(ErrorKind.UNSUPPORTED, kindOf(() -> starter.start(request("/bin/prog", null, null, null))));
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start20_pipesAreCloseOnExecFromTheFirstMomentWhereThatCanBe(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        start(kernel, ChildFile.pipe(), ChildFile.pipe());
        boolean atOnce = profile != MacOsProfile.PROFILE;
        assertEquals(atOnce, kernel.log.stream().anyMatch(call -> call.startsWith("pipe2 ")));
        assertEquals(!atOnce, kernel.log.stream().anyMatch(call -> call.startsWith("pipe ")));
        for (int fd : kernel.open()) {
            assertTrue(fd < 3 || kernel.isCloseOnExec(fd), "descriptor " + fd);
        }
        assertEquals(5, kernel.open().size(), "the standard streams and two ends");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start21_killAndStopAreNeverAskedFor(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        kernel.ignored.addAll(Set.of(1, 13, 20)); // HUP as under nohup, PIPE, CHLD
        start(kernel);
        byte[] defaults = kernel.spawns.get(0).flags().defaults();
        assertEquals(profile.sigsetSize, defaults.length);
        Set<Integer> asked = new TreeSet<>();
        for (int number = 1; number <= defaults.length * 8; number++) {
            if ((defaults[(number - 1) / 8] >> ((number - 1) % 8) & 1) != 0) {
                asked.add(number);
            }
        }
        Set<Integer> expected =
                new TreeSet<>(IntStream.rangeClosed(1, 31).boxed().toList());
        expected.removeAll(Set.of(1, 9, 17));
        assertEquals(expected, asked);
        assertNotEquals(0, kernel.spawns.get(0).flags().bits() & profile.setDefaults);
        assertNotEquals(0, kernel.spawns.get(0).flags().bits() & profile.setMask);
        assertFalse(kernel.ignored.contains(20), "SIGCHLD stayed ignored");
    }

    @Test
    void start21_dispositionsThatCannotBeReadAreLeftAlone() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(NetBsdProfile.PROFILE);
        kernel.fail("sigaction", Errno.ENOSYS);
        start(kernel);
        int bits = kernel.spawns.get(0).flags().bits();
        assertEquals(0, bits & kernel.profile.setDefaults);
        assertNotEquals(0, bits & kernel.profile.setMask);
    }

    @Test
    void start25_netBsdIsAskedForTheErrorsOfFileActions() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(NetBsdProfile.PROFILE);
        start(kernel);
        assertEquals(0x40, kernel.spawns.get(0).flags().bits() & 0x40);
    }

    @Test
    void start26_dragonFlysDeadChildIsReaped() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(DragonFlyProfile.PROFILE);
        kernel.spawner = spawn -> {
            ScriptedBsd.Proc dead = kernel.newChild();
            dead.ended = true;
            dead.status = FAILED_EXEC;
            return new SpawnOutcome(2, dead.pid);
        };
        kernel.fail("wait4", Errno.ECHILD); // the probe's own question
        kernel.fail("wait4", Errno.EINTR);
        assertEquals(ErrorKind.NOT_FOUND, kindOf(() -> start(kernel)));
        assertTrue(kernel.processes.isEmpty(), "a zombie is left");
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @Test
    void start26_aNewerDragonFlyThatReapsItselfIsUnderstood() {
        ScriptedBsd kernel = new ScriptedBsd(DragonFlyProfile.PROFILE);
        kernel.spawner = spawn -> new SpawnOutcome(13, 4321);
        assertEquals(ErrorKind.PERMISSION, kindOf(() -> start(kernel)));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start26_elsewhereNobodyIsReapedAfterAFailedStart(BsdProfile profile) {
        if (profile == DragonFlyProfile.PROFILE) {
            return; // the test above
        }
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ScriptedBsd.Proc other = kernel.newChild();
        other.ended = true;
        kernel.spawner = spawn -> new SpawnOutcome(2, other.pid);
        assertEquals(ErrorKind.NOT_FOUND, kindOf(() -> start(kernel)));
        assertTrue(kernel.processes.containsKey(other.pid), "another child of ours was reaped");
    }

    @Test
    void start29_aBusyFileIsTriedAgainAndThenReported() {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        kernel.spawner = spawn -> new SpawnOutcome(26, 0);
        ProcessException busy = assertThrows(ProcessException.class, () -> start(kernel));
        assertEquals(9, kernel.spawns.size());
        assertEquals("ETXTBSY", busy.nativeName().orElseThrow());
    }

    // ---- OpenBSD, which reports nothing

    @Test
    void start25_openBsdIsCheckedBeforeAnythingStarts() {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.files.put("/bin/text", "exit 5\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        kernel.files.put("/bin/script", "#! /no/such -x\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(ErrorKind.NOT_FOUND, kindOf(() -> start(kernel, request("/no/such", null, null, null))));
        assertEquals(ErrorKind.PERMISSION, kindOf(() -> start(kernel, request("/tmp", null, null, null))));
        assertEquals(ErrorKind.NOT_EXECUTABLE, kindOf(() -> start(kernel, request("/bin/text", null, null, null))));
        ProcessException script =
                assertThrows(ProcessException.class, () -> start(kernel, request("/bin/script", null, null, null)));
        assertTrue(String.valueOf(script.getMessage()).contains("interpreter"), script.getMessage());
        assertEquals(List.of(), kernel.spawns);
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @Test
    void start25_aChildOfOpenBsdThatEndsBy127IsAFailedStart() {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.spawner = spawn -> {
            kernel.files.remove("/bin/prog"); // taken away between the check and the start
            ScriptedBsd.Proc child = kernel.newChild();
            child.notYetWaitable = 2;
            kernel.end(child, FAILED_EXEC);
            return new SpawnOutcome(0, child.pid);
        };
        ProcessException failed = assertThrows(ProcessException.class, () -> start(kernel));
        assertEquals(ErrorKind.NOT_FOUND, failed.kind());
        assertEquals("fork/exec", failed.operation());
        assertTrue(kernel.processes.isEmpty(), "START-26: a zombie is left");
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @Test
    void start25_aProgramOfOpenBsdThatEndsBy127ItselfWasStarted() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.spawner = spawn -> {
            ScriptedBsd.Proc child = kernel.newChild();
            kernel.end(child, FAILED_EXEC);
            return new SpawnOutcome(0, child.pid);
        };
        Target child = assertDoesNotThrow(() -> start(kernel), "a start that failed after all");
        assertEquals(127, Objects.requireNonNull(child.collect()).exitCode());
    }

    @Test
    void start25_aProgramThatIsRemovedWhileItRunsWasStarted() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.spawner = spawn -> {
            kernel.files.remove("/bin/prog");
            ScriptedBsd.Proc child = kernel.newChild();
            kernel.end(child, 3 << 8);
            return new SpawnOutcome(0, child.pid);
        };
        assertEquals(3, Objects.requireNonNull(start(kernel).collect()).exitCode());
    }

    @Test
    void start25_anOpenBsdThatCannotLookDoesNotLoseAState() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.missing.add("waitid"); // before 7.3
        kernel.spawner = spawn -> {
            kernel.files.remove("/bin/prog");
            ScriptedBsd.Proc child = kernel.newChild();
            kernel.end(child, FAILED_EXEC);
            return new SpawnOutcome(0, child.pid);
        };
        assertEquals(127, Objects.requireNonNull(start(kernel).collect()).exitCode());
    }

    @Test
    void start30_theStartOnOpenBsdWaitsForTheNewProgram() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        start(kernel);
        int spawned = indexOf(kernel, "posix_spawn");
        assertTrue(kernel.log.subList(spawned, kernel.log.size()).stream().anyMatch(call -> call.startsWith("poll ")));
    }

    private static int indexOf(ScriptedBsd kernel, String call) {
        for (int i = 0; i < kernel.log.size(); i++) {
            if (kernel.log.get(i).startsWith(call + " ")) {
                return i;
            }
        }
        throw new AssertionError("no " + call + " in " + kernel.log);
    }

    // ---- what a system cannot do

    @ParameterizedTest
    @MethodSource("profiles")
    void start52_aDirectoryIsRefusedWhereNoActionChangesIt(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        StartRequest inTmp = request("/bin/prog", "/tmp", null, null);
        if (Set.of(FreeBsdProfile.PROFILE, MacOsProfile.PROFILE, NetBsdProfile.PROFILE)
                .contains(profile)) {
            start(kernel, inTmp);
            FileActions.Chdir first =
                    (FileActions.Chdir) kernel.spawns.get(0).steps().get(0);
            boolean posix = profile == NetBsdProfile.PROFILE;
            assertEquals("posix_spawn_file_actions_addchdir" + (posix ? "" : "_np"), first.function());
        } else {
            assertThrows(UnsupportedFeatureException.class, () -> start(kernel, inTmp));
            assertEquals(List.of(), kernel.spawns);
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start31_aSessionIsRefusedWhereTheSpawnCannotMakeOne(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        StartRequest leader = request(
                "/bin/prog", null, null, BsdAttributes.builder().newSession().build());
        if (profile == MacOsProfile.PROFILE) {
            assertTrue(start(kernel, leader).leadsGroup());
            assertEquals(0x400, kernel.spawns.get(0).flags().bits() & 0x400);
        } else {
            assertThrows(UnsupportedFeatureException.class, () -> start(kernel, leader));
            assertEquals(List.of(), kernel.spawns);
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void start32_groupsAreMadeAndJoinedEverywhere(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        assertTrue(start(
                        kernel,
                        request(
                                "/bin/prog",
                                null,
                                null,
                                BsdAttributes.builder().newProcessGroup().build()))
                .leadsGroup());
        assertFalse(start(
                        kernel,
                        request(
                                "/bin/prog",
                                null,
                                null,
                                BsdAttributes.builder().joinProcessGroup(55).build()))
                .leadsGroup());
        assertEquals(0, kernel.spawns.get(0).flags().group());
        assertEquals(55, kernel.spawns.get(1).flags().group());
        assertNotEquals(0, kernel.spawns.get(1).flags().bits() & profile.setGroup);
    }

    // ---- waiting

    @ParameterizedTest
    @MethodSource("profiles")
    void wait08_interruptionsAreInvisible(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Target child = start(kernel);
        ScriptedBsd.Proc process = kernel.process(child.pid());
        kernel.end(process, 0);
        kernel.fail("wait6", Errno.EINTR, Errno.EINTR);
        kernel.fail("waitid", Errno.EINTR, Errno.EINTR);
        kernel.fail("wait4", Errno.EINTR, Errno.EINTR);
        assertEquals(Liveness.EXITED, assertDoesNotThrow(child::liveness));
        ProcessState state = assertDoesNotThrow(child::collect, "an interrupted wait is tried again");
        assertEquals(0, Objects.requireNonNull(state).exitCode());
    }

    @Test
    void wait09_aStopReportOfMacOsIsNoEnd() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(MacOsProfile.PROFILE);
        Target child = start(kernel);
        ScriptedBsd.Proc process = kernel.process(child.pid());
        process.stopped = true;
        assertEquals(Liveness.RUNNING, child.liveness());
        assertNull(child.collect());
        Target found = new BsdOpener(kernel.system()).open(child.pid());
        assertNull(found.collect());
        kernel.end(process, 3 << 8);
        assertEquals(3, Objects.requireNonNull(found.collect()).exitCode());
        assertEquals(3, Objects.requireNonNull(child.collect()).exitCode());
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"ECHILD", "ESRCH"})
    void wait18_aStolenStateIsNoChildHoweverTheSystemSaysSo(Errno answer) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(NetBsdProfile.PROFILE);
        Target child = start(kernel);
        kernel.reaped(kernel.process(child.pid()));
        kernel.fail("wait4", answer);
        assertThrows(NoChildException.class, child::collect);
        kernel.fail("wait6", answer);
        assertEquals(Liveness.GONE, child.liveness());
        kernel.fail("wait6", answer);
        int before = kernel.log.size();
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.TERM));
        assertTrue(kernel.log.subList(before, kernel.log.size()).stream().noneMatch(call -> call.startsWith("kill ")));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void wait17_aSandboxThatForbidsLookingStillReaps(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Target child = start(kernel);
        kernel.fail("wait6", Errno.ENOSYS);
        kernel.fail("waitid", Errno.ENOSYS);
        child.signal(Signal.TERM);
        kernel.end(kernel.process(child.pid()), 15);
        assertEquals(
                Signal.TERM, Objects.requireNonNull(child.collect()).signal().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void wait14_howAChildIsLookedAtIsFoundByTrying(BsdProfile profile) {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        boolean wait6 = !kernel.missing.contains("wait6");
        assertEquals(
                wait6 ? BsdSystem.Look.WAIT6 : BsdSystem.Look.WAITID,
                kernel.system().look());
        kernel.fail("wait6", Errno.ENOSYS);
        assertEquals(BsdSystem.Look.WAITID, kernel.system().look());
        kernel.missing.add("waitid");
        kernel.fail("wait6", Errno.EINVAL);
        assertEquals(BsdSystem.Look.NONE, kernel.system().look());
    }

    @Test
    void wait14_optionsAndIdTypesAreThoseOfTheSystem() throws Exception {
        for (BsdProfile profile : Profiles.all()) {
            ScriptedBsd kernel = new ScriptedBsd(profile);
            start(kernel).liveness();
            int options = profile.wexited | profile.wnohang | profile.wnowait;
            String last = kernel.log.get(kernel.log.size() - 1);
            assertTrue(last.matches("wait(6|id) \\d+ " + options), last);
        }
    }

    // ---- signals

    @Test
    void sig08_aSignalToAZombieOfOpenBsdIsNoError() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        Target child = start(kernel);
        kernel.end(kernel.process(child.pid()), 0);
        assertDoesNotThrow(() -> child.signal(Signal.KILL));
        Target found = new BsdOpener(kernel.system()).open(child.pid());
        assertDoesNotThrow(() -> found.signal(Signal.KILL));
        assertEquals(0, Objects.requireNonNull(child.collect()).exitCode());
    }

    @Test
    void sig08_anOpenBsdThatCannotLookSaysThatItHasFinished() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        kernel.missing.add("waitid");
        Target child = start(kernel);
        assertEquals(Liveness.RUNNING, child.liveness());
        kernel.end(kernel.process(child.pid()), 0);
        assertEquals(Liveness.EXITED, child.liveness());
        assertThrows(ProcessDoneException.class, () -> child.signal(Signal.KILL));
        assertEquals(0, Objects.requireNonNull(child.collect()).exitCode());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void sig20_aGroupOfZombiesIsFinishedAlsoWhereTheSystemSaysEperm(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Target leader = start(
                kernel,
                request(
                        "/bin/prog",
                        null,
                        null,
                        BsdAttributes.builder().newProcessGroup().build()));
        leader.signalGroup(Signal.TERM);
        kernel.end(kernel.process(leader.pid()), 0);
        if (profile == MacOsProfile.PROFILE) {
            assertThrows(ProcessDoneException.class, () -> leader.signalGroup(Signal.TERM));
        } else {
            leader.signalGroup(Signal.TERM);
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void sig20_aRefusalIsOneWhileTheLeaderLives(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Target leader = start(
                kernel,
                request(
                        "/bin/prog",
                        null,
                        null,
                        BsdAttributes.builder().newProcessGroup().build()));
        kernel.fail("kill", Errno.EPERM);
        assertEquals(ErrorKind.PERMISSION, kindOf(() -> leader.signalGroup(Signal.TERM)));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void sig24_aNameIsSentAsTheNumberOfTheSystem(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Target child = start(kernel);
        child.signal(Signal.USR1);
        assertEquals("kill " + child.pid() + " 30", kernel.log.get(kernel.log.size() - 1));
        assertThrows(UnsupportedFeatureException.class, () -> child.signal(Signal.STKFLT));
    }

    /** Whatever the reaper does, it does not reap while the signal is on its way: the number is still the child's. */
    @ParameterizedTest
    @MethodSource("profiles")
    void sig16_nobodyReapsWhileASignalIsUnderWay(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        List<Thread> reapers = new CopyOnWriteArrayList<>();
        AtomicReference<LifeCycle> child = new AtomicReference<>();
        AtomicBoolean reaped = new AtomicBoolean();
        BsdSyscalls slowKill = new ForwardingSyscalls(kernel) {
            @Override
            public void kill(int pid, int signal) throws ErrnoException {
                if (signal == 15) {
                    LifeCycle ended = Objects.requireNonNull(child.get());
                    kernel.end(kernel.process(pid), 0);
                    Thread reaper = new Thread(() -> reaped.set(isReaped(ended)));
                    reapers.add(reaper);
                    reaper.start();
                    while (reaper.getState() == Thread.State.NEW || reaper.getState() == Thread.State.RUNNABLE) {
                        Thread.onSpinWait();
                    }
                    assertTrue(kernel.processes.containsKey(pid), "reaped, and the signal goes to whoever is next");
                }
                super.kill(pid, signal);
            }
        };
        Engine engine = Engine.over(new BsdBackend(BsdProbe.of(profile, slowKill)));
        try {
            child.set(engine.start(
                    OsString.of("/bin/prog"),
                    List.of(OsString.of("prog")),
                    ProcessAttributes.builder().build()));
            child.get().signal(Signal.TERM);
            for (Thread reaper : reapers) {
                reaper.join();
            }
            assertTrue(reaped.get(), "after the signal the child is reaped");
        } finally {
            engine.stop();
        }
    }

    private static boolean isReaped(LifeCycle child) {
        try {
            return child.waitFor(Duration.ofSeconds(20)) != null;
        } catch (ProcessException | InterruptedException failed) {
            return false;
        }
    }

    // ---- found processes

    @ParameterizedTest
    @MethodSource("profiles")
    void id13_anotherStartTimeMeansAStranger(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ScriptedBsd.Proc first = kernel.newChild();
        first.child = false;
        Target found = new BsdOpener(kernel.system()).open(first.pid);
        found.signal(Signal.TERM);
        assertNull(found.collect());
        String identity = found.identity().toString();
        assertTrue(identity.startsWith(profile.system + ":" + first.pid + ":start="), identity);
        kernel.reaped(first);
        kernel.nextPid = first.pid;
        ScriptedBsd.Proc newcomer = kernel.newChild();
        newcomer.child = false;
        int before = kernel.log.size();
        assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
        assertTrue(kernel.log.subList(before, kernel.log.size()).stream().noneMatch(call -> call.startsWith("kill ")));
        assertEquals(Liveness.GONE, found.liveness());
        assertNotNull(found.collect());
        assertThrows(ProcessDoneException.class, found::identity);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void id13_aStartTimeThatCannotBeReadIsNoDifference(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ScriptedBsd.Proc process = kernel.newChild();
        process.child = false;
        Target found = new BsdOpener(kernel.system()).open(process.pid);
        kernel.fail("sysctl", Errno.EPERM);
        kernel.fail("proc_pidinfo", Errno.EPERM);
        assertDoesNotThrow(() -> found.signal(Signal.TERM));
        assertEquals("kill " + process.pid + " 15", kernel.log.get(kernel.log.size() - 1));
    }

    @Test
    void id13_aStructureThatIsNotTheOneWeKnowTellsNoStartTime() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        BsdSyscalls other = new ForwardingSyscalls(kernel) {
            @Override
            public int sysctl(int[] path, byte[] into) throws ErrnoException {
                int length = super.sysctl(path, into);
                into[Objects.requireNonNull(kernel.profile.start).pidAt()]++;
                return length;
            }
        };
        ScriptedBsd.Proc process = kernel.newChild();
        assertEquals(StartTimes.UNKNOWN, StartTimes.of(other, kernel.profile, process.pid));
        assertEquals(process.startMicros, StartTimes.of(kernel, kernel.profile, process.pid));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void id13_thePathOfTheStartTimeIsThatOfTheSystem(BsdProfile profile) {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ScriptedBsd.Proc process = kernel.newChild();
        assertEquals(process.startMicros, StartTimes.of(kernel, profile, process.pid));
        String call = kernel.log.get(kernel.log.size() - 1);
        String expected = profile == MacOsProfile.PROFILE
                ? "proc_pidinfo " + process.pid + " 3"
                : profile == OpenBsdProfile.PROFILE
                        ? "sysctl [6, 66, " + process.pid + "]"
                        : profile == NetBsdProfile.PROFILE
                                ? "sysctl [6, 47, " + process.pid + "]"
                                : "sysctl [4, 14, " + process.pid + "]";
        assertEquals(expected, call);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void id05_id09_whatIsNotThereIsDone(BsdProfile profile) {
        BsdOpener opener = new BsdOpener(new ScriptedBsd(profile).system());
        assertThrows(ProcessDoneException.class, () -> opener.open(4711));
        assertThrows(ProcessDoneException.class, () -> opener.open((1L << 32) + ScriptedBsd.SELF));
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void id14_anEndedChildOfOursIsThere(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ScriptedBsd.Proc process = kernel.newChild();
        kernel.end(process, 5 << 8);
        Target found = new BsdOpener(kernel.system()).open(process.pid);
        assertEquals(Liveness.EXITED, found.liveness());
        assertEquals(5, Objects.requireNonNull(found.collect()).exitCode());
        assertTrue(kernel.processes.containsKey(process.pid), "D18: a found object reaped");
    }

    @Test
    void sig02_anotherUsersProcessIsThere() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        ScriptedBsd.Proc process = kernel.newChild();
        process.child = false;
        BsdOpener opener = new BsdOpener(kernel.system());
        kernel.fail("kill", Errno.EPERM);
        Target found = opener.open(process.pid);
        kernel.fail("kill", Errno.EPERM);
        assertEquals(ErrorKind.PERMISSION, kindOf(() -> found.signal(Signal.TERM)));
        kernel.fail("kill", Errno.EINVAL);
        assertEquals(process.pid, opener.open(process.pid).pid());
    }
}
