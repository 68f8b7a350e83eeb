// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of programs and folders (START-01, START-12). */
final class PathsTest {
    private final Paths paths = new Paths(new ScriptedSyscalls());

    @ParameterizedTest
    @CsvSource({
        // name, directory, absolute path
        "prog.exe, , C:\\here\\prog.exe",
        "prog, , C:\\here\\prog", // no extension is added
        "bin/prog.exe, , C:\\here\\bin\\prog.exe",
        "prog.exe, D:\\work, D:\\work\\prog.exe",
        ".\\prog.exe, D:\\work\\, D:\\work\\prog.exe",
        "..\\prog.exe, D:\\work\\deep, D:\\work\\prog.exe",
        "\\prog.exe, D:\\work, D:\\prog.exe",
        "C:\\bin\\prog.exe, D:\\work, C:\\bin\\prog.exe",
        "d:prog.exe, D:\\work, D:\\work\\prog.exe", // relative to the directory, which is on that drive
        "C:prog.exe, D:\\work, C:\\here\\prog.exe", // relative to that drive's own
        "\\\\server\\share\\prog.exe, D:\\work, \\\\server\\share\\prog.exe",
        "prog.exe, \\\\server\\share, \\\\server\\share\\prog.exe",
        "\\\\?\\C:\\a..\\prog.exe, D:\\work, \\\\?\\C:\\a..\\prog.exe", // verbatim
        "prog.exe, \\\\?\\D:\\work, \\\\?\\D:\\work\\prog.exe",
    })
    void start12_namesCountFromTheChildsDirectory(String name, @Nullable String directory, String absolute)
            throws Exception {
        assertEquals(absolute, paths.program(name, directory));
    }

    @ParameterizedTest
    @CsvSource({"C:, ", "C:, D:\\work", "\\prog.exe, \\\\server\\share", "\\prog.exe, \\\\?\\D:\\work"})
    void start12_whatNamesNoFileIsRefused(String name, @Nullable String directory) {
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> paths.program(name, directory))
                        .kind());
    }

    @Test
    void start12_aLongPathGetsThePrefixThatAllowsIt() throws Exception {
        String deep = "C:\\" + "a".repeat(300) + "\\prog.exe";
        assertEquals("\\\\?\\" + deep, paths.program(deep, null));
        assertEquals(
                "\\\\?\\UNC\\server\\share\\" + "a".repeat(300),
                paths.program("\\\\server\\share\\" + "a".repeat(300), null));
        assertEquals("\\\\?\\" + deep, Paths.file(deep));
    }

    @Test
    void start11_theDirectoryIsMadeAbsoluteAndALongOneIsRefused() throws Exception {
        assertNull(paths.directory(null));
        assertEquals("C:\\here\\sub", paths.directory("sub"));
        ProcessException refused =
                assertThrows(ProcessException.class, () -> paths.directory("C:\\" + "a".repeat(300)));
        assertEquals("chdir", refused.operation());
        assertTrue(Said.by(refused).contains("258"), refused::getMessage);
    }
}
