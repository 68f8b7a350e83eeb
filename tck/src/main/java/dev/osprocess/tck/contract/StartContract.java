// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.child.WindowsSight;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.io.File;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** START: which program runs, with which arguments, in which directory, and on whose thread. */
@LookAt("ProcessBackend.start: program, arguments and directory of the request as they are, on the calling thread")
abstract class StartContract extends Contract {
    private static final List<String> ODD = List.of(
            "",
            " ",
            "a b",
            "\"",
            "'",
            "\\",
            "\\\"",
            "a\\\\\"b c\\",
            "line\nfeed",
            "\t",
            "*",
            "%PATH%",
            "--",
            "-e",
            "$HOME",
            "`x`",
            "a&b|c;d>e",
            "",
            "x".repeat(20_000));

    private Kit.Child child(String program, ProcessAttributes.Builder attributes, String... last)
            throws ProcessException {
        ChildServer.Expected expected = kit().expect();
        List<String> arguments = new ArrayList<>(expected.arguments(last));
        arguments.set(0, program);
        OsProcess process = kit().start(program, arguments, attributes.build());
        return new Kit.Child(process, kit().lineOf(expected));
    }

    private static List<byte[]> raw(Kit.Child child, String verb) {
        return child.line().ask(verb, new byte[0][]);
    }

    // --- The program ---

    @Test
    @Rule("START-01")
    @LookAt("ProcessBackend.start: the program's name as it is; neither this JVM's PATH nor the child's is searched")
    void start01_pathIsNotSearched() throws Exception {
        Path java = Path.of(ChildServer.program());
        ProcessAttributes inTheChildsPath = Kit.quiet()
                .directory(kit().folder())
                .inheritEnvironment(variables -> {
                    variables.keySet().removeIf("PATH"::equalsIgnoreCase);
                    variables.put("PATH", folderOf(java).toString());
                })
                .build();
        String bare = java.getFileName().toString();
        assertEquals(
                ErrorKind.NOT_FOUND,
                Kit.kindOf(() -> kit().start(bare, List.of(bare, "-version"), inTheChildsPath)),
                "a program of the child's PATH");
        ProcessAttributes elsewhere = Kit.quiet().directory(kit().folder()).build();
        for (String name : List.of(bare, "true", "hostname", "hostname.exe")) {
            if (isInOurPath(name)) {
                assertEquals(
                        ErrorKind.NOT_FOUND,
                        Kit.kindOf(() -> kit().start(name, List.of(name), elsewhere)),
                        () -> name + ", a program of this JVM's PATH");
            }
        }
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    private static boolean isInOurPath(String name) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> new File(folder, name).isFile());
    }

    @Test
    @Rule({"START-01", "START-12"})
    @LookAt("ProcessBackend.start: a relative name of the program is looked up in the child's directory")
    void start12_aRelativeProgramIsLookedUpInTheChildsDirectory() throws Exception {
        Path java = Path.of(ChildServer.program());
        String bare = java.getFileName().toString();
        String dotted = Path.of(".", bare).toString();
        for (String name : List.of(bare, dotted)) {
            Kit.Child child = child(name, Kit.quiet().directory(folderOf(java)));
            assertEquals(List.of(), child.ask("arguments"), () -> name + " runs");
        }
        assertEquals(
                ErrorKind.NOT_FOUND,
                Kit.kindOf(() -> child(dotted, Kit.quiet().directory(kit().folder()))),
                "a directory in which it is not");
    }

    @Test
    @Rule("START-15")
    void start15_anEmptyProgramIsNotFound() {
        assertEquals(ErrorKind.NOT_FOUND, Kit.kindOf(() -> kit().start(
                        "", List.of(""), Kit.quiet().build())));
    }

    // --- Arguments ---

    @Test
    @Rule("START-02")
    @Needs(value = Capability.ARGV0, sight = Sight.HANDLES)
    @LookAt("ProcessBackend.start: argv[0] is the request's first argument, not the program")
    void start02_theFirstArgumentIsFree() throws Exception {
        ChildServer.Expected expected = kit().expect();
        List<String> arguments = new ArrayList<>(expected.arguments());
        arguments.set(0, "banana");
        OsProcess process =
                kit().start(expected.program(), arguments, Kit.quiet().build());
        Kit.Child child = new Kit.Child(process, kit().lineOf(expected));
        if (WindowsSight.isThere()) {
            String line = child.askOne("command-line");
            assertTrue(line.startsWith("banana ") || line.startsWith("\"banana\" "), () -> "the child's line: " + line);
            assertEquals(expected.program(), programOf(child.pid()), "the program itself");
            return;
        }
        assertEquals("banana", new String(raw(child, "raw-arguments").get(0), StandardCharsets.UTF_8));
        assertEquals(
                Path.of(expected.program()).toRealPath(),
                Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/exe")),
                "the program itself");
    }

    @Test
    @Rule("START-03")
    void start03_withoutArgumentsTheProgramRuns() throws Exception {
        OsProcess bare = kit().start(ChildServer.program(), List.of(), silent().build());
        ProcessState state = Bounded.call("waitFor", bare::waitFor);
        assertNotEquals(ExitCause.SIGNALED, state.cause(), () -> "java without arguments says how to use it: " + state);
    }

    @Test
    @Rule("START-03")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: argv[0] of the request, which the engine made the program's name")
    void start03_withoutArgumentsTheProgramGetsItsOwnName() throws Exception {
        // HotSpot waits at its begin until this file is gone, so that its arguments can be looked at.
        Path pause = kit().folder().resolve("paused");
        OsProcess bare = kit().start(
                        ChildServer.program(),
                        List.of(),
                        silent().inheritEnvironment(variables -> variables.put(
                                        "JAVA_TOOL_OPTIONS",
                                        "-XX:+UnlockDiagnosticVMOptions -XX:+PauseAtStartup -XX:PauseAtStartupFile="
                                                + pause))
                                .build());
        Bounded.await(
                "java to pause or to end",
                () -> Files.exists(pause)
                        || bare.waitFor(java.time.Duration.ZERO).isPresent());
        assumeTrue(Files.exists(pause), "this JVM cannot be made to pause at its begin");
        byte[] shown = ProcSight.bytes(bare.pid(), "cmdline");
        Files.delete(pause);
        Bounded.call("waitFor", bare::waitFor);
        assertEquals(ChildServer.program() + "\0", new String(shown, StandardCharsets.UTF_8));
    }

    private static ProcessAttributes.Builder silent() {
        return ProcessAttributes.builder()
                .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.nullDevice());
    }

    @Test
    @Rule("START-04")
    @LookAt("ProcessBackend.start: every argument as it is; no shell in between, and quoted where the system needs it")
    void start04_everyArgumentArrives() throws Exception {
        // In an empty folder, so that a launcher that expands * finds nothing.
        Kit.Child child =
                child(ChildServer.program(), Kit.quiet().directory(kit().folder()), ODD.toArray(new String[0]));
        assertEquals(ODD, child.ask("arguments"));
        assertEquals(
                List.of(),
                child(ChildServer.program(), Kit.quiet()).ask("arguments"),
                "none is added where none is given");
    }

    @Test
    @Rule({"START-04", "START-05"})
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: text is encoded as names of files are, or in UTF-8")
    void start04_textArrivesEncodedAndInFullLength() throws Exception {
        List<String> texts = List.of("é€😀", "\u0001\u007f", "", "x".repeat(100_000), "last");
        ChildServer.Expected expected = kit().expect();
        OsProcess process = kit().start(
                        expected.program(),
                        expected.arguments(texts.toArray(new String[0])),
                        Kit.quiet().build());
        List<byte[]> shown = raw(new Kit.Child(process, kit().lineOf(expected)), "raw-arguments");
        List<byte[]> tail = shown.subList(shown.size() - texts.size(), shown.size());
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        for (int i = 0; i < texts.size(); i++) {
            byte[] utf8 = texts.get(i).getBytes(StandardCharsets.UTF_8);
            byte[] asNames = texts.get(i).getBytes(names);
            byte[] argument = tail.get(i);
            boolean exact = new String(asNames, names).equals(texts.get(i)) && Arrays.equals(asNames, argument);
            assertTrue(
                    exact || Arrays.equals(utf8, argument),
                    "argument " + i + " arrived as " + new String(argument, StandardCharsets.UTF_8));
        }
    }

    @Test
    @Rule("START-05")
    @Needs(value = Capability.RAW_BYTES, sight = Sight.PROC)
    @LookAt("ProcessBackend.start: OsString.bytes goes to the system as it is")
    void start05_rawBytesArriveInArgumentsAndEnvironment() throws Exception {
        byte[] all = new byte[255];
        byte[] entry = new byte[all.length + 2];
        entry[0] = 'X';
        entry[1] = '=';
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i + 1);
            entry[i + 2] = all[i];
        }
        ChildServer.Expected expected = kit().expect();
        List<OsString> arguments = osStrings(expected.arguments());
        arguments.add(OsString.ofBytes(all));
        OsProcess process = kit().start(
                        OsString.of(expected.program()),
                        arguments,
                        Kit.quiet()
                                .environmentRaw(List.of(OsString.ofBytes(entry)))
                                .build());
        Kit.Child child = new Kit.Child(process, kit().lineOf(expected));
        List<byte[]> shown = raw(child, "raw-arguments");
        assertArrayEquals(all, shown.get(shown.size() - 1), "the last argument");
        List<byte[]> environment = raw(child, "raw-environment");
        assertEquals(1, environment.size(), "entries of the environment");
        assertArrayEquals(entry, environment.get(0));
    }

    private static List<OsString> osStrings(List<String> texts) {
        List<OsString> all = new ArrayList<>();
        for (String text : texts) {
            all.add(OsString.of(text));
        }
        return all;
    }

    @Test
    @Rule("START-05")
    @Needs(value = Capability.RAW_BYTES, sight = Sight.PROC)
    @LookAt("ProcessBackend.start: OsString.bytes goes to the system as it is, for program and directory as well")
    void start05_rawBytesNameAProgramAndADirectory() throws Exception {
        Path folder = kit().folder();
        Path odd = Path.of(URI.create("file://" + folder.toUri().getRawPath().replaceAll("/$", "") + "/d%FF"));
        byte[] name = oddName(folder.resolve("d").toString());
        byte[] program = Arrays.copyOf(name, name.length + 5);
        System.arraycopy("/java".getBytes(StandardCharsets.US_ASCII), 0, program, name.length, 5);
        Path link = odd.resolve("java");
        Files.createDirectory(odd);
        try {
            Files.createSymbolicLink(link, Path.of(ChildServer.program()));
            ChildServer.Expected expected = kit().expect();
            List<OsString> arguments = osStrings(expected.arguments());
            arguments.set(0, OsString.ofBytes(program));
            OsProcess process = kit().start(
                            OsString.ofBytes(program),
                            arguments,
                            Kit.quiet().directory(OsString.ofBytes(name)).build());
            kit().lineOf(expected);
            assertEquals(odd, Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd")), "its directory");
        } finally {
            // Not by the kit, whose way through java.io.File cannot say this name.
            Files.deleteIfExists(link);
            Files.delete(odd);
        }
    }

    private static byte[] oddName(String begin) {
        byte[] text = begin.getBytes(StandardCharsets.UTF_8);
        byte[] name = Arrays.copyOf(text, text.length + 1);
        name[text.length] = (byte) 0xFF;
        return name;
    }

    @Test
    @Rule({"START-05", "ERR-15"})
    @LookAt("ProcessBackend.start: IllegalArgumentException for what cannot be encoded, with its place, never a '?'")
    void start05_textThatCannotBeEncodedIsRefusedOrArrives() throws Exception {
        String lone = "ab\uD800c";
        ChildServer.Expected expected = kit().expect();
        List<String> arguments = expected.arguments("before", lone);
        int place = arguments.size() - 1;
        OsProcess process;
        try {
            process = kit().start(expected.program(), arguments, Kit.quiet().build());
        } catch (IllegalArgumentException refused) {
            String text = String.valueOf(refused.getMessage());
            assertTrue(text.matches("(?s).*\\b" + place + "\\b.*"), () -> "which argument: " + text);
            assertTrue(text.matches("(?s).*\\b2\\b.*"), () -> "at which index: " + text);
            assertFalse(text.contains("ab"), () -> "the text itself may be a secret: " + text);
            refusedEverywhere(expected.program(), lone);
            return;
        }
        JavaChild line = kit().lineOf(expected);
        String arrived = line.askOne("unit", "1", "2");
        if (!kit().subject().has(Sight.SIGNALS) && arrived.equals(Integer.toHexString('?'))) {
            throw new TestAbortedException(
                    "Windows' java reads its arguments through the code page, so it cannot say what"
                            + " reached it; shown by backend-windows/QuotingTest");
        }
        assertEquals(Integer.toHexString(0xD800), arrived, "it was not refused, so it must arrive as it is");
        assertTrue(process.kill());
    }

    private void refusedEverywhere(String program, String lone) {
        ProcessAttributes plain = Kit.quiet().build();
        assertThrows(IllegalArgumentException.class, () -> kit().start("/" + lone, List.of("/" + lone), plain));
        assertThrows(IllegalArgumentException.class, () -> kit().start(
                        program,
                        List.of(program),
                        Kit.quiet().environment(Map.of("A", lone)).build()));
        assertThrows(IllegalArgumentException.class, () -> kit().start(
                        program,
                        List.of(program),
                        Kit.quiet().directory(OsString.of(lone)).build()));
    }

    @Test
    @Rule("START-06")
    void start06_nulIsRefusedBeforeAnythingIsOpened() throws Exception {
        Path made = kit().folder().resolve("made");
        String java = ChildServer.program();
        Map<String, ProcessAttributes.Builder> asked = new LinkedHashMap<>();
        asked.put("program", ProcessAttributes.builder());
        asked.put("argument", ProcessAttributes.builder());
        asked.put("environment", ProcessAttributes.builder().environment(List.of("A=1", "B=\0")));
        asked.put("directory", ProcessAttributes.builder().directory(OsString.of("/\0")));
        for (Map.Entry<String, ProcessAttributes.Builder> each : asked.entrySet()) {
            String program = each.getKey().equals("program") ? java + "\0" : java;
            String last = each.getKey().equals("argument") ? "-version\0" : "-version";
            ProcessAttributes attributes = each.getValue()
                    .files(ChildFile.nullDevice(), ChildFile.writeTo(made), ChildFile.inherit(2))
                    .build();
            assertEquals(
                    ErrorKind.INVALID,
                    Kit.kindOf(() -> kit().start(program, List.of(program, last), attributes)),
                    each.getKey());
            assertFalse(Files.exists(made), () -> "files were opened, although NUL stands in the " + each.getKey());
        }
    }

    // --- Directory, and all the rest by default ---

    @Test
    @Rule("START-11")
    @LookAt("ProcessBackend.start: the child alone changes its directory, and only its own")
    void start11_theDirectoryIsTheChildsAlone() throws Exception {
        String marker = "osprocess-tck-" + System.nanoTime();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        Thread looks = new Thread(() -> {
            boolean moved = false;
            while (!enough.get()) {
                moved |= new File(marker).exists(); // relative to where this process is just now
            }
            seen.complete(moved);
        });
        List<CompletableFuture<Kit.Child>> started = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Path folder = kit().folder();
            Files.createFile(folder.resolve(marker));
            folders.add(folder);
        }
        looks.start();
        try {
            for (Path folder : folders) {
                CompletableFuture<Kit.Child> child = new CompletableFuture<>();
                started.add(child);
                new Thread(() -> complete(child, folder)).start();
            }
            for (int i = 0; i < folders.size(); i++) {
                Kit.Child child = started.get(i).get(Bounded.LONG.toSeconds() * 4, TimeUnit.SECONDS);
                assertEquals(folders.get(i).toString(), child.askOne("directory"), "where the child is");
            }
        } finally {
            enough.set(true);
        }
        assertFalse(seen.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "this process was in a child's directory");
    }

    private void complete(CompletableFuture<Kit.Child> future, Path folder) {
        try {
            future.complete(kit().child(Kit.quiet().directory(folder)));
        } catch (Exception | AssertionError failed) {
            future.completeExceptionally(failed);
        }
    }

    @Test
    @Rule({"START-14", "START-07"})
    void start14_byDefaultTheChildIsWhereWeAreWithWhatWeHave() throws Exception {
        Kit.Child child = kit().child(ProcessAttributes.builder());
        assertEquals(Path.of("").toRealPath().toString(), child.askOne("directory"));
        assertTrue(
                child.ask("environment").containsAll(StartEnvironmentContract.ours()),
                "its environment lacks some of ours");
        assertEquals(Long.toString(ProcessHandle.current().pid()), child.askOne("parent"));
    }

    // --- When, and on whose thread ---

    @Test
    @Rule("START-30")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: returns when the new program is in place, not when there is a process")
    void start30_theProgramIsInPlaceWhenStartReturns() throws Exception {
        byte[] ours = ProcSight.bytes(ProcessHandle.current().pid(), "cmdline");
        for (int i = 0; i < 8; i++) {
            OsProcess process =
                    kit().start(ChildServer.program(), List.of(ChildServer.program(), "-version"), silent().build());
            // Linux lets the parent go on an instant before it writes down where the arguments are.
            byte[] shown = ProcSight.bytes(process.pid(), "cmdline");
            assertFalse(Arrays.equals(ours, shown), "start returned while the child was still a copy of this JVM");
            process.kill();
        }
    }

    /** As the JDK sees it at once. */
    private static String programOf(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .orElse("none");
    }

    @Test
    @Rule("START-30")
    @LookAt("ProcessBackend.start: returns when the new program is in place, not when there is a process")
    void start30_theProgramCanBeSeenWhenStartReturns() throws Exception {
        for (int i = 0; i < 4; i++) {
            OsProcess process =
                    kit().start(ChildServer.program(), List.of(ChildServer.program(), "-version"), silent().build());
            String seen = programOf(process.pid());
            assumeTrue(!seen.equals("none"), "the JDK does not show programs here");
            assertEquals(
                    Path.of(ChildServer.program()).toRealPath(), Path.of(seen).toRealPath(), "the new program");
            process.kill();
        }
    }

    @Test
    @Rule("START-51")
    @LookAt("ProcessBackend.start: nothing on its way reacts to interrupts, pipes included")
    void start51_aPendingInterruptNeitherStopsAStartNorIsLost() throws Exception {
        ChildServer.Expected expected = kit().expect();
        ProcessAttributes pipes = ProcessAttributes.builder()
                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                .build();
        boolean kept;
        OsProcess process;
        Thread.currentThread().interrupt();
        try {
            process = kit().start(expected.program(), expected.arguments(), pipes);
        } finally {
            kept = Thread.interrupted();
        }
        assertTrue(kept, "start consumed the interrupt");
        JavaChild line = kit().lineOf(expected);
        try (var in = process.pipe(0);
                var out = process.pipe(1)) {
            StartFilesContract.write(in, "whole");
            assertEquals(
                    "whole", new String(line.ask("read", bytes("0"), bytes("5")).get(0), StandardCharsets.US_ASCII));
            line.ask("write", "1", "too");
            assertEquals("too", StartFilesContract.read(out, 3));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @Rule("START-51")
    void start51_theChildOutlivesTheThreadThatStartedIt() throws Exception {
        CompletableFuture<Kit.Child> made = new CompletableFuture<>();
        Thread starter = new Thread(() -> complete(made, Path.of("")));
        starter.start();
        Kit.Child child = made.get(Bounded.LONG.toSeconds() * 4, TimeUnit.SECONDS);
        starter.join(Bounded.LONG.toMillis());
        assertFalse(starter.isAlive(), "the thread that started it has ended");
        child.ask("nothing");
        child.exit(6);
        assertEquals(6, Bounded.call("waitFor", () -> child.process().waitFor()).exitCode());
    }

    @Test
    @Rule("START-23")
    @LookAt("ProcessBackend.start: what native code reads stays reachable until it has returned")
    void start23_collectionsDuringAStartDamageNothing() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!enough.get()) {
                System.gc();
            }
        });
        Path folder = kit().folder();
        List<ChildServer.Expected> expected = new ArrayList<>();
        List<OsProcess> started = new ArrayList<>();
        collector.start();
        try {
            for (int i = 0; i < 5; i++) {
                Path file = Files.writeString(folder.resolve("text " + i), "text " + i);
                ChildServer.Expected call = kit().expect();
                expected.add(call);
                // Nobody else refers to what this child is made of.
                started.add(kit().start(
                                call.program(),
                                call.arguments("argument " + i),
                                ProcessAttributes.builder()
                                        .environment(StartEnvironmentContract.needed("N=" + i))
                                        .directory(folder)
                                        .files(ChildFile.readFrom(file), ChildFile.nullDevice(), ChildFile.inherit(2))
                                        .build()));
            }
        } finally {
            enough.set(true);
            collector.join(Bounded.LONG.toMillis());
        }
        for (int i = 0; i < started.size(); i++) {
            Kit.Child child = new Kit.Child(started.get(i), kit().lineOf(expected.get(i)));
            assertEquals(List.of("argument " + i), child.ask("arguments"));
            assertTrue(child.ask("environment").contains("N=" + i), "its environment");
            assertEquals(folder.toString(), child.askOne("directory"));
            assertEquals("text " + i, child.askOne("read", "0", "9"));
        }
    }

    @Test
    @Rule("START-48")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: no lock is held while files are opened and the program is loaded")
    void start48_aStartThatHangsHoldsUpNoOther() throws Exception {
        Path fifo = fifo(kit().folder());
        ChildServer.Expected expected = kit().expect();
        ProcessAttributes hanging = ProcessAttributes.builder()
                .files(ChildFile.readFrom(fifo), ChildFile.nullDevice(), ChildFile.inherit(2))
                .build();
        CompletableFuture<OsProcess> late = new CompletableFuture<>();
        Thread starter = new Thread(() -> {
            try {
                late.complete(kit().start(expected.program(), expected.arguments(), hanging));
            } catch (Exception | AssertionError failed) {
                late.completeExceptionally(failed);
            }
        });
        starter.setDaemon(true);
        starter.start();
        String backend = kit().backend().getClass().getName();
        Bounded.await(
                "the start that hangs to have reached the backend",
                () -> late.isDone()
                        || Stream.of(starter.getStackTrace())
                                .anyMatch(frame -> frame.getClassName().equals(backend)
                                        && frame.getMethodName().equals("start")));
        boolean held = false;
        try {
            Kit.Child other = Bounded.call("a start beside one that hangs", () -> kit().child());
            other.ask("nothing");
            held = !late.isDone();
        } finally {
            // Both directions, so that this does not hang as well.
            try (FileChannel opened = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                assertTrue(opened.isOpen());
                late.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS);
            }
        }
        kit().lineOf(expected);
        assumeTrue(held, "a fifo holds up no start here");
    }

    /** Made by POSIX's own program, wherever it is: Java has no call for it. */
    private static Path fifo(Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        String mkfifo = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(place -> Path.of(place, "mkfifo"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("needs a fifo, and there is no mkfifo in PATH to make one"))
                .toString();
        int code =
                new ProcessBuilder(mkfifo, fifo.toString()).inheritIO().start().waitFor();
        assumeTrue(code == 0, mkfifo + " made no fifo: it exited with " + code);
        return fifo;
    }
}
