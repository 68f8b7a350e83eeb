// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.attributes;

import static dev.osprocess.linux.attributes.Looks.NOBODY;
import static dev.osprocess.linux.attributes.Looks.assumePlainUser;
import static dev.osprocess.linux.attributes.Looks.assumeRoot;
import static dev.osprocess.linux.attributes.Looks.link;
import static dev.osprocess.linux.attributes.Looks.own;
import static dev.osprocess.linux.attributes.Looks.status;
import static dev.osprocess.linux.attributes.Looks.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.LinuxCapability;
import dev.osprocess.linux.LinuxCredentials;
import dev.osprocess.linux.LinuxNamespace;
import dev.osprocess.linux.LinuxResource;
import dev.osprocess.linux.LinuxScheduling;
import dev.osprocess.linux.RealProcesses;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child is given at birth, as the kernel shows it (START-35 to START-38, START-47). */
final class AttributesTest extends RealProcesses {
    private static final int NICE = 19;
    private static final int REAL_TIME_PRIORITY = 40;
    private static final int POLICY = 41;
    private static final int UNKNOWN_CPU = 8191;

    @TempDir
    private Path directory;

    private static LinuxAttributes.Builder linux() {
        return LinuxAttributes.builder();
    }

    private OsProcess sleeper(LinuxAttributes.Builder system) throws ProcessException {
        return sleeper(system.build());
    }

    private ProcessException refused(LinuxAttributes.Builder system) {
        return refused(with(system), "/bin/sleep");
    }

    private ProcessException refused(ProcessAttributes.Builder attributes, String program) {
        return assertThrows(ProcessException.class, () -> start(attributes, program, "1000"));
    }

    private static void assertSays(ProcessException failure, ErrorKind kind, String operation, String errno) {
        assertEquals(kind, failure.kind(), failure.getMessage());
        assertEquals(operation, failure.operation(), failure.getMessage());
        assertEquals(errno, failure.nativeName().orElse(""), failure.getMessage());
    }

    // ---- for everybody
    // -----------------------------------------------------------------------------------------------

    @Test
    void start37_whatNeedsNoRightsIsInPlaceWhenStartReturns() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor knows no scheduling policies");
        OsProcess child = sleeper(linux().umask(027)
                .nice(7)
                .noNewPrivileges()
                .scheduling(LinuxScheduling.BATCH)
                .limit(LinuxResource.OPEN_FILES, 64)
                .limit(LinuxResource.CORE, 0, 4096));
        assertEquals("0027", status(child.pid(), "Umask"));
        assertEquals("7", Surroundings.statField(child.pid(), NICE));
        assertEquals("1", status(child.pid(), "NoNewPrivs"));
        assertEquals("3", Surroundings.statField(child.pid(), POLICY));
        String limits = Files.readString(Path.of("/proc/" + child.pid() + "/limits"), StandardCharsets.US_ASCII);
        assertTrue(Pattern.compile("Max open files +64 +64 ").matcher(limits).find(), limits);
        assertTrue(
                Pattern.compile("Max core file size +0 +4096 ").matcher(limits).find(), limits);
    }

    @Test
    void start37_oneProcessorOfOursIsTheChildsOnly() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor shows no Cpus_allowed_list");
        Matcher last = Pattern.compile("(\\d+)$").matcher(own("Cpus_allowed_list"));
        assertTrue(last.find());
        String cpu = last.group(1);
        OsProcess child = sleeper(linux().cpus(Integer.parseInt(cpu)));
        assertEquals(cpu, status(child.pid(), "Cpus_allowed_list"));
    }

    @Test
    void start37_aProcessorThatIsNotThereIsRefused() {
        assertSays(refused(linux().cpus(UNKNOWN_CPU)), ErrorKind.INVALID, "sched_setaffinity", "EINVAL");
    }

    @Test
    void start31_start32_sessionAndGroupAreAsWithoutTheHelper() throws Exception {
        OsProcess leader = sleeper(linux().newProcessGroup().umask(0));
        assertEquals(Long.toString(leader.pid()), Surroundings.statField(leader.pid(), 5));
        OsProcess member = sleeper(linux().joinProcessGroup((int) leader.pid()).umask(0));
        assertEquals(Long.toString(leader.pid()), Surroundings.statField(member.pid(), 5));
        OsProcess session = sleeper(linux().newSession().umask(0));
        assertEquals(Long.toString(session.pid()), Surroundings.statField(session.pid(), 6));
        leader.signalGroup(dev.osprocess.Signal.KILL);
        end(leader);
        end(member);
    }

    @Test
    void start14_aProgramThatIsNotThereIsToldAsAlways() {
        assertSays(refused(with(linux().umask(0)), "/no/such"), ErrorKind.NOT_FOUND, "fork/exec", "ENOENT");
        assertSays(refused(with(linux().umask(0)), "/etc/passwd"), ErrorKind.PERMISSION, "fork/exec", "EACCES");
    }

    @Test
    void start13_aDirectoryThatIsNotThereIsBlamed() {
        ProcessException failure = refused(with(linux().umask(0)).directory(Path.of("/no/such")), "/bin/sleep");
        assertSays(failure, ErrorKind.NOT_FOUND, "chdir", "ENOENT");
        assertEquals("/no/such", failure.path().orElseThrow());
    }

    @Test
    void start12_aRelativeProgramIsLookedUpInTheChildsDirectory() throws Exception {
        OsProcess child = start(with(linux().umask(0)).directory(Path.of("/bin")), "./sleep", "1000");
        assertEquals(Path.of("/bin").toRealPath().toString(), link(child.pid(), "cwd"));
    }

    @Test
    void start38_theChildDoesNotEndWithTheThreadThatStartedIt() throws Exception {
        OsProcess[] child = new OsProcess[1];
        Exception[] failed = new Exception[1];
        Thread starter = new Thread(() -> {
            try {
                child[0] = sleeper(linux().killOnParentExit());
            } catch (ProcessException failure) {
                failed[0] = failure;
            }
        });
        starter.start();
        starter.join();
        assertEquals(null, failed[0]);
        long gone = Long.parseLong(Surroundings.statField(child[0].pid(), 4));
        assertEquals(OsProcess.currentPid(), gone);
        // a signal of the parent's death is sent while the thread ends, so a child that is asked now has got it
        assertEquals("S", awaitedState(child[0]));
    }

    private static String awaitedState(OsProcess child) throws Exception {
        awaitState(child.pid(), "S");
        return stateOf(child.pid());
    }

    // ---- as an unprivileged user
    // ------------------------------------------------------------------------------------

    @Test
    void start35_whoMayNotChangeCredentialsIsRefusedWithTheStep() throws Exception {
        assumePlainUser();
        ProcessException groups = refused(linux().credentials(LinuxCredentials.of(1, 1)));
        assertSays(groups, ErrorKind.PERMISSION, "setgroups", "EPERM");
        ProcessException group = refused(linux().credentials(LinuxCredentials.keepingGroups(1, 1)));
        assertSays(group, ErrorKind.PERMISSION, "setresgid", "EPERM");
        long own = Long.parseLong(own("Gid").split(" ", -1)[0]);
        ProcessException user = refused(linux().credentials(LinuxCredentials.keepingGroups(0, own)));
        assertSays(user, ErrorKind.PERMISSION, "setresuid", "EPERM");
    }

    @Test
    void start35_whoStaysWhoTheyAreNeedsNoRights() throws Exception {
        assumePlainUser();
        long user = Long.parseLong(own("Uid").split(" ", -1)[0]);
        long group = Long.parseLong(own("Gid").split(" ", -1)[0]);
        OsProcess child = sleeper(linux().credentials(LinuxCredentials.keepingGroups(user, group)));
        assertEquals(own("Uid"), status(child.pid(), "Uid"));
    }

    @Test
    void start36_start52_whatNeedsRootIsRefusedToOthersWithTheStep() throws Exception {
        assumePlainUser();
        assertSays(refused(linux().root(directory)), ErrorKind.PERMISSION, "chroot", "EPERM");
        assertSays(refused(linux().unshare(LinuxNamespace.UTS)), ErrorKind.PERMISSION, "unshare", "EPERM");
        assertSays(
                refused(linux().ambientCapabilities(LinuxCapability.NET_RAW)), ErrorKind.PERMISSION, "capset", "EPERM");
        assertSays(
                refused(linux().scheduling(LinuxScheduling.FIFO, 1)),
                ErrorKind.PERMISSION,
                "sched_setscheduler",
                "EPERM");
        assertSays(refused(linux().nice(-20)), ErrorKind.PERMISSION, "setpriority", "EACCES");
    }

    // ---- as root
    // ----------------------------------------------------------------------------------------------------

    @Test
    void start35_userGroupAndGroupsAreAllOnesThatWereGiven() throws Exception {
        assumeRoot();
        OsProcess child = sleeper(linux().credentials(LinuxCredentials.of(NOBODY, 60_001, 60_002, 60_003)));
        assertEquals("65534 65534 65534 65534", status(child.pid(), "Uid"));
        assertEquals("60001 60001 60001 60001", status(child.pid(), "Gid"));
        assertEquals("60002 60003", status(child.pid(), "Groups"));
        assertEquals("0000000000000000", status(child.pid(), "CapEff"));
        assertEquals("0000000000000000", status(child.pid(), "CapPrm"));
    }

    @Test
    void start35_withoutSupplementaryGroupsThereAreNone() throws Exception {
        assumeRoot();
        OsProcess child = sleeper(linux().credentials(LinuxCredentials.of(NOBODY, NOBODY)));
        assertEquals("", status(child.pid(), "Groups"));
    }

    @Test
    void start35_supplementaryGroupsMayBeKept() throws Exception {
        assumeRoot();
        OsProcess child = sleeper(linux().credentials(LinuxCredentials.keepingGroups(NOBODY, NOBODY)));
        assertEquals(own("Groups"), status(child.pid(), "Groups"));
        assertEquals("65534 65534 65534 65534", status(child.pid(), "Uid"));
    }

    @Test
    void start37_theDirectoryIsEnteredWithTheNewRights() throws Exception {
        assumeRoot();
        Path closed = Files.createDirectory(
                directory.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ProcessAttributes.Builder attributes =
                with(linux().credentials(LinuxCredentials.of(NOBODY, NOBODY))).directory(closed);
        ProcessException failure = refused(attributes, "/bin/sleep");
        assertSays(failure, ErrorKind.PERMISSION, "chdir", "EACCES");
        assertEquals(closed.toString(), failure.path().orElseThrow());
        open(directory);
        Files.setAttribute(closed, "unix:uid", (int) NOBODY);
        OsProcess child = start(attributes, "/bin/sleep", "1000");
        assertEquals(closed.toRealPath().toString(), link(child.pid(), "cwd"));
    }

    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void start36_programAndDirectoryAreInTheNewRoot() throws Exception {
        assumeRoot();
        Path root = rootWithSleep();
        Files.createDirectory(root.resolve("inner"));
        OsProcess child = start(with(linux().root(root)).directory(Path.of("/inner")), "/bin/sleep", "1000");
        assertEquals(root.toRealPath().toString(), link(child.pid(), "root"));
        assertEquals(root.toRealPath().resolve("inner").toString(), link(child.pid(), "cwd"));
        OsProcess relative = start(with(linux().root(root)), "bin/sleep", "1000");
        assertEquals(root.toRealPath().toString(), link(relative.pid(), "cwd"), "never left outside");
        OsProcess other =
                start(with(linux().root(root).credentials(LinuxCredentials.of(NOBODY, NOBODY))), "/bin/sleep", "1000");
        assertEquals("65534 65534 65534 65534", status(other.pid(), "Uid"));
    }

    @Test
    void start36_whatIsOnlyOutsideIsNotFound() throws Exception {
        assumeRoot();
        Path root = rootWithSleep();
        assertSays(refused(with(linux().root(root)), "/bin/cat"), ErrorKind.NOT_FOUND, "fork/exec", "ENOENT");
        ProcessException folder = refused(with(linux().root(root)).directory(directory), "/bin/sleep");
        assertSays(folder, ErrorKind.NOT_FOUND, "chdir", "ENOENT");
        ProcessException missing = refused(linux().root(directory.resolve("nope")));
        assertSays(missing, ErrorKind.NOT_FOUND, "chroot", "ENOENT");
        assertEquals(directory.resolve("nope").toString(), missing.path().orElseThrow());
    }

    /** A folder with what a running sleep(1) has mapped, and its loader where its header names it. */
    private Path rootWithSleep() throws Exception {
        open(directory);
        Path root = directory.resolve("root");
        OsProcess sleeper = sleeper();
        await("sleep", () -> nameOf(sleeper.pid()));
        awaitState(sleeper.pid(), "S");
        Set<Path> mapped = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + sleeper.pid() + "/maps"), StandardCharsets.UTF_8)) {
            int at = line.indexOf('/');
            if (at >= 0) {
                mapped.add(Path.of(line.substring(at)));
            }
        }
        mapped.removeIf(path -> !path.toString().contains("/lib/"));
        for (Path library : mapped) {
            copy(library, root, library);
        }
        Path program = Path.of("/bin/sleep");
        copy(program, root, program);
        Matcher loader = Pattern.compile("/lib[\\w/.-]*/ld-[\\w.-]+")
                .matcher(Files.readString(program, StandardCharsets.ISO_8859_1));
        assumeTrue(loader.find(), "needs a /bin/sleep that names its loader");
        copy(Path.of(loader.group()), root, Path.of(loader.group()));
        return root;
    }

    private static void copy(Path from, Path root, Path to) throws IOException {
        Path target = root.resolve(Path.of("/").relativize(to));
        Files.createDirectories(target.getParent());
        Files.copy(from.toRealPath(), target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void start37_namespacesAreTheChildsOwn() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor refuses to make mounts private");
        assumeRoot();
        OsProcess child = sleeper(linux().unshare(LinuxNamespace.values()));
        for (String kind : List.of("mnt", "uts", "ipc", "net", "cgroup")) {
            assertNotEquals(link(OsProcess.currentPid(), "ns/" + kind), link(child.pid(), "ns/" + kind), kind);
        }
        for (String kind : List.of("pid", "user")) {
            assertEquals(link(OsProcess.currentPid(), "ns/" + kind), link(child.pid(), "ns/" + kind), kind);
        }
        String mounts = Files.readString(Path.of("/proc/" + child.pid() + "/mountinfo"), StandardCharsets.UTF_8);
        assertFalse(mounts.contains(" shared:"), "a mount of the child would reach ours");
    }

    @Test
    void start37_aCapabilityOutlivesTheChangeOfTheUser() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor knows no ambient capabilities");
        assumeRoot();
        String bit = String.format("%016x", 1L << LinuxCapability.NET_BIND_SERVICE.number());
        OsProcess child = sleeper(linux().credentials(LinuxCredentials.of(NOBODY, NOBODY))
                .ambientCapabilities(LinuxCapability.NET_BIND_SERVICE));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
            assertEquals(bit, status(child.pid(), set), set);
        }
        OsProcess root = sleeper(linux().ambientCapabilities(LinuxCapability.NET_BIND_SERVICE));
        assertEquals(bit, status(root.pid(), "CapAmb"));
        assertEquals(own("CapEff"), status(root.pid(), "CapEff"), "root keeps the others");
    }

    @Test
    void start37_realTimeAndHighPriority() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor knows no scheduling policies");
        assumeRoot();
        OsProcess urgent = sleeper(linux().scheduling(LinuxScheduling.ROUND_ROBIN, 3));
        assertEquals("2", Surroundings.statField(urgent.pid(), POLICY));
        assertEquals("3", Surroundings.statField(urgent.pid(), REAL_TIME_PRIORITY));
        OsProcess first = sleeper(linux().nice(-20).credentials(LinuxCredentials.of(NOBODY, NOBODY)));
        assertEquals("-20", Surroundings.statField(first.pid(), NICE), "before the credentials are given up");
    }

    @Test
    void start37_limitsAreSetBeforeTheCredentials() throws Exception {
        assumeFalse(Surroundings.isGvisor(), "gVisor lets nobody change most limits");
        assumeRoot();
        OsProcess child = sleeper(linux().limit(LinuxResource.PENDING_SIGNALS, 11, 22)
                .limit(LinuxResource.ADDRESS_SPACE, 1L << 40, LinuxResource.UNLIMITED)
                .credentials(LinuxCredentials.of(NOBODY, NOBODY)));
        String limits = Files.readString(Path.of("/proc/" + child.pid() + "/limits"), StandardCharsets.US_ASCII);
        assertTrue(
                Pattern.compile("Max pending signals +11 +22 ").matcher(limits).find(), limits);
        assertTrue(
                Pattern.compile("Max address space +1099511627776 +unlimited ")
                        .matcher(limits)
                        .find(),
                limits);
    }

    @Test
    void start35_whoIsNobodyReadsNothingOfOurs() throws Exception {
        assumeRoot();
        Path secret = directory.resolve("secret");
        Files.writeString(secret, "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        open(directory);
        OsProcess child = shell(
                with(linux().credentials(LinuxCredentials.of(NOBODY, NOBODY))),
                "cat \"$0\" 2>&- && echo read || echo refused",
                secret.toString());
        assertEquals("refused", lineFrom(child));
        assertTrue(end(child).success());
    }

    @Test
    void start37_manyThreadsStartWithAttributesOfTheirOwn() throws Exception {
        int threads = 8;
        int each = 15;
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int mask = i;
            LinuxAttributes system = linux().umask(mask).nice(mask).build();
            Thread thread = new Thread(() -> {
                try {
                    for (int j = 0; j < each; j++) {
                        try (OsProcess child = OsProcess.start(
                                "/bin/sh",
                                List.of("sh", "-c", "test $(umask) = 000" + mask),
                                ProcessAttributes.builder().system(system).build())) {
                            assertEquals("exit status 0", end(child).toString());
                        }
                    }
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            });
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }
}
