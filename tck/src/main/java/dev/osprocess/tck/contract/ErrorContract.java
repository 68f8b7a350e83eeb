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
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** ERR: what errors are, and what they say. */
@LookAt("ProcessException.builder: kind, operation, path or pid, the system's own error, its cause, and what to do")
abstract class ErrorContract extends Contract {
    private static final int ROUNDS = 20;

    private ProcessException missing(Path program) {
        return assertThrows(ProcessException.class, () -> kit().start(
                        program.toString(),
                        List.of(program.toString()),
                        Kit.quiet().build()));
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    @Test
    @Rule({"ERR-01", "ERR-02", "ERR-04"})
    void err02_anErrorOfAFileNamesOperationAndPath() throws Exception {
        Path folder = kit().folder();
        Path program = folder.resolve("missing");
        Path unread = folder.resolve("unread");
        ProcessException ofProgram = missing(program);
        ProcessException ofDirectory = assertThrows(ProcessException.class, () -> kit().start(
                        ChildServer.program(),
                        List.of(ChildServer.program()),
                        Kit.quiet().directory(program).build()));
        ProcessException ofFile = assertThrows(ProcessException.class, () -> kit().start(
                        ChildServer.program(),
                        List.of(ChildServer.program()),
                        ProcessAttributes.builder()
                                .files(ChildFile.readFrom(unread), ChildFile.nullDevice(), ChildFile.inherit(2))
                                .build()));
        assertBlames("fork/exec", program, ofProgram);
        assertBlames("chdir", program, ofDirectory);
        assertBlames("open", unread, ofFile);
    }

    private static void assertBlames(String operation, Path path, ProcessException failure) {
        assertEquals(ErrorKind.NOT_FOUND, failure.kind(), () -> text(failure));
        assertEquals(operation, failure.operation());
        assertEquals(path.toString(), failure.path().orElse("none"));
        assertTrue(text(failure).startsWith(operation + " " + path), () -> "the text: " + text(failure));
    }

    @Test
    @Rule({"ERR-03", "ERR-13"})
    @LookAt("ProcessBackend.start: the system's error by name and number, and as the last cause")
    void err03_anErrorOfAStartNamesItsCallItsNameAndItsNumber() throws Exception {
        assertNamesTheNativeError(missing(kit().folder().resolve("missing")));
    }

    @Test
    @Rule({"ERR-03", "ERR-13", "ERR-16"})
    @Needs(Capability.SIGNAL_ANY)
    @LookAt("Target.signal: the system's error by name and number, and as the last cause")
    void err03_anErrorOfASignalNamesItsCallItsNameAndItsNumber() throws Exception {
        Kit.Child child = kit().child();
        ProcessException ofSignal =
                assertThrows(ProcessException.class, () -> child.process().signal(Signal.of(9999)));
        assertEquals(ErrorKind.INVALID, ofSignal.kind(), () -> text(ofSignal));
        assertEquals(ProcessStatus.OK, child.process().status(), "an error that is no end");
        child.ask("nothing");
        assertNamesTheNativeError(ofSignal);
    }

    private static void assertNamesTheNativeError(ProcessException failure) {
        String name = failure.nativeName().orElseThrow(() -> new AssertionError("no native name: " + failure));
        int number = failure.nativeNumber().orElseThrow(() -> new AssertionError("no native number: " + failure));
        assertTrue(number > 0, () -> "number " + number);
        assertTrue(text(failure).contains(name + " (" + number + ")"), () -> "the text: " + text(failure));
        assertFalse(failure.operation().isBlank(), "the call");
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        Throwable evidence = last;
        assertFalse(evidence == failure, () -> "no cause: " + failure);
        assertTrue(
                text(evidence).contains(name) || text(evidence).contains(Integer.toString(number)),
                () -> "the last cause is not the native error: " + evidence);
    }

    @Test
    @Rule({"ERR-01", "ERR-05", "ERR-06"})
    @LookAt("Target.signal, ProcessBackend.open: ProcessDoneException for a process that is gone, however that is seen")
    void err05_finishedIsProcessDoneExceptionByEveryRoute() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        child.exit(4);
        ProcessState state = Bounded.call("waitFor", () -> child.process().waitFor());
        Bounded.await("the found object to see the end", () -> found.liveness() == Situations.afterTheOwner(kit()));
        assertFalse(found.kill(), "kill of a process that has finished");
        assertThrows(ProcessDoneException.class, () -> found.signal(signal()), "a signal to the found object");
        found.close(); // its handle may be the last
        OsProcess late = Situations.findGone(kit(), () -> kit().find(child.pid()));
        assertEquals(state, child.process().waitFor(), "a second wait is no error");
        for (OsProcess object : List.of(child.process(), late)) {
            ProcessDoneException done = assertThrows(
                    ProcessDoneException.class, () -> object.signal(signal()), () -> "a signal to " + object);
            assertEquals(ErrorKind.ALREADY_DONE, done.kind());
            assertFalse(object.kill(), "kill of a process that has finished");
        }
        assertThrows(ProcessDoneException.class, late::waitFor);
        assertThrows(ProcessDoneException.class, late::identity);
    }

    private Signal signal() {
        return kit().subject().has(Capability.SIGNAL_TERM) ? Signal.TERM : Signal.KILL;
    }

    @Test
    @Rule({"ERR-01", "ERR-07"})
    void err07_useAfterCloseIsProcessReleasedException() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        process.close();
        List<org.junit.jupiter.api.function.Executable> uses = List.of(
                process::waitFor,
                () -> process.waitFor(Duration.ZERO),
                process::onExit,
                () -> process.signal(Signal.KILL),
                process::kill,
                process::liveness);
        for (org.junit.jupiter.api.function.Executable use : uses) {
            ProcessReleasedException released = assertThrows(ProcessReleasedException.class, use);
            assertEquals(ErrorKind.ALREADY_RELEASED, released.kind());
        }
        child.ask("nothing"); // and nothing has reached it
        child.exit(0);
    }

    @Test
    @Rule({"ERR-08", "ERR-16"})
    @LookAt("the seam: the error's number is read in the native call, before the JVM makes calls of its own")
    void err08_theErrorIsThatOfTheCallItself() throws Exception {
        Path folder = kit().folder();
        Path file = Files.createFile(folder.resolve("file"));
        AtomicBoolean enough = new AtomicBoolean();
        Thread disturbs = new Thread(() -> {
            while (!enough.get()) {
                System.gc();
            }
        });
        CompletableFuture<Integer> others = new CompletableFuture<>();
        Thread fails = new Thread(() -> {
            try {
                int wrong = 0;
                for (int i = 0; i < ROUNDS; i++) {
                    ErrorKind kind = missing(file).kind();
                    wrong += kind == ErrorKind.PERMISSION || kind == ErrorKind.NOT_EXECUTABLE ? 0 : 1;
                }
                others.complete(wrong);
            } catch (AssertionError failed) {
                others.completeExceptionally(failed);
            }
        });
        disturbs.start();
        fails.start();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                ProcessException failure = missing(folder.resolve("missing"));
                assertEquals(ErrorKind.NOT_FOUND, failure.kind(), () -> "another call's error: " + failure);
            }
            assertEquals(0, others.get(Bounded.LONG.toSeconds() * 2, TimeUnit.SECONDS), "errors of another call");
        } finally {
            enough.set(true);
            disturbs.join(Bounded.LONG.toMillis());
        }
    }

    @Test
    @Rule("ERR-09")
    @Needs(sight = Sight.SIGNALS)
    @LookAt("ProcessBackend.start: 'not found' of a file that is there is about its interpreter")
    void err09_aMissingInterpreterIsSaid() throws Exception {
        Path orphan = Files.writeString(kit().folder().resolve("orphan"), "#!/no/such/interpreter\n");
        assumeTrue(orphan.toFile().setExecutable(true), "no file can be made executable here");
        ProcessException failure = missing(orphan);
        assertEquals(ErrorKind.NOT_FOUND, failure.kind(), () -> text(failure));
        assertTrue(text(failure).contains("interpreter"), () -> "no hint at the interpreter: " + text(failure));
        assertFalse(
                text(missing(orphan.resolveSibling("missing"))).contains("interpreter"),
                "a hint at the interpreter of a file that is not there");
    }

    @Test
    @Rule({"ERR-12", "PS-08"})
    void err12_textsAreTheSameUnderEveryLocale() throws Exception {
        Path program = kit().folder().resolve("MISSING");
        Kit.Child child = kit().child();
        assertTrue(child.process().kill());
        ProcessState state = Bounded.call("waitFor", () -> child.process().waitFor());
        String expected = text(missing(program)) + state;
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("tr-TR", "ar-EG-u-nu-arab", "zh-CN")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(expected, text(missing(program)) + state, tag);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    @Rule("ERR-14")
    void err14_oddInputsGiveDocumentedErrors() throws Exception {
        Path folder = kit().folder();
        List<String> odd = List.of(
                "",
                " ",
                ".",
                "..",
                "/",
                "//",
                "\\",
                "\0",
                "a\0b",
                "\n",
                "=",
                "==",
                "-",
                "*",
                "é",
                "\uD800",
                "x".repeat(300));
        Random random = new Random(20_261_122);
        ChildFile[] files = {
            ChildFile.nullDevice(),
            ChildFile.closed(),
            ChildFile.inherit(1),
            ChildFile.pipe(),
            ChildFile.readFrom(folder),
            ChildFile.descriptor(999_999),
            ChildFile.pipeFromChild(),
            ChildFile.writeTo(folder.resolve("no/where"))
        };
        for (int i = 0; i < 300; i++) {
            ProcessAttributes.Builder attributes = ProcessAttributes.builder();
            List<ChildFile> table = new ArrayList<>();
            for (int place = random.nextInt(5); place > 0; place--) {
                table.add(files[random.nextInt(files.length)]);
            }
            List<String> arguments = new ArrayList<>();
            for (int count = random.nextInt(3); count > 0; count--) {
                arguments.add(pick(odd, random));
            }
            attributes.files(table);
            if (random.nextBoolean()) {
                attributes.environment(List.of(pick(odd, random)));
            }
            if (random.nextBoolean()) {
                attributes.directory(OsString.of(random.nextBoolean() ? folder.toString() : pick(odd, random)));
            }
            String program = pick(odd, random);
            assertDocumented(() -> kit().start(program, arguments, attributes.build()), "start " + i);
        }
        for (long pid : new long[] {Long.MIN_VALUE, -1, 0, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE}) {
            assertDocumented(() -> kit().find(pid).kill(), "find " + pid);
        }
        OsProcess process = kit().child().process();
        for (int number : new int[] {65, 128, 9999, Integer.MAX_VALUE}) {
            assertDocumented(() -> process.signal(Signal.of(number)), "signal " + number);
        }
        assertDocumented(() -> process.signal(Signal.realTime(Integer.MAX_VALUE)), "a real-time signal");
        assertDocumented(() -> process.pipe(0), "no pipe");
    }

    private static String pick(List<String> odd, Random random) {
        return odd.get(random.nextInt(odd.size()));
    }

    private static void assertDocumented(org.junit.jupiter.api.function.Executable call, String what) {
        try {
            call.execute();
        } catch (ProcessException | IllegalArgumentException | dev.osprocess.UnsupportedFeatureException documented) {
            assertFalse(text(documented).isBlank(), () -> what + ": says nothing");
        } catch (Throwable other) {
            throw new AssertionError(what + ": an error that is not documented", other);
        }
    }

    @Test
    @Rule("ERR-15")
    @LookAt("ProcessBackend.start: texts name program, directory and files; neither arguments nor environment")
    void err15_argumentsAndEnvironmentAreInNoText() throws Exception {
        Path folder = kit().folder();
        ProcessAttributes.Builder secret = Kit.quiet().environment(StartEnvironmentContract.needed("SECRET=xyzzy"));
        Path text = Files.writeString(folder.resolve("text"), "hello");
        List<OsString> programs = List.of(
                OsString.of(folder.resolve("missing").toString()),
                OsString.of(folder.toString()),
                OsString.of(text.toString()),
                OsString.of(""));
        for (OsString program : programs) {
            List<OsString> arguments = List.of(program, OsString.of("hunter2")); // not every backend has ARGV0
            ProcessException failure =
                    assertThrows(ProcessException.class, () -> kit().start(program, arguments, secret.build()));
            for (Throwable each = failure; each != null; each = each.getCause()) {
                assertDiscreet(each.toString());
                for (Throwable beside : each.getSuppressed()) {
                    assertDiscreet(beside.toString());
                }
            }
        }
        Kit.Child child = kit().child(secret, List.of("-Xrs"), "hunter2");
        assertDiscreet(child.process().toString());
        child.exit(0);
        Bounded.call("waitFor", () -> child.process().waitFor());
        assertDiscreet(child.process().toString());
    }

    private static void assertDiscreet(String text) {
        assertFalse(text.contains("hunter2") || text.contains("xyzzy"), () -> "a secret is shown: " + text);
    }
}
