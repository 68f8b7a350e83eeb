// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Backends;
import dev.osprocess.windows.WindowsAttributes;
import dev.osprocess.windows.WindowsHandle;
import dev.osprocess.windows.internal.HardArguments;
import dev.osprocess.windows.internal.Reporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting programs of Windows. */
final class StartTest extends RealProcesses {
    @TempDir
    Path folder;

    private static ProcessAttributes.Builder attributes() {
        return ProcessAttributes.builder();
    }

    private static ProcessAttributes.Builder quiet() {
        return attributes().files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2));
    }

    // ---- arguments

    @Test
    void start02_start04_start41_theHardArgumentsReachAChild() throws Exception {
        List<String> command = javaCommand(Reporter.class, "args");
        command.set(0, "ba nana");
        int own = command.size();
        command.addAll(HardArguments.ALL);
        List<String> seen = Reporter.read(report(attributes(), command));
        assertEquals("ba nana", seen.get(0));
        assertEquals(HardArguments.ALL, seen.subList(own, seen.size()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void start41_aHundredListsOfArgumentsReachAChild(long seed) throws Exception {
        Random random = new Random(seed);
        String letters = " \t\"\\\\\\ab%&|^'\u00e9\u20ac\ud83e\uddc0";
        List<String> command = javaCommand(Reporter.class, "args");
        int own = command.size();
        for (int i = 0; i < 100; i++) {
            for (int j = random.nextInt(4); j >= 0; j--) {
                StringBuilder argument = new StringBuilder();
                for (int k = random.nextInt(10); k > 0; k--) {
                    argument.append(letters.charAt(random.nextInt(letters.length())));
                }
                command.add(argument.toString());
            }
        }
        List<String> seen = Reporter.read(report(attributes(), command));
        assertEquals(command.subList(own, command.size()), seen.subList(own, seen.size()));
    }

    @Test
    void start43_aRawCommandLineIsUsedAsItIs() throws Exception {
        String line = "java  -cp \"" + System.getProperty("java.class.path") + "\"   " + Reporter.class.getName()
                + " line  odd\"\"quotes   ";
        List<String> seen = Reporter.read(report(
                attributes()
                        .system(WindowsAttributes.builder().commandLine(line).build()),
                List.of("ignored")));
        assertEquals(List.of(line), seen);
    }

    // ---- batch files

    private Path batch(String... lines) throws Exception {
        Path file = folder.resolve("a batch.bat");
        Files.write(file, List.of(lines));
        return file;
    }

    private List<String> runBatch(Path batch, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(batch.toString()));
        all.addAll(List.of(arguments));
        OsProcess child = owned(
                OsProcess.start(
                        batch.toString(),
                        all,
                        attributes()
                                .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2))
                                .build()),
                1);
        List<String> said = lines(child);
        assertEnded(9, child);
        return said;
    }

    @Test
    void start42_aBatchFileGetsItsArgumentsAndItsCodeIsTold() throws Exception {
        Path batch = batch("@echo off", "echo [%~1][%~2][%~3]", "exit 9");
        assertEquals(List.of("[plain][a b][C:\\dir\\]"), runBatch(batch, "plain", "a b", "C:\\dir\\"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&echo x>pwned",
                "|echo x>pwned",
                "a&echo x>pwned",
                "\"&echo x>pwned&\"",
                "%OS%",
                "^\"&echo x>pwned",
                "a\r\necho x>pwned",
                "%CMDCMDLINE:~-1%&echo x>pwned",
                ">pwned",
                "a&&echo x>pwned",
                "(&echo x>pwned"
            })
    void d15_whatWouldBreakOutOfABatchFilesLineIsRefusedOrHarmless(String injection) throws Exception {
        Path batch = batch("@exit 9");
        List<String> arguments = List.of(batch.toString(), injection);
        try {
            OsProcess child = owned(OsProcess.start(
                    batch.toString(), arguments, quiet().directory(folder).build()));
            assertEnded(9, child);
        } catch (ProcessException refused) {
            assertEquals(ErrorKind.INVALID, refused.kind());
        }
        assertFalse(Files.exists(folder.resolve("pwned")));
    }

    @Test
    void start42_aMissingBatchFileIsNotFound() {
        Path missing = folder.resolve("missing.cmd");
        assertEquals(
                ErrorKind.NOT_FOUND, kindOf(() -> OsProcess.start(missing.toString(), List.of(missing.toString()))));
    }

    // ---- environment

    @Test
    void start45_theEnvironmentArrivesWithAllItsCharactersAndDriveEntries() throws Exception {
        List<String> given = new ArrayList<>(List.of("mine=\ud83e\uddc0 \u00e4", "=Q:=Q:\\x", "A=1", "b=2", "EMPTY="));
        given.add("SystemRoot=" + System.getenv("SystemRoot")); // or no JVM would start on Windows
        List<String> seen = new ArrayList<>(
                Reporter.read(report(attributes().environment(given), javaCommand(Reporter.class, "env"))));
        assertTrue(seen.containsAll(given), seen::toString);
        assertFalse(seen.stream().anyMatch(entry -> entry.regionMatches(true, 0, "PATH=", 0, 5)), seen::toString);
        if (!WineDifference.VARIABLES_ADDED.isHere()) {
            seen.removeAll(given);
            assertEquals(List.of(), seen);
        }
    }

    @Test
    void start07_anEditedEnvironmentKeepsTheRest() throws Exception {
        List<String> seen = Reporter.read(report(
                attributes().inheritEnvironment(all -> all.put("OSPROCESS_MINE", "1")),
                javaCommand(Reporter.class, "env")));
        assertTrue(seen.contains("OSPROCESS_MINE=1"), seen::toString);
        assertTrue(seen.stream().anyMatch(entry -> entry.regionMatches(true, 0, "SystemRoot=", 0, 11)), seen::toString);
    }

    // ---- names and directories

    @Test
    void start11_theChildBeginsInItsDirectory() throws Exception {
        List<String> seen = Reporter.read(report(attributes().directory(folder), javaCommand(Reporter.class, "cwd")));
        assertTrue(Files.isSameFile(folder, Path.of(seen.get(0))), seen::toString);
    }

    @Test
    void start12_aRelativeNameCountsFromTheChildsDirectory() throws Exception {
        Files.copy(Path.of(cmd()), folder.resolve("here.exe"));
        for (String name : List.of("here.exe", ".\\here.exe", "./here.exe")) {
            assertEnded(
                    8,
                    owned(OsProcess.start(
                            name,
                            List.of("here", "/d", "/c", "exit 8"),
                            quiet().directory(folder).build())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmd.exe", "cmd", "notepad.exe"})
    void start01_nothingIsSearchedFor(String word) {
        assertEquals(
                ErrorKind.NOT_FOUND,
                kindOf(() -> OsProcess.start(
                        word, List.of(word), quiet().directory(folder).build())));
        assertEquals(ErrorKind.NOT_FOUND, kindOf(() -> OsProcess.start(word, List.of(word))));
    }

    @Test
    void start01_noExtensionIsAdded() {
        assertEquals(ErrorKind.NOT_FOUND, kindOf(() -> OsProcess.start(system32("cmd"), List.of("cmd"))));
    }

    @Test
    void start13_aDirectoryThatCannotBeEnteredIsBlamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path wrong : List.of(folder.resolve("missing"), file)) {
            ProcessException failed = assertThrows(
                    ProcessException.class,
                    () -> OsProcess.start(
                            cmd(), List.of("cmd"), quiet().directory(wrong).build()));
            assertEquals("chdir", failed.operation());
            assertEquals(ErrorKind.NOT_FOUND, failed.kind());
            assertTrue(failed.path().orElseThrow().contains(wrong.getFileName().toString()), failed::getMessage);
        }
    }

    @Test
    void start25_whatIsNoProgramIsSaidSo() throws Exception {
        Path text = Files.writeString(folder.resolve("text.exe"), "no program");
        assertEquals(ErrorKind.NOT_EXECUTABLE, kindOf(() -> OsProcess.start(text.toString(), List.of("x"))));
        assertEquals(ErrorKind.NOT_EXECUTABLE, kindOf(() -> OsProcess.start(folder.toString(), List.of("x"))));
        assertEquals(
                ErrorKind.NOT_FOUND,
                kindOf(() -> OsProcess.start(folder.resolve("no.exe").toString(), List.of("x"))));
    }

    @Test
    void start04_aLineThatIsTooLongIsRefused() {
        assertEquals(ErrorKind.INVALID, kindOf(() -> OsProcess.start(cmd(), List.of("cmd", "a".repeat(40_000)))));
    }

    @Test
    void start16_moreThanThreeFilesAreRefused() {
        ChildFile none = ChildFile.nullDevice();
        assertThrows(
                UnsupportedFeatureException.class,
                () -> OsProcess.start(
                        cmd(),
                        List.of("cmd"),
                        attributes().files(none, none, none, none).build()));
    }

    // ---- attributes

    @Test
    void start46_eachConsoleFlagStartsAChild() throws Exception {
        for (WindowsAttributes.Builder one : List.of(
                WindowsAttributes.builder().newProcessGroup(),
                WindowsAttributes.builder().noWindow(),
                WindowsAttributes.builder().detached(),
                WindowsAttributes.builder().newConsole(),
                WindowsAttributes.builder().hideWindow(),
                WindowsAttributes.builder().creationFlags(0x40))) { // IDLE_PRIORITY_CLASS
            assertEnded(3, run(one.build(), "exit 3"));
        }
    }

    @Test
    void start46_aSuspendedChildRunsWhenItIsResumed() throws Exception {
        OsProcess child = run(WindowsAttributes.builder().suspended().build(), "exit 6");
        assertTrue(child.waitFor(Duration.ofMillis(300)).isEmpty());
        assertEquals(Liveness.RUNNING, child.liveness());
        child.withHandle(WindowsHandle.class, handle -> {
            handle.resume();
            return handle;
        });
        assertEnded(6, child);
    }

    @Test
    void start46_anotherProcessCanBeTheParent() throws Exception {
        OsProcess parent = held();
        OsProcess child = parent.withHandle(
                WindowsHandle.class,
                handle -> held(WindowsAttributes.builder()
                        .parentProcess(handle.value())
                        .build()));
        assertTrue(Backends.selected().childrenOf(parent.pid()).contains(child.pid()));
        assertFalse(Backends.selected().childrenOf(OsProcess.currentPid()).contains(child.pid()));
        tell(child, "exit 4"); // its pipe works
        assertEnded(4, child);
    }
}
