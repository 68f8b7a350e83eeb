// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessMode;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children of the JDK fallback as they are born: for real. */
final class ChildTest extends RealProcesses {
    @TempDir
    Path folder;

    private Path script(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    @Test
    void id01_thePidIsTheChildsOwnAndItsParentIsUs() throws Exception {
        OsProcess child = start(piped().build(), SH, "-c", "echo $$ $PPID");
        assertEquals(child.pid() + " " + OsProcess.currentPid() + "\n", output(child));
        assertEquals(ProcessMode.PID, child.mode());
        ended(child);
        assertEquals(ProcessHandle.current().parent().orElseThrow().pid(), OsProcess.parentPid());
    }

    @Test
    void start04_argumentsArriveExactly() throws Exception {
        String[] arguments = {
            "-c",
            "for a; do printf '<%s>' \"$a\"; done",
            "sh",
            "",
            " ",
            "a b",
            "\"",
            "'",
            "\\",
            "\n",
            "*",
            "$HOME",
            "-x",
            "é😀"
        };
        String[] command = new String[arguments.length + 1];
        command[0] = SH;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertEquals("<>< ><a b><\"><'><\\><\n><*><$HOME><-x><é😀>", printed(piped(), command));
    }

    @Test
    void start07_start08_theEnvironmentIsInheritedEditedOrExact() throws Exception {
        assertEquals(System.getenv("PATH") + "\n", printed(piped(), SH, "-c", "echo \"$PATH\""));
        assertEquals("", printed(piped().environment(Map.of()), "/usr/bin/env"));
        assertEquals(
                "B=\nK=v=w\n",
                printed(piped().environment(new TreeMap<>(Map.of("K", "v=w", "B", ""))), "/usr/bin/env"));
        String edited = printed(
                piped().inheritEnvironment(variables -> {
                    variables.remove("PATH");
                    variables.put("OSPROCESS_NEW", "1");
                }),
                "/usr/bin/env");
        assertTrue(("\n" + edited).contains("\nOSPROCESS_NEW=1\n"), edited);
        assertFalse(("\n" + edited).contains("\nPATH="), edited);
    }

    @Test
    void start11_start12_theDirectoryIsTheChildsAndARelativeProgramIsTakenFromThere() throws Exception {
        script("tool", "#!/bin/sh\npwd -P; echo \"$0\"\n");
        assertEquals(folder.toRealPath() + "\n./tool\n", printed(piped().directory(folder), "./tool"));
    }

    @Test
    void start16_filesAreReadWrittenAppendedInheritedAndNull() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from file");
        Path out = Files.writeString(folder.resolve("out"), "old and long enough");
        Path log = Files.writeString(folder.resolve("log"), "old,");
        OsProcess child = start(
                ProcessAttributes.builder()
                        .files(ChildFile.readFrom(in), ChildFile.writeTo(out), ChildFile.appendTo(log))
                        .build(),
                SH,
                "-c",
                "cat; echo new >&2");
        assertTrue(ended(child).success());
        assertEquals("from file", Files.readString(out));
        assertEquals("old,new\n", Files.readString(log));
        OsProcess nulls = start(
                ProcessAttributes.builder()
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.nullDevice())
                        .build(),
                SH,
                "-c",
                "cat; echo lost; exit 5");
        assertEquals(5, ended(nulls).exitCode());
        OsProcess inherits = start(
                ProcessAttributes.builder()
                        .files(ChildFile.inherit(0), ChildFile.inherit(1), ChildFile.inherit(2))
                        .build(),
                SH,
                "-c",
                "[ \"$(readlink /proc/$$/fd/1)\" = \"$(readlink /proc/$PPID/fd/1)\" ]");
        assertTrue(ended(inherits).success());
    }

    @Test
    void start19_nothingBeyondTheThreeStreamsIsInherited() throws Exception {
        try (var open = new java.io.FileInputStream("/dev/null")) {
            assertTrue(open.getFD().valid());
            assertEquals("0\n1\n2\n", printed(piped(), SH, "-c", "ls /proc/$$/fd; exit 0"));
        }
    }

    @Test
    void start16_pipesCarryBytesBothWaysAndKillDoesNotCloseThem() throws Exception {
        OsProcess cat = start(
                ProcessAttributes.builder()
                        .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.pipeFromChild())
                        .build(),
                SH,
                "-c",
                "echo ready >&2; exec cat");
        ByteBuffer buffer = ByteBuffer.allocate(100);
        cat.pipe(2).read(buffer);
        assertEquals("ready\n", StandardCharsets.UTF_8.decode(buffer.flip()).toString());
        ByteBuffer said = ByteBuffer.wrap(new byte[] {0, 1, -1});
        assertEquals(3, cat.pipe(0).write(said));
        assertEquals(0, said.remaining());
        buffer.clear();
        assertEquals(3, cat.pipe(1).read(buffer), "what is written is not kept back");
        assertEquals(-1, buffer.get(2));
        assertThrows(NonReadableChannelException.class, () -> cat.pipe(0).read(ByteBuffer.allocate(1)));
        assertThrows(NonWritableChannelException.class, () -> cat.pipe(1).write(ByteBuffer.allocate(1)));
        cat.pipe(0).close();
        assertEquals(0, ended(cat).exitCode());
        assertFalse(cat.pipe(0).isOpen());
        assertThrows(ClosedChannelException.class, () -> cat.pipe(0).write(ByteBuffer.allocate(1)));
        OsProcess slow = start(piped().build(), SH, "-c", "echo early; exec sleep 300");
        buffer.clear();
        slow.pipe(1).read(buffer);
        assertTrue(slow.kill());
        ended(slow);
        assertTrue(slow.pipe(1).isOpen());
        assertEquals(-1, slow.pipe(1).read(ByteBuffer.allocate(1)));
    }

    @Test
    void start51_aPendingInterruptNeitherHindersAStartNorIsLost() throws Exception {
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread starter = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                OsProcess child = OsProcess.start(SH, List.of(SH, "-c", "exit 6"));
                boolean kept = Thread.interrupted();
                seen.set(kept + " " + child.waitFor());
            } catch (Exception failed) {
                seen.set(failed);
            }
        });
        starter.start();
        starter.join(LONG.toMillis());
        assertEquals("true exit status 6", String.valueOf(seen.get()));
    }

    // ---- errors

    private ProcessException failure(ProcessAttributes attributes, String program) {
        return assertThrows(ProcessException.class, () -> start(attributes, program), "nothing must start");
    }

    private static ProcessAttributes none() {
        return ProcessAttributes.defaults();
    }

    @Test
    void start13_aBadDirectoryIsBlamedAndNotTheProgram() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
        for (Path bad : List.of(folder.resolve("missing"), file, dangling, file.resolve("below"))) {
            ProcessException failed =
                    failure(ProcessAttributes.builder().directory(bad).build(), "/bin/true");
            assertEquals(ErrorKind.NOT_FOUND, failed.kind(), failed.getMessage());
            assertEquals("chdir", failed.operation());
            assertEquals(bad.toString(), failed.path().orElseThrow());
        }
    }

    @Test
    void start01_start15_start27_whatIsNoProgramIsSaidAndNeverGivenToAShell() throws Exception {
        ProcessException missing = failure(none(), "/no/such");
        assertEquals(ErrorKind.NOT_FOUND, missing.kind());
        assertEquals("fork/exec", missing.operation());
        assertEquals(ErrorKind.NOT_FOUND, failure(none(), "true").kind(), "PATH is not searched");
        assertEquals(ErrorKind.NOT_FOUND, failure(none(), "").kind());
        assertEquals(ErrorKind.PERMISSION, failure(none(), folder.toString()).kind());
        Path plain = Files.writeString(folder.resolve("plain"), "exit 5");
        assertEquals(ErrorKind.PERMISSION, failure(none(), plain.toString()).kind());
        for (String text : List.of("exit 5\n", "", "#", "MZ\0\0")) {
            Path script = script("script", text);
            ProcessException refused = failure(none(), script.toString());
            assertEquals(ErrorKind.NOT_EXECUTABLE, refused.kind(), text);
        }
        assertEquals(
                7,
                ended(start(none(), script("good", "#!/bin/sh\nexit 7\n").toString()))
                        .exitCode());
    }

    @Test
    void err09_aMissingInterpreterIsToldFromAMissingProgram() throws Exception {
        Path script = script("script", "#!/no/interpreter -x\n");
        ProcessException failed = failure(none(), script.toString());
        assertEquals(ErrorKind.NOT_FOUND, failed.kind());
        assertTrue(failed.detail().orElseThrow().contains("interpreter"), failed.getMessage());
    }

    @Test
    void start25_aFileThatCannotBeOpenedIsNamed() throws Exception {
        Path missing = folder.resolve("missing");
        ProcessException failed = failure(
                ProcessAttributes.builder()
                        .files(ChildFile.readFrom(missing), ChildFile.nullDevice(), ChildFile.nullDevice())
                        .build(),
                "/bin/true");
        assertEquals("open", failed.operation());
        assertEquals(ErrorKind.NOT_FOUND, failed.kind());
        assertEquals(missing.toString(), failed.path().orElseThrow());
        ProcessException directory = failure(
                ProcessAttributes.builder()
                        .files(ChildFile.nullDevice(), ChildFile.writeTo(folder), ChildFile.nullDevice())
                        .build(),
                "/bin/true");
        assertEquals("open", directory.operation());
        assertEquals(ErrorKind.INVALID, directory.kind());
    }

    @Test
    void err14_tooLongArgumentsAreAProcessExceptionWithTheJdksAsItsCause() throws Exception {
        ProcessException failed =
                assertThrows(ProcessException.class, () -> start(none(), "/bin/true", "x".repeat(3_000_000)));
        assertEquals(ErrorKind.SYSTEM, failed.kind());
        assertTrue(failed.getCause() instanceof java.io.IOException);
        assertFalse(String.valueOf(failed.getMessage()).contains("xxx"), "ERR-15");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void start06_nulIsRefused(int place) {
        ProcessAttributes attributes = place == 2
                ? ProcessAttributes.builder()
                        .directory(dev.osprocess.OsString.of("/\0"))
                        .build()
                : place == 3
                        ? ProcessAttributes.builder()
                                .environment(List.of("A=\0"))
                                .build()
                        : none();
        ProcessException failed = assertThrows(
                ProcessException.class,
                () -> start(attributes, place == 0 ? "/bin/\0" : "/bin/true", place == 1 ? "\0" : "x"));
        assertEquals(ErrorKind.INVALID, failed.kind());
    }
}
