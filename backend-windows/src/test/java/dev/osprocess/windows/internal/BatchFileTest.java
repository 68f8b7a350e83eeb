// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches a batch file is what was passed, or it is refused (START-42, D15). */
final class BatchFileTest {
    private static final String SHELL = "C:\\Windows\\system32\\cmd.exe";
    private static final String FILE = "C:\\my scripts\\x.bat";

    private static String line(String... arguments) throws ProcessException {
        List<String> all = new ArrayList<>(List.of(FILE));
        all.addAll(List.of(arguments));
        return BatchFile.commandLine(SHELL, FILE, FILE, all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.bat",
                "C:\\a\\X.BAT",
                "x.cmd",
                "x.Cmd",
                "x.bat.",
                "x.bat ",
                "x.cmd . .",
                "x.bat::$DATA",
                "a/x.bat",
                "\\\\?\\C:\\x.bat",
                "LONGNA~1.CMD"
            })
    void start42_batchFilesAreKnownByTheirExtension(String path) {
        assertTrue(BatchFile.isBatch(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.exe", "x.bat.exe", "bat", "x.bat\\y", "x.batch", "C:\\x.bat\\cmd.exe", ""})
    void start42_otherFilesAreNone(String path) {
        assertFalse(BatchFile.isBatch(path));
    }

    @Test
    void d15_theShellIsNamedAndArgumentsStandInQuotes() throws ProcessException {
        assertEquals(
                "\"" + SHELL
                        + "\" /d /e:on /v:off /s /c \"\"C:\\my scripts\\x.bat\" plain C:\\dir\\ \"a b\" \"&calc\" \"\""
                        + " \"a=b\" \"^|<>()\"\"",
                line("plain", "C:\\dir\\", "a b", "&calc", "", "a=b", "^|<>()"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"&calc",
                "a\"&calc&\"",
                "%PATH%",
                "%CMDCMDLINE:~-1%&calc",
                "a\r\ncalc",
                "a\ncalc",
                "!x!",
                "a b\\",
                "\u001a",
                "\u007f",
                "&\\"
            })
    void start42_whatCannotBeMadeSafeIsRefusedAndNotRepeated(String argument) {
        ProcessException refused = assertThrows(ProcessException.class, () -> line("fine", argument));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertTrue(Said.by(refused).contains("argument 2"), refused::getMessage);
        assertFalse(Said.by(refused).contains(argument), refused::getMessage); // ERR-15
    }

    @Test
    void start42_thePathItselfIsCheckedToo() {
        ProcessException refused = assertThrows(
                ProcessException.class,
                () -> BatchFile.commandLine(SHELL, "C:\\%x%\\y.bat", "y.bat", List.of("y.bat")));
        assertTrue(Said.by(refused).contains("the path"), refused::getMessage);
    }

    @Test
    void start42_aBatchFilesNameCannotBeChosen() throws ProcessException {
        assertEquals(line(), BatchFile.commandLine(SHELL, FILE, FILE, List.of("X.bat")));
        ProcessException refused =
                assertThrows(ProcessException.class, () -> BatchFile.commandLine(SHELL, FILE, FILE, List.of("calc")));
        assertTrue(Said.by(refused).contains("argument 0"), refused::getMessage);
    }

    @Test
    void start42_aLineThatTheShellWouldCutIsRefused() {
        ProcessException refused = assertThrows(ProcessException.class, () -> line("a".repeat(8191)));
        assertTrue(Said.by(refused).contains("8191"), refused::getMessage);
    }
}
