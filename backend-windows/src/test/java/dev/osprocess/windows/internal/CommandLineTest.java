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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The command line gives back what was put into it. */
final class CommandLineTest {
    /** The characters that rules speak of, often, and any others. */
    @Provide
    static Arbitrary<List<String>> arguments() {
        Arbitrary<String> hard = Arbitraries.strings()
                .withChars(' ', '\t', '"', '\\', 'a', '\n', '%', '\'')
                .ofMaxLength(12);
        Arbitrary<String> any =
                Arbitraries.strings().withCharRange('\u0001', '\uFFFF').ofMaxLength(6);
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, hard), net.jqwik.api.Tuple.of(1, any))
                .list()
                .ofMaxSize(6);
    }

    @Property(tries = 20_000, shrinking = ShrinkingMode.FULL)
    void start41_argumentsComeBackByTheRulesOfBothParsers(@ForAll("arguments") List<String> arguments)
            throws ProcessException {
        List<String> all = withName("C:\\my programs\\x.exe", arguments);
        String line = CommandLine.of("x", all);
        assertEquals(all, ArgumentParser.parse(line, false));
        assertEquals(all, ArgumentParser.parse(line, true));
    }

    @Test
    void start41_theHardOnesComeBack() throws ProcessException {
        List<String> all = withName("x", HardArguments.ALL);
        String line = CommandLine.of("x", all);
        assertEquals(all, ArgumentParser.parse(line, false));
        assertEquals(all, ArgumentParser.parse(line, true));
    }

    @Test
    void start41_whatNeedsNoQuotesGetsNone() throws ProcessException {
        assertEquals("x -a C:\\dir\\ a\\\\b", CommandLine.of("x", List.of("x", "-a", "C:\\dir\\", "a\\\\b")));
        assertEquals("x \"a b\\\\\" \\\" \"\"", CommandLine.of("x", List.of("x", "a b\\", "\"", "")));
    }

    /** The first word knows no backslash escape: one at its end is not doubled, and a quote cannot be in it. */
    @Test
    void start02_theFirstWordHasRulesOfItsOwn() throws ProcessException {
        assertEquals("\"a b\\\" c", CommandLine.of("x", List.of("a b\\", "c")));
        assertEquals("\"\" c", CommandLine.of("x", List.of("", "c")));
        ProcessException refused =
                assertThrows(ProcessException.class, () -> CommandLine.of("x", List.of("a\"b", "secret")));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertFalse(Said.by(refused).contains("secret"), refused::getMessage);
    }

    @Test
    void start04_aLineThatIsTooLongIsRefusedBeforeTheCall() throws ProcessException {
        String fits = "a".repeat(WindowsAbi.COMMAND_LINE_MAX - 2);
        assertEquals(
                WindowsAbi.COMMAND_LINE_MAX,
                CommandLine.of("x", List.of("x", fits)).length());
        ProcessException refused =
                assertThrows(ProcessException.class, () -> CommandLine.of("x", List.of("x", fits + "a")));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertTrue(Said.by(refused).contains("32767 characters"), refused::getMessage);
    }

    private static List<String> withName(String name, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(rest);
        return all;
    }
}
