// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** START: what cannot be started, what the error says, and what is left behind. */
@LookAt("ProcessBackend.start: a ProcessException that says what is to blame; no target, and nothing left behind")
abstract class StartErrorContract extends Contract {
    private static final int FAILURES = 60;

    private ProcessException refused(ProcessAttributes.Builder attributes, String program, String... more) {
        List<String> arguments = new ArrayList<>(List.of(program));
        arguments.addAll(List.of(more));
        return assertThrows(
                ProcessException.class,
                () -> kit().start(program, arguments, attributes.build()),
                () -> program + " was started");
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assumeTrue(file.toFile().setExecutable(true), "no file can be made executable here");
        return file;
    }

    private static long children() {
        return ProcessHandle.current().children().count();
    }

    // --- The program ---

    @Test
    @Rule({"START-25", "ERR-01", "ERR-16"})
    @LookAt("ProcessBackend.start: fails itself with the system's error; a child that exits with 127 is no answer")
    void start25_whatCannotBeExecutedFailsTheStart() throws Exception {
        Path folder = kit().folder();
        Path plain = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
        Set<ErrorKind> notThere = EnumSet.of(ErrorKind.NOT_FOUND);
        Set<ErrorKind> noProgram = EnumSet.of(ErrorKind.PERMISSION, ErrorKind.NOT_EXECUTABLE);
        Map<String, Set<ErrorKind>> programs = new LinkedHashMap<>();
        programs.put(folder.resolve("missing").toString(), notThere);
        programs.put(folder.resolve("no").resolve("where").toString(), notThere);
        programs.put(plain.toString(), noProgram);
        programs.put(folder.toString(), noProgram);
        programs.put(plain.resolve("below").toString(), notThere);
        programs.put(folder.resolve("x".repeat(5000)).toString(), EnumSet.of(ErrorKind.INVALID, ErrorKind.NOT_FOUND));
        long before = children();
        programs.forEach((program, kinds) -> {
            ProcessException failure = refused(Kit.quiet(), program);
            assertTrue(
                    kinds.contains(failure.kind()),
                    () -> "expected one of " + kinds + ", but it is " + failure.kind() + ": " + failure);
            assertEquals("fork/exec", failure.operation());
            assertEquals(program, failure.path().orElse("none"), "the file that is blamed");
        });
        assertEquals(before, children(), "children after starts that failed");
    }

    @Test
    @Rule("START-25")
    @Needs(sight = Sight.SIGNALS)
    @LookAt("ProcessBackend.start: links that lead nowhere or in a circle are not found")
    void start25_linksThatLeadNowhereAreNotFound() throws Exception {
        Path folder = kit().folder();
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("missing"));
        for (Path link : List.of(loop, dangling)) {
            ProcessException failure = refused(Kit.quiet(), link.toString());
            assertEquals(ErrorKind.NOT_FOUND, failure.kind(), () -> String.valueOf(failure));
        }
    }

    @Test
    @Rule("START-27")
    @LookAt("ProcessBackend.start: a file that the system takes for no program is NOT_EXECUTABLE; no shell is tried")
    void start27_aTextIsNotGivenToAShell() throws Exception {
        Path text = executable(kit().folder().resolve("text"), "exit 5\n");
        ProcessException failure = refused(Kit.quiet(), text.toString());
        assertEquals(ErrorKind.NOT_EXECUTABLE, failure.kind(), () -> String.valueOf(failure));
        assertEquals(text.toString(), failure.path().orElse("none"));
    }

    @Test
    @Rule({"START-28", "ERR-15"})
    @LookAt("ProcessBackend.start: what is too long is INVALID, with the sizes and without the texts")
    void start28_tooLongIsSaidWithItsSize() {
        ProcessException failure = refused(
                Kit.quiet().environment(StartEnvironmentContract.needed("SECRET=xyzzy")),
                ChildServer.program(),
                "hunter2".repeat(600_000));
        assertEquals(ErrorKind.INVALID, failure.kind(), () -> String.valueOf(failure.kind()));
        String text = failure.toString();
        assertFalse(text.contains("hunter2") || text.contains("xyzzy"), "the text itself may be a secret");
        assertTrue(text.matches("(?s).*\\b4[0-9]{6}\\b.*"), () -> "how much it was is not said: " + text);
    }

    @Test
    @Rule("START-29")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: ETXTBSY is tried again for about 100 ms, and then reported")
    void start29_aProgramThatIsBeingWrittenIsTriedAgainAndThenReported() throws Exception {
        Path busy = executable(kit().folder().resolve("busy"), "#!" + ChildServer.program() + " -version\n");
        try (FileChannel held = FileChannel.open(busy, StandardOpenOption.WRITE)) {
            assertTrue(held.isOpen());
            long before = System.nanoTime();
            ProcessException failure;
            try {
                OsProcess ran = kit().start(
                                busy.toString(),
                                List.of(busy.toString()),
                                Kit.quiet().build());
                Bounded.call("waitFor", ran::waitFor);
                assumeTrue(false, "this system runs a file that is open for writing");
                return;
            } catch (ProcessException expected) {
                failure = expected;
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            assertEquals("ETXTBSY", failure.nativeName().orElse("none"), () -> String.valueOf(failure));
            assertEquals(ErrorKind.NOT_EXECUTABLE, failure.kind());
            assertTrue(millis >= 80, () -> "given up after " + millis + " ms already");
            assertTrue(millis < Bounded.LONG.toMillis(), () -> "given up only after " + millis + " ms");
        }
    }

    // --- The directory ---

    @Test
    @Rule({"START-13", "ERR-02"})
    @LookAt("ProcessBackend.start: a directory that cannot be entered is blamed on 'chdir', with its name")
    void start13_theDirectoryIsBlamedAndNotTheProgram() throws Exception {
        Path folder = kit().folder();
        List<Path> unusable = List.of(
                folder.resolve("missing"), Files.createFile(folder.resolve("file")), folder.resolve("no/where"));
        for (Path directory : unusable) {
            ProcessException failure = refused(Kit.quiet().directory(directory), ChildServer.program());
            assertEquals("chdir", failure.operation(), () -> String.valueOf(failure));
            assertEquals(directory.toString(), failure.path().orElse("none"));
            assertEquals(ErrorKind.NOT_FOUND, failure.kind(), () -> String.valueOf(failure));
        }
        String program = Path.of(".", "missing").toString();
        ProcessException failure = refused(Kit.quiet().directory(folder), program);
        assertEquals("fork/exec", failure.operation(), "a good directory is not blamed for a missing program");
        assertEquals(program, failure.path().orElse("none"));
    }

    @Test
    @Rule("START-13")
    @Needs(sight = Sight.SIGNALS)
    void start13_aDanglingLinkAsDirectoryIsBlamed() throws Exception {
        Path folder = kit().folder();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        ProcessException failure = refused(Kit.quiet().directory(link), ChildServer.program());
        assertEquals("chdir", failure.operation(), () -> String.valueOf(failure));
        assertEquals(link.toString(), failure.path().orElse("none"));
    }

    // --- What is left behind ---

    @Test
    @Rule("START-26")
    @LookAt("ProcessBackend.start: on failure, every descriptor, thread and process of the start is gone")
    void start26_failedStartsLeaveNothing() throws Exception {
        Path folder = kit().folder();
        String missing = folder.resolve("missing").toString();
        ProcessAttributes.Builder pipes = ProcessAttributes.builder()
                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.writeTo(folder.resolve("log")));
        ProcessAttributes.Builder elsewhere = Kit.quiet().directory(folder.resolve("missing"));
        ProcessAttributes.Builder unopened = ProcessAttributes.builder()
                .files(
                        ChildFile.pipe(),
                        ChildFile.writeTo(folder.resolve("missing").resolve("file")),
                        ChildFile.inherit(2));
        refused(pipes, missing);
        refused(elsewhere, ChildServer.program());
        refused(unopened, ChildServer.program());
        int open = openDescriptors();
        long children = children();
        int threads = Thread.activeCount();
        for (int i = 0; i < FAILURES; i++) {
            refused(pipes, missing);
            refused(elsewhere, ChildServer.program());
            refused(unopened, ChildServer.program());
        }
        // The JVM opens and closes a few by itself.
        int more = openDescriptors() - open;
        assertTrue(more < FAILURES / 2, () -> more + " more descriptors after " + 3 * FAILURES + " failed starts");
        assertEquals(children, children(), "children and zombies");
        int moreThreads = Thread.activeCount() - threads;
        assertTrue(moreThreads < FAILURES / 2, () -> moreThreads + " more threads");
    }

    private int openDescriptors() throws Exception {
        return kit().subject().has(Sight.DESCRIPTORS) ? Situations.descriptors() : 0;
    }

    // --- What the backend does not know ---

    @Test
    @Rule({"START-52", "ERR-11"})
    @LookAt("ProcessBackend.start: UnsupportedFeatureException for system attributes of another backend")
    void start52_attributesOfAnotherSystemAreRefusedBeforeAnythingIsOpened() throws Exception {
        SystemAttributes alien = () -> "nowhere";
        Path made = kit().folder().resolve("made");
        long before = children();
        ProcessAttributes attributes = ProcessAttributes.builder()
                .files(ChildFile.nullDevice(), ChildFile.writeTo(made), ChildFile.inherit(2))
                .system(alien)
                .build();
        UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, () -> kit().start(
                        ChildServer.program(), List.of(ChildServer.program(), "-version"), attributes));
        String text = String.valueOf(refused.getMessage());
        assertTrue(text.contains("nowhere"), () -> "whose attributes they are: " + text);
        assertTrue(text.contains(kit().backend().name()), () -> "which backend refuses: " + text);
        assertEquals(kit().backend().name(), refused.backend());
        assertEquals(ErrorKind.UNSUPPORTED, refused.kind());
        assertFalse(refused.feature().isBlank(), "the feature that is refused");
        assertFalse(Files.exists(made), "files were opened before the refusal");
        assertEquals(before, children(), "children");
    }
}
