// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "run => 125 => Missing required parameter: 'PROGRAM'; see 'osprocess run --help'",
                "run -- => 125 => Missing required parameter: 'PROGRAM'; see 'osprocess run --help'",
                "run --foo x => 125 => Unknown option: '--foo'; see 'osprocess run --help'",
                "run --report --json x => 125 => --report and --json exclude each other; see 'osprocess run --help'",
                "run --timeout 0s x => 125 => --timeout must be longer than 0; see 'osprocess run --help'",
                "run --env NAME x => 125 => --env takes K=V with a name before the '='; see 'osprocess run --help'",
                "run --env =V x => 125 => --env takes K=V with a name before the '='; see 'osprocess run --help'",
                "run no-such-program => 127 => no-such-program: not found in any directory of PATH",
                "wait x => 125 => 'x' is no process id: write a number, or an identity as printed by 'osprocess identity PID'",
                "wait => 125 => Missing required parameter: 'PID|IDENTITY'; see 'osprocess wait --help'",
                "signal 1 NOSUCH => 1 => unknown signal 'NOSUCH': use a name such as TERM or SIGUSR1, RTMIN+n, or a number",
                "signal 1 => 1 => Missing required parameter: 'NAME|NUMBER'; see 'osprocess signal --help'",
                "identity 99999999999999999999 => 1 => '99999999999999999999' is no process id: write a number, or an identity as "
                        + "printed by 'osprocess identity PID'",
                "backends x => 1 => Unmatched argument at index 0: 'x'; see 'osprocess backends --help'",
                "tck --rule NOSUCH-01 => 2 => tck: there is no rule NOSUCH-01, and no area of that name; areas are "
                        + "ID, START, STATE, WAIT, SIG, REL, HND, PS, CONC, OLD, ERR; see 'osprocess tck --help'",
                "tck --report => 2 => tck: --report needs a value; see 'osprocess tck --help'",
                "tck x => 2 => tck: unknown option 'x'; see 'osprocess tck --help'",
                "nosuch => 125 => 'nosuch' is not a command; see 'osprocess --help'"
            })
    void misuseIsOneLineAndACodeOfOurs(String words, int code, String text) {
        Cli.Result result = Cli.inside(words.split(" ", -1));
        assertEquals("osprocess: " + text + "\n", result.err().replace(System.lineSeparator(), "\n"));
        assertEquals(code, result.code());
        assertEquals("", result.out());
    }

    @Test
    void noWordAtAllIsMisuse() {
        assertEquals(125, Cli.inside().code());
    }

    @Test
    void aMalformedTimeoutSaysHowToWriteOne() {
        Cli.Result result = Cli.inside("run", "--timeout", "5", "x");
        assertEquals(125, result.code());
        assertTrue(
                result.err()
                        .startsWith(
                                "osprocess: Invalid value for option '--timeout': '5' is not a duration: write 500ms"),
                result.err());
        assertEquals(1, result.err().lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void helpTeaches(String word) {
        Cli.Result result = Cli.inside(word);
        assertEquals(0, result.code());
        assertEquals("", result.err());
        for (String part :
                List.of("Usage:", "Exit codes", "124", "125", "126", "127", "128+N", "Examples:", "--report")) {
            assertTrue(result.out().contains(part), part);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "wait", "signal", "identity", "backends", "tck"})
    void everyCommandHasHelpOfItsOwn(String command) {
        Cli.Result result = Cli.inside(command, "--help");
        assertEquals(0, result.code());
        assertTrue(result.out().contains("Usage: osprocess " + command), result.out());
        assertTrue(result.out().contains("Exit codes:"), result.out());
        assertEquals(result.out(), Cli.inside("help", command).out());
    }

    @Test
    void helpOfRunNamesEveryOptionAndSaysWhatBecomesOfSignals() {
        String text = Cli.inside("run", "--help").out();
        for (String part : List.of(
                "--dir",
                "--env",
                "--clear-env",
                "--argv0",
                "--timeout",
                "--kill-after",
                "--backend",
                "--report",
                "--json",
                "Ctrl-C",
                "Examples:")) {
            assertTrue(text.contains(part), part);
        }
    }

    @Test
    void versionNamesItselfAndTheJvm() {
        Cli.Result result = Cli.inside("--version");
        assertEquals(0, result.code());
        assertTrue(result.out().matches("osprocess .*, Java .*\\R"), result.out());
    }
}
