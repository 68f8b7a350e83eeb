// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.linux.LinuxAttributes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a child begins: arguments, environment, directory, signals, groups, as the kernel shows them. */
class ChildBirthTest extends KernelTest {
    /** A shell that sits in a read until its input ends, with these arguments behind its own three. */
    private static final String WAITS = "read line";

    @TempDir
    private Path directory;

    private OsProcess waiting(ProcessAttributes.Builder attributes, List<OsString> arguments) throws ProcessException {
        ProcessAttributes all = attributes
                .files(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2))
                .build();
        return owned(OsProcess.start(OsString.of("/bin/sh"), arguments, all));
    }

    private static List<OsString> shell(OsString... more) {
        List<OsString> argv = new ArrayList<>(List.of(OsString.of("sh"), OsString.of("-c"), OsString.of(WAITS)));
        argv.addAll(List.of(more));
        return argv;
    }

    /**
     * What proc shows of a child that waits in a read. The kernel lets the parent go on when the new image is in place,
     * and writes down where its arguments are an instant later.
     */
    private static void assertShows(byte[] expected, OsProcess child, String file) throws Exception {
        awaitState(child, 'S');
        byte[] shown = Files.readAllBytes(Path.of("/proc/" + child.pid() + "/" + file));
        assertArrayEquals(expected, shown, () -> file + ": " + text(shown));
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
            all.write(0);
        }
        return all.toByteArray();
    }

    private static byte[] everyByteButNul() {
        byte[] bytes = new byte[255];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }

    private void finish(OsProcess child) throws Exception {
        child.pipe(0).close();
        end(child);
    }

    // ---- program and arguments
    // ---------------------------------------------------------------------------------------

    @Test
    void id01_thePidIsTheKernelsOwn() throws Exception {
        assertEquals(expectedMode(), sleeper().mode());
        OsProcess child = start(
                attributes().files(ChildFile.nullDevice(), ChildFile.pipe()).build(), "/bin/sh", "-c", "echo $$ $PPID");
        String printed = text(readAll(child.pipe(1)));
        child.pipe(1).close();
        assertEquals(child.pid() + " " + OsProcess.currentPid() + "\n", printed);
        assertEquals(ProcessHandle.current().pid(), OsProcess.currentPid());
        end(child);
    }

    @Test
    void start02_argumentZeroIsFree() throws Exception {
        OsProcess child = waiting(attributes(), List.of(OsString.of("banana"), OsString.of("-c"), OsString.of(WAITS)));
        assertShows(Scripts.bytes("banana\0-c\0" + WAITS + "\0"), child, "cmdline");
        assertEquals(Path.of("/bin/sh").toRealPath(), Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/exe")));
        finish(child);
    }

    @Test
    void start03_withoutArgumentsTheProgramIsItsOwnName() throws Exception {
        OsProcess child = start(quietly().build(), "/bin/true");
        assertTrue(end(child).success());
        OsProcess bare = owned(OsProcess.start("/bin/true", List.of(), quietly().build()));
        assertTrue(end(bare).success());
    }

    @Test
    void start04_argumentsArriveByteForByte() throws Exception {
        List<String> odd = List.of(
                "",
                " ",
                "a b",
                "\"",
                "'",
                "\\",
                "\\\"",
                "line\nfeed",
                "\t",
                "*",
                "%PATH%",
                "--",
                "-e",
                "$HOME",
                "`x`",
                "é€😀",
                "\u0001\u007f",
                "x".repeat(100_000));
        List<OsString> arguments = shell();
        List<byte[]> expected =
                new ArrayList<>(List.of(Scripts.bytes("sh"), Scripts.bytes("-c"), Scripts.bytes(WAITS)));
        for (String each : odd) {
            arguments.add(OsString.of(each));
            expected.add(Scripts.bytes(each));
        }
        OsProcess child = waiting(attributes(), arguments);
        assertShows(joined(expected), child, "cmdline");
        finish(child);
    }

    @Test
    void start04_randomArgumentsArriveByteForByte() throws Exception {
        Random random = new Random(20_261_122);
        for (int round = 0; round < 20; round++) {
            List<OsString> arguments = shell();
            List<byte[]> expected =
                    new ArrayList<>(List.of(Scripts.bytes("sh"), Scripts.bytes("-c"), Scripts.bytes(WAITS)));
            for (int i = random.nextInt(50); i > 0; i--) {
                byte[] bytes = new byte[random.nextInt(40)];
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = (byte) (1 + random.nextInt(255));
                }
                arguments.add(OsString.ofBytes(bytes));
                expected.add(bytes);
            }
            OsProcess child = waiting(attributes(), arguments);
            assertShows(joined(expected), child, "cmdline");
            finish(child);
        }
    }

    @Test
    void start05_rawBytesArriveInArgumentsAndEnvironment() throws Exception {
        byte[] all = everyByteButNul();
        byte[] entry = new byte[all.length + 2];
        entry[0] = 'X';
        entry[1] = '=';
        System.arraycopy(all, 0, entry, 2, all.length);
        OsProcess child =
                waiting(attributes().environmentRaw(List.of(OsString.ofBytes(entry))), shell(OsString.ofBytes(all)));
        assertShows(
                joined(List.of(Scripts.bytes("sh"), Scripts.bytes("-c"), Scripts.bytes(WAITS), all)), child, "cmdline");
        assertShows(joined(List.of(entry)), child, "environ");
        finish(child);
    }

    @Test
    void start05_rawBytesNameAProgramAndADirectory() throws Exception {
        byte[] name =
                joined(List.of(Scripts.bytes(directory + "/d"))); // ends with NUL, replaced by a byte that is no text
        name[name.length - 1] = (byte) 0xFF;
        output(
                attributes(),
                "mkdir \"$1\" && printf '#!/bin/sh\\nexit 9\\n' >\"$1/run\" && chmod +x \"$1/run\"",
                OsString.ofBytes(name));
        OsProcess child = owned(OsProcess.start(
                OsString.of("./run"),
                List.of(OsString.of("run")),
                quietly().directory(OsString.ofBytes(name)).build()));
        assertEquals(9, end(child).exitCode());
        byte[] program = Arrays.copyOf(name, name.length + 4);
        System.arraycopy(Scripts.bytes("/run"), 0, program, name.length, 4);
        OsProcess absolute = owned(OsProcess.start(
                OsString.ofBytes(program),
                List.of(OsString.of("run")),
                quietly().build()));
        assertEquals(9, end(absolute).exitCode());
        output(attributes(), "rm -r \"$1\"", OsString.ofBytes(name));
    }

    @Test
    void start30_theProgramIsInPlaceWhenStartReturns() throws Exception {
        Path sleep = Path.of("/bin/sleep").toRealPath();
        for (int i = 0; i < 20; i++) {
            OsProcess child = sleeper();
            assertEquals(sleep, Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/exe")));
            child.kill();
            end(child);
        }
    }

    // ---- environment
    // -------------------------------------------------------------------------------------------------

    @Test
    void start07_theEnvironmentIsOursByteForByte() throws Exception {
        OsProcess child = waiting(attributes(), shell());
        assertShows(joined(List.of(RAW.environment())), child, "environ");
        finish(child);
    }

    @Test
    void start07_anEditChangesOnlyWhatItNames() throws Exception {
        List<byte[]> expected = new ArrayList<>();
        for (byte[] entry : RAW.environment()) {
            if (!text(entry).startsWith("PATH=")) {
                expected.add(entry);
            }
        }
        expected.add(Scripts.bytes("OSPROCESS_TEST=é"));
        OsProcess child = waiting(
                attributes().inheritEnvironment(map -> {
                    map.remove("PATH");
                    map.put("OSPROCESS_TEST", "é");
                }),
                shell());
        assertShows(joined(expected), child, "environ");
        finish(child);
    }

    @Test
    void start08_anEmptyEnvironmentIsEmpty() throws Exception {
        OsProcess byMap = waiting(attributes().environment(Map.of()), shell());
        assertShows(new byte[0], byMap, "environ");
        finish(byMap);
        OsProcess byList = waiting(attributes().environment(List.of()), shell());
        assertShows(new byte[0], byList, "environ");
        finish(byList);
    }

    @Test
    void start09_entriesArriveVerbatim() throws Exception {
        List<String> odd = List.of("A=1", "A=2", "Z", "=x", "B=", "");
        OsProcess child = waiting(attributes().environment(odd), shell());
        assertShows(Scripts.bytes(String.join("\0", odd) + "\0"), child, "environ");
        finish(child);
    }

    @Test
    void start10_whatIsGivenIsCopied() throws Exception {
        Map<String, String> variables = new TreeMap<>(Map.of("A", "old"));
        ProcessAttributes.Builder attributes = attributes().environment(variables);
        variables.put("A", "new");
        OsProcess child = waiting(attributes, shell());
        assertShows(Scripts.bytes("A=old\0"), child, "environ");
        finish(child);
    }

    @Test
    void theInheritedEnvironmentIsEncodedOnceForManyStarts() throws Exception {
        ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
        Engine engine =
                Engine.over(new LinuxBackend(LinuxProbe.of(calls, new JavaProcFiles(), SWITCHED_OFF ? "off" : "")));
        try {
            for (int i = 0; i < 20; i++) {
                // each an environment of its own, beside the one that all default attributes share
                ProcessAttributes attributes =
                        attributes().inheritEnvironment(map -> {}).build();
                assertTrue(end(FrontDoor.start(engine, "/bin/true", List.of("true"), attributes))
                        .success());
            }
            assertEquals(1, calls.count("environ"));
            assertEquals(20, calls.count("posix_spawn"));
            assertEquals(0, engine.unreaped());
        } finally {
            engine.stop();
        }
    }

    // ---- directory
    // ---------------------------------------------------------------------------------------------------

    @Test
    void start11_theDirectoryIsTheChildsAlone() throws Exception {
        Path before = Path.of("/proc/self/cwd").toRealPath();
        List<OsProcess> children = new ArrayList<>();
        List<Path> wanted = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            wanted.add(Files.createDirectory(directory.resolve("d" + i)).toRealPath());
            children.add(start(quietly().directory(wanted.get(i)).build(), "/bin/sleep", "1000"));
        }
        for (int i = 0; i < 16; i++) {
            assertEquals(
                    wanted.get(i),
                    Path.of("/proc/" + children.get(i).pid() + "/cwd").toRealPath());
        }
        assertEquals(before, Path.of("/proc/self/cwd").toRealPath());
    }

    @Test
    void start12_aRelativeProgramIsLookedUpInTheChildsDirectory() throws Exception {
        Path program = Files.writeString(directory.resolve("prog"), "#!/bin/sh\nexit 6\n");
        assertTrue(program.toFile().setExecutable(true));
        assertEquals(
                6, end(start(quietly().directory(directory).build(), "./prog")).exitCode());
        assertEquals(
                6, end(start(quietly().directory(directory).build(), "prog")).exitCode());
    }

    @Test
    void start01_pathIsNotSearched() {
        ProcessException failure =
                assertThrows(ProcessException.class, () -> start(quietly().build(), "true"));
        assertEquals("ENOENT", failure.nativeName().orElseThrow());
    }

    // ---- signals and groups
    // ------------------------------------------------------------------------------------------

    @Test
    void start21_theChildsSignalsAreClean() throws Exception {
        assumeShowsSignals();
        OsProcess child = sleeper();
        assertEquals("0000000000000000", statusField(child.pid(), "SigBlk"));
        assertEquals("0000000000000000", statusField(child.pid(), "SigPnd"));
        assertEquals("0000000000000000", statusField(child.pid(), "SigCgt"));
        long ignoredHere = Long.parseUnsignedLong(statusField(RAW.getpid(), "SigIgn"), 16);
        long ignoredThere = Long.parseUnsignedLong(statusField(child.pid(), "SigIgn"), 16);
        assertEquals(0, ignoredThere & ~ignoredHere, "ignored in the child alone");
        assertEquals(
                0,
                ignoredThere & (1L << (LinuxAbi.SIGPIPE - 1)),
                "SIGPIPE is ignored by the JVM, not by whom started it");
        assertEquals(0, ignoredThere & (1L << (LinuxAbi.SIGCHLD - 1)));
    }

    @Test
    void start21_brokenPipesEndAChildAsTheyShould() throws Exception {
        OsProcess child = start(
                attributes()
                        .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.nullDevice())
                        .build(),
                "/bin/sh",
                "-c",
                "while :; do echo x; done");
        child.pipe(1).close();
        assertEquals("signal: broken pipe", end(child).toString());
    }

    @Test
    void start31_aNewSessionIsLedByTheChild() throws Exception {
        OsProcess child = start(
                quietly().system(LinuxAttributes.builder().newSession().build()).build(), "/bin/sleep", "1000");
        assertEquals(List.of(child.pid(), child.pid()), groupAndSession(child));
    }

    @Test
    void start32_aNewGroupIsLedByTheChildAndCanBeJoined() throws Exception {
        OsProcess leader = start(
                quietly()
                        .system(LinuxAttributes.builder().newProcessGroup().build())
                        .build(),
                "/bin/sleep",
                "1000");
        assertEquals(leader.pid(), groupAndSession(leader).get(0));
        OsProcess member = start(
                quietly()
                        .system(LinuxAttributes.builder()
                                .joinProcessGroup((int) leader.pid())
                                .build())
                        .build(),
                "/bin/sleep",
                "1000");
        assertEquals(leader.pid(), groupAndSession(member).get(0));
        List<Long> plain = groupAndSession(sleeper());
        assertFalse(plain.contains(leader.pid()));
        assertEquals(plain.get(1), groupAndSession(member).get(1), "still our session");
    }

    @Test
    void start32_aGroupThatDoesNotExistIsAnErrorOfTheStart() {
        ProcessException failure = assertThrows(
                ProcessException.class,
                () -> start(
                        quietly()
                                .system(LinuxAttributes.builder()
                                        .joinProcessGroup(1_999_999_999)
                                        .build())
                                .build(),
                        "/bin/true"));
        assertEquals("EPERM", failure.nativeName().orElseThrow());
    }

    private static List<Long> groupAndSession(OsProcess process) throws IOException {
        String line = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return List.of(Long.parseLong(fields[2]), Long.parseLong(fields[3]));
    }

    @Test
    void conc12_aPendingInterruptNeitherStopsAStartNorIsLost() throws Exception {
        Thread.currentThread().interrupt();
        OsProcess child =
                start(attributes().files(ChildFile.pipe(), ChildFile.pipe()).build(), "/bin/cat");
        assertTrue(Thread.interrupted(), "start consumed the interrupt");
        write(child.pipe(0), Scripts.bytes("whole"));
        child.pipe(0).close();
        assertEquals("whole", text(readAll(child.pipe(1))), "the interrupt closed a pipe");
        child.pipe(1).close();
        assertTrue(end(child).success());
    }

    @Test
    void conc13_theChildOutlivesTheThreadThatStartedIt() throws Exception {
        List<OsProcess> made = new ArrayList<>();
        Thread starter = new Thread(() -> {
            try {
                made.add(sleeper());
            } catch (ProcessException failed) {
                throw new IllegalStateException(failed);
            }
        });
        starter.start();
        starter.join();
        assertEquals(1, made.size());
        awaitState(made.get(0), 'S');
        assertTrue(made.get(0).kill());
        assertEquals("signal: killed", end(made.get(0)).toString());
    }
}
