// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ProgramLookupTest {
    @TempDir
    Path home = Path.of("");

    @Test
    void takesTheFirstExecutableFile() throws Exception {
        executable("a/tool");
        executable("b/tool");
        assertEquals(
                home + "/b/tool",
                in(home + "/none:" + home + "/b:" + home + "/a").find("tool"));
    }

    @Test
    void skipsDirectoriesAndFilesThatCannotBeRun() throws Exception {
        Files.createDirectories(home.resolve("a/tool"));
        file("b/tool");
        executable("c/tool");
        assertEquals(
                home + "/c/tool", in(home + "/a:" + home + "/b:" + home + "/c").find("tool"));
    }

    @Test
    void aFileThatCannotBeRunIsNotAMissingOne() throws Exception {
        file("a/tool");
        CommandFailure failure = failure(home + "/a:" + home, "tool");
        assertEquals(126, failure.exitCode());
        assertEquals(home + "/a/tool: found in PATH, is there, but not executable", failure.text());
    }

    @Test
    void neitherIsADirectory() throws Exception {
        Files.createDirectories(home.resolve("a/tool"));
        CommandFailure failure = failure(home + "/a", "tool");
        assertEquals(126, failure.exitCode());
        assertEquals(home + "/a/tool: found in PATH, is a directory", failure.text());
    }

    @Test
    void saysWhatWasNotFound() {
        CommandFailure failure = failure(home.toString(), "tool");
        assertEquals(127, failure.exitCode());
        assertEquals("tool: not found in any directory of PATH", failure.text());
    }

    @Test
    void anEmptyElementIsNotTheCurrentDirectory() {
        Path here = Path.of("pom.xml"); // of this module: the tests run in its directory
        if (Files.exists(here)) {
            assertTrue(failure(":" + home, "pom.xml").text().contains("write ./pom.xml"));
        }
        assertEquals(127, failure("", "tool").exitCode());
        assertEquals(127, failure("::", "tool").exitCode());
    }

    @Test
    void withoutPathTheSystemsUtilitiesAreFound() throws Exception {
        assertTrue(in(null).find("sh").endsWith("/bin/sh"));
    }

    @Test
    void aPathIsTakenAsItIs() throws Exception {
        assertEquals("./no/such", in(home.toString()).find("./no/such"));
        assertEquals("/nope", in(null).find("/nope"));
    }

    @Test
    void anEmptyNameIsNoProgram() {
        assertEquals(127, failure(home.toString(), "").exitCode());
    }

    @Test
    void aRelativeElementGivesAnAbsoluteFile() {
        assertEquals(127, failure("no/such/dir", "tool").exitCode());
        String found = assertDoesNotFail(in(relative(Path.of("/bin"))), "sh");
        assertTrue(Path.of(found).isAbsolute(), found);
    }

    @Test
    void windowsTriesTheExtensionsInTheirOrder() throws Exception {
        executable("a/tool.BAT");
        executable("a/tool.EXE");
        executable("a/other.txt");
        ProgramLookup lookup = new ProgramLookup(true, home + "/none;" + home + "/a", ";", ".EXE;.BAT");
        assertEquals(home + "/a/tool.EXE", lookup.find("tool"));
        assertEquals(home + "/a/tool.BAT", lookup.find("tool.BAT"));
        assertEquals(home + "/a/tool.EXE", lookup.find(home + "/a/tool"));
        assertThrows(CommandFailure.class, () -> lookup.find("other.txt"));
        assertEquals("C:\\none", lookup.find("C:\\none"));
    }

    private static String assertDoesNotFail(ProgramLookup lookup, String program) {
        try {
            return lookup.find(program);
        } catch (CommandFailure failure) {
            throw new AssertionError(failure.text(), failure);
        }
    }

    private static String relative(Path absolute) {
        return Path.of("").toAbsolutePath().relativize(absolute).toString();
    }

    private static ProgramLookup in(@Nullable String path) {
        return new ProgramLookup(false, path, ":", null);
    }

    private static CommandFailure failure(String path, String program) {
        return assertThrows(CommandFailure.class, () -> in(path).find(program));
    }

    private void executable(String name) throws IOException {
        file(name);
        assertTrue(home.resolve(name).toFile().setExecutable(true));
    }

    private void file(String name) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }
}
