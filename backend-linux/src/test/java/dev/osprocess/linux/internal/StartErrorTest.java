// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel says when a program cannot be started, and what stays behind. */
final class StartErrorTest extends KernelTest {
    private static final int FAILURES = 200;

    @TempDir
    private Path directory;

    private ProcessException refused(ProcessAttributes.Builder attributes, String program, String... arguments) {
        return assertThrows(ProcessException.class, () -> start(attributes.build(), program, arguments));
    }

    private ProcessException refused(String program) {
        return refused(quiet(), program);
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private static void assertBlames(
            ProcessException failure, ErrorKind kind, String name, String operation, Object path) {
        assertEquals(kind, failure.kind(), failure.getMessage());
        assertEquals(name, failure.nativeName().orElseThrow());
        assertEquals(operation, failure.operation());
        assertEquals(path.toString(), failure.path().orElseThrow());
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        assertInstanceOf(ErrnoException.class, last, "ERR-13");
    }

    // ---- the program
    // -------------------------------------------------------------------------------------------------

    @Test
    void start25_aMissingProgramIsNotFound() {
        Path missing = directory.resolve("missing");
        ProcessException failure = refused(missing.toString());
        assertBlames(failure, ErrorKind.NOT_FOUND, "ENOENT", "fork/exec", missing);
        assertEquals("fork/exec " + missing + ": ENOENT (2) no such file or directory", failure.getMessage(), "ERR-02");
    }

    @Test
    void start25_aFileWithoutExecutePermissionIsRefused() throws IOException {
        Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
        assertBlames(refused(plain.toString()), ErrorKind.PERMISSION, "EACCES", "fork/exec", plain);
    }

    @Test
    void start25_aDirectoryIsNoProgram() {
        assertBlames(refused(directory.toString()), ErrorKind.PERMISSION, "EACCES", "fork/exec", directory);
    }

    @Test
    void start27_aTextWithoutFirstLineIsNotGivenToAShell() throws IOException {
        Path text = script("text", "exit 5\n");
        ProcessException failure = refused(text.toString());
        assertBlames(failure, ErrorKind.NOT_EXECUTABLE, "ENOEXEC", "fork/exec", text);
        assertTrue(Scripts.message(failure).contains("#!"), failure.getMessage());
    }

    @Test
    void start25_aLoopOfLinksIsNotFound() throws IOException {
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop"));
        assertBlames(refused(loop.toString()), ErrorKind.NOT_FOUND, "ELOOP", "fork/exec", loop);
    }

    @Test
    void start25_aFileInPlaceOfADirectoryIsNotFound() throws IOException {
        Path below = script("file", "#!/bin/sh\n").resolve("program");
        assertBlames(refused(below.toString()), ErrorKind.NOT_FOUND, "ENOTDIR", "fork/exec", below);
    }

    @Test
    void err09_aMissingInterpreterIsSaid() throws IOException {
        Path orphan = script("orphan", "#!/no/such/interpreter\n");
        ProcessException failure = refused(orphan.toString());
        assertBlames(failure, ErrorKind.NOT_FOUND, "ENOENT", "fork/exec", orphan);
        assertTrue(Scripts.message(failure).contains("interpreter"), failure.getMessage());
    }

    @Test
    void start28_tooLongIsSaidWithSizesAndWithoutTheText() {
        assumeFalse(
                Surroundings.isGvisor(),
                "needs a kernel that answers E2BIG to an argument that is too long; gVisor's ENAMETOOLONG is a name's");
        ProcessException failure =
                refused(quiet().environment(List.of("SECRET=xyzzy")), "/bin/true", "hunter2".repeat(600_000));
        assertBlames(failure, ErrorKind.INVALID, "E2BIG", "fork/exec", "/bin/true");
        assertTrue(Scripts.message(failure).contains("2 arguments of 4200011 bytes"), failure.getMessage());
        assertFalse(failure.toString().contains("hunter2") || failure.toString().contains("xyzzy"), "ERR-15");
    }

    @Test
    void start25_aNameThatIsTooLongIsInvalid() {
        String name = "/tmp/" + "x".repeat(5000);
        assertBlames(refused(name), ErrorKind.INVALID, "ENAMETOOLONG", "fork/exec", name);
    }

    @Test
    void start15_anEmptyNameIsNotFound() {
        ProcessException failure = refused("");
        assertEquals(ErrorKind.NOT_FOUND, failure.kind());
        assertEquals("fork/exec", failure.operation());
    }

    // ---- the directory
    // -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void start13_missingDirectoryIsBlamed(boolean session) {
        Path missing = directory.resolve("missing");
        assertBlames(refused(at(missing, session), "/bin/true"), ErrorKind.NOT_FOUND, "ENOENT", "chdir", missing);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void start13_aFileAsDirectoryIsBlamed(boolean session) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertBlames(refused(at(file, session), "/bin/true"), ErrorKind.NOT_FOUND, "ENOTDIR", "chdir", file);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void start13_aDanglingLinkAsDirectoryIsBlamed(boolean session) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
        assertBlames(refused(at(link, session), "/bin/true"), ErrorKind.NOT_FOUND, "ENOENT", "chdir", link);
    }

    @Test
    void start13_aGoodDirectoryIsNotBlamedForAMissingProgram() {
        ProcessException failure = refused(at(directory, false), "./missing");
        assertBlames(failure, ErrorKind.NOT_FOUND, "ENOENT", "fork/exec", "./missing");
    }

    private static ProcessAttributes.Builder at(Path directory, boolean session) {
        ProcessAttributes.Builder attributes = quiet().directory(directory);
        return session
                ? attributes.system(LinuxAttributes.builder().newSession().build())
                : attributes;
    }

    // ---- files
    // -------------------------------------------------------------------------------------------------------

    @Test
    void aFileThatCannotBeOpenedIsNamedBeforeAnythingStarts() {
        Path missing = directory.resolve("missing");
        ProcessException failure = refused(ProcessAttributes.builder().files(ChildFile.readFrom(missing)), "/bin/true");
        assertBlames(failure, ErrorKind.NOT_FOUND, "ENOENT", "open", missing);
    }

    @Test
    void aDescriptorThatIsNotOpenIsNamedWithItsPlace() {
        ProcessException failure = refused(
                ProcessAttributes.builder().files(ChildFile.nullDevice(), ChildFile.descriptor(1_000_000)),
                "/bin/true");
        assertBlames(failure, ErrorKind.INVALID, "EBADF", "files[1]", "descriptor 1000000");
    }

    // ---- what stays behind
    // -------------------------------------------------------------------------------------------

    @Test
    void start26_failedStartsLeaveNoDescriptorThreadOrZombie() throws Exception {
        String missing = directory.resolve("missing").toString();
        ProcessAttributes pipes = ProcessAttributes.builder()
                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.writeTo(directory.resolve("log")))
                .build();
        assertThrows(ProcessException.class, () -> start(pipes, missing));
        int descriptors = ownDescriptors();
        int threads = Thread.activeCount();
        for (int i = 0; i < FAILURES; i++) {
            assertThrows(ProcessException.class, () -> start(pipes, missing));
            refused(at(directory.resolve("missing"), false), "/bin/true");
        }
        assertEquals(descriptors, ownDescriptors());
        assertEquals(threads, Thread.activeCount());
        assertEquals(List.of(), zombies());
    }

    // ---- busy programs
    // -----------------------------------------------------------------------------------------------

    @Test
    void start29_aProgramHeldOpenForWritingIsBusyAfterABoundedTime() throws IOException {
        assumeFalse(
                Surroundings.isGvisor(),
                "needs a kernel that refuses programs that are open for writing (ETXTBSY); gVisor starts them");
        Path busy = script("busy", "#!/bin/sh\nexit 0\n");
        try (FileChannel held = FileChannel.open(busy, StandardOpenOption.WRITE)) {
            assertTrue(held.isOpen());
            long before = System.nanoTime();
            ProcessException failure = refused(busy.toString());
            long millis = (System.nanoTime() - before) / 1_000_000;
            assertBlames(failure, ErrorKind.NOT_EXECUTABLE, "ETXTBSY", "fork/exec", busy);
            assertTrue(millis >= 90 && millis < 10_000, millis + " ms");
        }
    }

    @Test
    void start29_aProgramThatWasJustWrittenCanBeStartedWhileOthersStart() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        Thread others = new Thread(() -> {
            while (!enough.get()) {
                try {
                    new ProcessBuilder("/bin/true").start().waitFor();
                } catch (IOException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                } finally {
                    running.countDown();
                }
            }
        });
        others.start();
        try {
            running.await();
            for (int i = 0; i < 50; i++) {
                Path fresh = script("fresh" + i, "#!/bin/sh\nexit 8\n");
                assertEquals(8, end(start(quiet().build(), fresh.toString())).exitCode());
            }
        } finally {
            enough.set(true);
            others.join();
        }
    }
}
