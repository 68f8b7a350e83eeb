// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.engine.EngineTests;
import dev.osprocess.tck.spec.Specification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunnerTest {
    private record Said(int code, String out, String err) {}

    private static Said run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                "kit",
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    // ---- the options

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            --nosuch            = unknown option '--nosuch'
            x                   = unknown option 'x'
            --backend           = --backend needs a value
            --rule WAIT-99      = there is no rule WAIT-99
            --with /nope.jar    = --with /nope.jar is no file
            --environment /nope = --environment /nope is no file
            --not-tested /nope  = --not-tested /nope cannot be read
            --without-engine --backend engine = --without-engine and --backend engine exclude each other
            --backend nosuch    = no backend is called 'nosuch'; there are
            """)
    void misuseIsOneLineAndTheCode2(String words, String text) {
        Said said = run(words.split(" "));
        assertEquals(2, said.code());
        assertTrue(said.err().startsWith("osprocess: tck: " + text), said.err());
        assertEquals(1, said.err().lines().count(), said.err());
        assertEquals("", said.out());
    }

    @Test
    void rulesAreChosenByIdAndByArea() throws Exception {
        Options options = Options.parse(Specification.load(), "--rule=wait-13", "--rule", "HND,PS-01");
        assertTrue(options.rules.containsAll(Set.of("WAIT-13", "HND-01", "HND-10", "PS-01")));
        assertFalse(options.rules.contains("PS-02"));
    }

    @Test
    void anEnvironmentNamesRulesAndCauses(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("place.properties");
        Files.writeString(file, "# why\nPS-10 = times are not counted here\n");
        Options options = Options.parse(Specification.load(), "--environment", file.toString());
        assertEquals("PS-10", options.differences.get(0).rule());
        assertEquals("times are not counted here", options.differences.get(0).cause());
    }

    @Test
    void anEnvironmentMayNameOneTestOfARule(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("place.properties");
        Files.writeString(file, "WAIT-01#wait01_theEndOfAPipeIsNotTheEndOfTheProcess = pipes are odd here\n");
        Said said =
                run("--backend", "linux", "--without-engine", "--rule", "WAIT-01", "--environment", file.toString());
        assertEquals(0, said.code(), said.out() + said.err());
        String line = said.out()
                .lines()
                .filter(each -> each.contains(" WAIT-01 "))
                .findFirst()
                .orElse("none");
        assertTrue(line.startsWith("PASS "), line);
        assertTrue(line.contains("pipes are odd here"), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WAIT-01#nosuchTest = x\n",
                "WAIT-02#wait01_theEndOfAPipeIsNotTheEndOfTheProcess = x\n",
                "",
                "WAIT-99 = no such rule\n",
                "PS-10 =\n"
            })
    void anEnvironmentThatSaysNothingOrNonsenseIsRefused(String text, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("place.properties");
        Files.writeString(file, text);
        assertThrows(UsageException.class, () -> Options.parse(Specification.load(), "--environment", file.toString()));
    }

    @Test
    void everyProfileOfTheKitsOwnNamesRules() throws Exception {
        for (String name : Environments.KNOWN) {
            assertFalse(Environments.read(name, Specification.load()).isEmpty(), () -> name + " names no difference");
        }
    }

    // ---- the engine's tests

    @Test
    void everyTestOfTheEngineIsRunByTheRunner() throws Exception {
        Path sources = Path.of(System.getProperty("basedir", "."), "src/main/java/dev/osprocess/tck/engine");
        try (Stream<Path> files = Files.list(sources)) {
            Set<String> there = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.endsWith("Test"))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> run =
                    EngineTests.all().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(there, run);
        }
    }

    // ---- what comes out

    /** One test of each outcome. */
    @Rule("PS-01")
    static final class Samples {
        @Test
        @Rule({"WAIT-01", "WAIT-02"})
        void passes() {}

        @Test
        @Rule("WAIT-02")
        void fails() {
            assertEquals(1, 2);
        }

        @Test
        @Rule("WAIT-03")
        void isAborted() {
            Assumptions.abort("differs here: no such thing");
        }

        @Test
        void wait04_namesARuleOnlyByItsName() {}
    }

    @Test
    void outcomesAreAddedUpByRule() {
        Map<String, RuleResult> results = KitRun.run(List.of(Samples.class), rule -> true);
        assertEquals(
                Map.of(
                        "WAIT-01", Outcome.PASS,
                        "WAIT-02", Outcome.FAIL,
                        "WAIT-03", Outcome.NOT_TESTED,
                        "WAIT-04", Outcome.PASS,
                        "PS-01", Outcome.PASS),
                results.values().stream().collect(Collectors.toMap(RuleResult::rule, RuleResult::outcome)));
        RuleResult failed = of(results, "WAIT-02");
        assertEquals(1, failed.reasons().size());
        assertTrue(failed.reasons().get(0).startsWith("Samples.fails: expected: <1> but was: <2>\n"), failed::toString);
        assertEquals(
                List.of("differs here: no such thing"), of(results, "WAIT-03").reasons());
    }

    @Test
    void onlyTheChosenRulesRunAndCount() {
        assertEquals(
                Set.of("WAIT-01"),
                KitRun.run(List.of(Samples.class), "WAIT-01"::equals).keySet());
    }

    @Test
    void aRunThatHangsFailsWhatIsUnderWayAndOutsideOfAnyRule() {
        KitListener listener = new KitListener(rule -> true, name -> {});
        listener.hangs("nothing has happened");
        assertEquals(Outcome.FAIL, of(listener.results(), KitRun.NO_RULE).outcome());
    }

    private static RuleResult of(Map<String, RuleResult> results, String rule) {
        return Objects.requireNonNull(results.get(rule), "no result for " + rule);
    }

    @Test
    void aFailureKeepsItsHintAndTheFramesThatAreOurs() {
        AssertionError failure = new AssertionError("expected");
        failure.addSuppressed(new Exception("look at Target.collect"));
        String text = FailureText.of(failure);
        assertTrue(text.startsWith("expected\n"), text);
        assertTrue(text.contains("look at Target.collect"), text);
        assertFalse(text.contains("org.junit."), text);
    }

    // ---- a whole run

    @Test
    void aRunAgainstTheEngineHasALineForEachRuleAndTheCode0() {
        Said said = run("--backend", "engine", "--rule", "HND-01");
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("\nPASS       HND-01 "), said.out());
        assertTrue(said.out().contains("engine: 1 traced = 1 PASS + 0 FAIL + 0 REFUSED + 0 NOT-TESTED"), said.out());
        assertTrue(said.out().endsWith("NO RULE FAILED\n"), said.out());
        assertTrue(said.err().contains("running engine"), said.err());
    }

    @Test
    void aSubjectAnswersForEveryTracedRule() {
        Said said = run("--backend", "linux:pid", "--rule", "WAIT-01", "--rule", "ERR-10", "--rule", "HND-01");
        assertEquals(0, said.code(), said.out() + said.err());
        assertTrue(said.out().contains("\nPASS       WAIT-01 "), said.out());
        assertTrue(said.out().contains("\nNOT-TESTED ERR-10 "), said.out());
        assertTrue(said.out().contains("[it is about the code of one backend"), said.out());
        assertTrue(said.out().contains("linux:pid: 3 traced = "), said.out());
    }

    @Test
    void withoutTheEngineTheRulesThatOnlyItShowsAreLeftOutAndNamed() {
        Said said = run("--backend", "linux", "--without-engine", "--rule", "STATE-01,WAIT-01,ERR-10");
        assertEquals(0, said.code(), said.out() + said.err());
        assertFalse(said.err().contains("running engine"), said.err());
        assertFalse(said.out().contains("engine: "), said.out());
        assertTrue(said.out().contains("a choice"), said.out());
        Set<String> engines = KitRun.rulesOfEngine(rule -> true);
        assertTrue(engines.size() > 100, engines::toString);
        assertFalse(engines.contains("ERR-10"), "it has no test");
        for (String rule : List.of("STATE-01", "WAIT-01", "ERR-10")) {
            assertTrue(
                    said.out().contains(" " + rule + " ") || said.out().matches("(?s).*left out +[^\n]*" + rule + ".*"),
                    () -> rule + ": " + said.out());
        }
    }

    @Test
    void theGapsOfARunAreHeldAgainstATable(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("gaps.md");
        Files.writeString(
                file,
                "| rule | subjects | because |\n|---|---|---|\n| WAIT-01 | odd, other | pipes |\n| WAIT-02 | odd | x |\n");
        ExpectedGaps gaps = ExpectedGaps.read(file, Specification.load());
        RuleResult gap = new RuleResult("WAIT-01", Outcome.NOT_TESTED, List.of("a test"), List.of("why"), 0);
        RuleResult passed = new RuleResult("WAIT-02", Outcome.PASS, List.of("a test"), List.of(), 0);
        RuleResult nowhere = new RuleResult("ERR-10", Outcome.NOT_TESTED, List.of(), List.of("none"), 0);
        assertNull(gaps.contradiction("other", Map.of("WAIT-01", gap, "WAIT-02", passed, "ERR-10", nowhere)));
        String more = String.valueOf(gaps.contradiction("odd", Map.of("WAIT-01", gap, "WAIT-02", passed)));
        assertTrue(more.contains("have come out: WAIT-02"), more);
        String less = String.valueOf(gaps.contradiction("third", Map.of("WAIT-01", gap)));
        assertTrue(less.contains("not in it: WAIT-01 [why]"), less);
        Files.writeString(file, "| WAIT-99 | odd | x |\n");
        assertThrows(UsageException.class, () -> ExpectedGaps.read(file, Specification.load()));
        Files.writeString(file, "| WAIT-01 | odd |\n");
        assertThrows(UsageException.class, () -> ExpectedGaps.read(file, Specification.load()));
    }

    @Test
    void whatDiffersHereIsNotTestedAndSaysWhy(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("place.properties");
        Files.writeString(file, "WAIT-01 = this place is odd\n");
        Said said = run("--backend", "linux", "--rule", "WAIT-01", "--environment", file.toString());
        assertEquals(0, said.code(), said.out() + said.err());
        assertTrue(said.out().contains("\nNOT-TESTED WAIT-01 "), said.out());
        assertTrue(said.out().contains("this place is odd"), said.out());
    }
}
