// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.real;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessMode;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.bsd.BsdAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting children for real. */
final class StartTest extends RealChildren {
    private static ProcessAttributes.Builder plain() {
        return ProcessAttributes.builder();
    }

    @Test
    void id01_thePidIsTheChildsOwn() throws Exception {
        OsProcess child = shell(plain(), "echo $$; read word");
        assertEquals(Long.toString(child.pid()), lineFrom(child));
        assertEquals(ProcessMode.PID, child.mode());
    }

    @Test
    void id03_theChildsParentIsThisProcess() throws Exception {
        assertEquals(OsProcess.currentPid() + "\n", outputOf(plain(), "echo $PPID"));
        assertEquals(ProcessHandle.current().pid(), OsProcess.currentPid());
        assertEquals(ProcessHandle.current().parent().orElseThrow().pid(), OsProcess.parentPid());
    }

    @Test
    void start02_start04_argumentsAreExact() throws Exception {
        String output = outputOf(plain(), "printf '[%s]' \"$@\"", "zero", "", "a b", "*", "'\"\\", "ä\n€");
        assertEquals("[][a b][*]['\"\\][ä\n€]", output);
    }

    @Test
    void start01_aBareNameIsNotSearchedInPath() {
        ProcessException missing = assertThrows(ProcessException.class, () -> start("sleep", "1"));
        assertEquals(ErrorKind.NOT_FOUND, missing.kind());
        assertTrue(missing.getMessage().contains("not in PATH"), missing.getMessage());
    }

    @Test
    void start07_start08_start09_theEnvironmentIsExact() throws Exception {
        OsProcess env = start(
                plain().environment(List.of("B=2", "A=1", "A=3", "odd"))
                        .files(ChildFile.nullDevice(), ChildFile.pipe())
                        .build(),
                "/usr/bin/env");
        try (ByteChannel pipe = env.pipe(1)) {
            assertEquals("B=2\nA=1\nA=3\nodd\n", new String(bytesFrom(pipe), StandardCharsets.UTF_8));
        }
        assertEquals(System.getenv("PATH") + "\n", outputOf(plain(), "echo $PATH"));
        String edited =
                outputOf(plain().inheritEnvironment(variables -> variables.put("OURS", "x y")), "echo \"$OURS\"");
        assertEquals("x y\n", edited);
        assertEquals("", outputOf(plain().environment(Map.of()), "echo -n $HOME$PATHX"));
    }

    @Test
    void start05_bytesAreHandedOverAsTheyAre() throws Exception {
        byte[] odd = {'a', (byte) 0xFF, 'b'};
        OsProcess child = owned(OsProcess.start(
                OsString.of("/bin/sh"),
                List.of(
                        OsString.of("sh"),
                        OsString.of("-c"),
                        OsString.of("printf %s \"$1\""),
                        OsString.of("x"),
                        OsString.ofBytes(odd)),
                plain().files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2))
                        .build()));
        try (ByteChannel pipe = child.pipe(1)) {
            assertArrayEquals(odd, bytesFrom(pipe));
        }
    }

    @Test
    void start11_theDirectoryIsTheChildsAlone(@TempDir Path folder) throws Exception {
        Path real = folder.toRealPath();
        assertEquals(real + "\n", outputOf(plain().directory(real), "pwd -P"));
        assertEquals(Path.of("").toRealPath() + "\n", outputOf(plain(), "pwd -P"));
    }

    @Test
    void start12_aRelativeNameIsResolvedInTheChildsDirectory(@TempDir Path folder) throws Exception {
        program(folder.resolve("prog"), "#!/bin/sh\nexit 9\n");
        assertEquals(9, end(start(plain().directory(folder).build(), "./prog")).exitCode());
    }

    @Test
    void start13_theDirectoryIsBlamedForItself(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path bad : List.of(folder.resolve("missing"), file)) {
            ProcessException failed = assertThrows(
                    ProcessException.class, () -> start(plain().directory(bad).build(), "/bin/true"));
            assertEquals("chdir", failed.operation());
            assertEquals(bad.toString(), failed.path().orElseThrow());
            assertEquals(ErrorKind.NOT_FOUND, failed.kind());
        }
    }

    @Test
    void start25_start27_whatCannotBeExecutedFailsTheStart(@TempDir Path folder) throws Exception {
        assertEquals(ErrorKind.NOT_FOUND, kindOfStart("/no/such/program"));
        assertEquals(ErrorKind.PERMISSION, kindOfStart(folder.toString()));
        Path noRight = Files.writeString(folder.resolve("no-right"), "#!/bin/sh\n");
        assertEquals(ErrorKind.PERMISSION, kindOfStart(noRight.toString()));
        Path noMagic = program(folder.resolve("no-magic"), "exit 5\n");
        assertEquals(ErrorKind.NOT_EXECUTABLE, kindOfStart(noMagic.toString()));
        Path noInterpreter = program(folder.resolve("no-interpreter"), "#!/no/such\n");
        ProcessException failed = assertThrows(ProcessException.class, () -> start(noInterpreter.toString()));
        assertTrue(failed.getMessage().contains("interpreter"), failed.getMessage());
    }

    @Test
    void start26_failedStartsLeaveNothing() throws Exception {
        assumeLinux("looks into /proc/self/fd");
        kindOfStart("/no/such/program");
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            assertThrows(
                    ProcessException.class,
                    () -> start(
                            plain().files(ChildFile.pipe(), ChildFile.pipe()).build(), "/no/such/program"));
        }
        assertEquals(before, descriptors());
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    private ErrorKind kindOfStart(String program) {
        return assertThrows(ProcessException.class, () -> start(program)).kind();
    }

    private static Path program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    @Test
    void start28_tooMuchIsAnErrorThatNamesTheSizes() {
        String large = "x".repeat(3_000_000);
        ProcessException failed = assertThrows(ProcessException.class, () -> start("/bin/true", large));
        assertEquals(ErrorKind.INVALID, failed.kind());
        assertTrue(
                failed.getMessage().contains("2 arguments of 3000011 bytes"),
                failed.getMessage().substring(0, 60));
    }

    @Test
    void start16_start18_shuffledDescriptorsComeOutRight(@TempDir Path folder) throws Exception {
        for (int i = 0; i < 3; i++) {
            Files.writeString(folder.resolve("in" + i), Integer.toString(i));
        }
        ChildFile[] files = new ChildFile[12];
        java.util.Arrays.fill(files, ChildFile.closed());
        files[0] = ChildFile.readFrom(folder.resolve("in2"));
        files[1] = ChildFile.pipe();
        files[2] = ChildFile.inherit(2);
        files[5] = ChildFile.readFrom(folder.resolve("in0"));
        files[7] = ChildFile.readFrom(folder.resolve("in1"));
        OsProcess child = start(plain().files(files).build(), "/bin/sh", "-c", "cat; cat <&5; cat <&7");
        try (ByteChannel pipe = child.pipe(1)) {
            assertEquals("201", new String(bytesFrom(pipe), StandardCharsets.UTF_8));
        }
    }

    @Test
    void start16_standardStreamsCanChangePlaces() throws Exception {
        OsProcess child = start(
                plain().files(ChildFile.nullDevice(), ChildFile.inherit(2), ChildFile.pipeFromChild())
                        .build(),
                "/bin/sh",
                "-c",
                "echo to-stderr >&2");
        try (ByteChannel pipe = child.pipe(2)) {
            assertEquals("to-stderr\n", new String(bytesFrom(pipe), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 13})
    void start17_start19_everythingUnlistedIsClosed(int size, @TempDir Path folder) throws Exception {
        assumeLinux("the child looks into /proc/self/fd");
        Path list = folder.resolve("list");
        ChildFile[] files = new ChildFile[size];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < size; i++) {
            boolean odd = i % 2 == 1;
            files[i] = odd ? ChildFile.closed() : ChildFile.nullDevice();
            expected.append(odd ? "" : " " + i);
        }
        // the loop opens nothing itself, and the list is made before its file is opened
        String script = "r=; n=0; while [ $n -lt 300 ]; do [ -e /proc/$$/fd/$n ] && r=\"$r $n\"; n=$((n+1)); done;"
                + " echo \"$r\" > " + list;
        end(start(plain().files(files).build(), "/bin/sh", "-c", script));
        assertEquals(expected + "\n", Files.readString(list));
    }

    @Test
    void start19_aDescriptorThatThisProcessInheritsToEverybodyStaysHere() throws Exception {
        assumeLinux("the child looks into /proc/self/fd");
        String seen = outputOf(plain(), "ls /proc/self/fd | sort -n | tr '\\n' ' '");
        // 3 is what ls itself opened to list the folder
        assertEquals("0 1 2 3 ", seen);
    }

    @Test
    void start20_pipesOfOneChildDoNotReachAnother() throws Exception {
        OsProcess first = shell(plain(), "read word");
        OsProcess second = sleeper();
        first.pipe(0).close();
        assertEquals(1, end(first).exitCode(), "the end of its input was not seen: " + second + " holds the pipe");
    }

    @Test
    void start21_theChildsSignalsBeginClean() throws Exception {
        assumeLinux("looks into /proc/PID/status");
        OsProcess child = sleeper();
        assertEquals(0, signals(child.pid(), "SigBlk"));
        // above 31, glibc's posix_spawn itself has signals of its own ignored
        long ignored = signals(child.pid(), "SigIgn") & 0x7FFF_FFFFL;
        assertEquals(0, ignored & ~signals(OsProcess.currentPid(), "SigIgn"), "ignored there and not here");
        assertEquals(0, ignored & (1L << (17 - 1) | 1L << (13 - 1)), "CHLD or PIPE is ignored");
    }

    private static long signals(long pid, String field) throws IOException {
        String status = Files.readString(Path.of("/proc/" + pid + "/status"));
        return Long.parseUnsignedLong(status.replaceFirst("(?s).*" + field + ":\\s*([0-9a-f]+).*", "$1"), 16);
    }

    @Test
    void start24_aPipeIsReadAndWrittenByThisSide() throws Exception {
        OsProcess cat = start(
                plain().files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                        .build(),
                "/bin/cat");
        byte[] much = new byte[300_000];
        new java.util.Random(1).nextBytes(much);
        CompletableFuture<byte[]> back = CompletableFuture.supplyAsync(() -> {
            try {
                return bytesFrom(cat.pipe(1));
            } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        });
        try (ByteChannel in = cat.pipe(0)) {
            ByteBuffer all = ByteBuffer.wrap(much);
            assertEquals(much.length, in.write(all));
            assertThrows(NonReadableChannelException.class, () -> in.read(ByteBuffer.allocate(1)));
        }
        assertArrayEquals(much, back.get(30, TimeUnit.SECONDS));
        assertThrows(NonWritableChannelException.class, () -> cat.pipe(1).write(ByteBuffer.allocate(1)));
        cat.pipe(1).close();
        assertFalse(cat.pipe(1).isOpen());
        assertThrows(ClosedChannelException.class, () -> cat.pipe(1).read(ByteBuffer.allocate(1)));
    }

    @Test
    void start24_closingAPipeEndsAReadThatWaits() throws Exception {
        OsProcess child = shell(plain(), "exec sleep 1000");
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return child.pipe(1).read(ByteBuffer.allocate(1));
            } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        });
        assertThrows(java.util.concurrent.TimeoutException.class, () -> reading.get(150, TimeUnit.MILLISECONDS));
        child.pipe(1).close();
        ExecutionException failed = assertThrows(ExecutionException.class, () -> reading.get(30, TimeUnit.SECONDS));
        assertEquals(
                AsynchronousCloseException.class, failed.getCause().getCause().getClass());
    }

    @Test
    void start24_writingToAChildThatIsGoneIsAnError() throws Exception {
        OsProcess child = shell(plain(), "exit 0");
        end(child);
        IOException broken = assertThrows(IOException.class, () -> child.pipe(0).write(ByteBuffer.allocate(10)));
        assertTrue(broken.getMessage().contains("EPIPE"), broken.getMessage());
    }

    @Test
    void start31_start32_sessionsAndGroups() throws Exception {
        assumeLinux("looks into /proc/PID/stat; a session can be made by posix_spawn here and on macOS alone");
        OsProcess leader =
                shell(plain().system(BsdAttributes.builder().newSession().build()), "read word");
        assertEquals(Long.toString(leader.pid()), stat(leader.pid(), 6));
        OsProcess group =
                shell(plain().system(BsdAttributes.builder().newProcessGroup().build()), "read word");
        assertEquals(Long.toString(group.pid()), stat(group.pid(), 5));
        OsProcess member = shell(
                plain().system(BsdAttributes.builder()
                        .joinProcessGroup((int) group.pid())
                        .build()),
                "read word");
        assertEquals(Long.toString(group.pid()), stat(member.pid(), 5));
        assertThrows(
                IllegalStateException.class,
                () -> BsdAttributes.builder().newSession().joinProcessGroup(5).build());
        assertThrows(
                IllegalArgumentException.class, () -> BsdAttributes.builder().joinProcessGroup(0));
    }

    /** Attributes of a system that is not this one. */
    private static final class OtherAttributes implements SystemAttributes {
        @Override
        public String backend() {
            return "other";
        }
    }

    @Test
    void start52_attributesOfAnotherSystemAreRefused() {
        UnsupportedFeatureException refused = assertThrows(
                UnsupportedFeatureException.class,
                () -> start(plain().system(new OtherAttributes()).build(), "/bin/true"));
        assertTrue(refused.getMessage().contains("give it BsdAttributes"), refused.getMessage());
    }

    @Test
    void start29_aBusyProgramIsAnErrorAfterTheBound(@TempDir Path folder) throws Exception {
        assumeLinux("other systems let a program be written while it runs");
        Path program = program(folder.resolve("busy"), "#!/bin/sh\n");
        Files.copy(Path.of("/bin/sleep"), program, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var held = Files.newByteChannel(program, java.nio.file.StandardOpenOption.WRITE)) {
            ProcessException busy = assertThrows(ProcessException.class, () -> start(program.toString(), "0"));
            assertEquals("ETXTBSY", busy.nativeName().orElseThrow());
            assertTrue(held.isOpen());
        }
        assertEquals(0, end(start(program.toString(), "0")).exitCode());
    }
}
