// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/specification.md and the tests of all modules say the same of each other; and what checks that can fail. */
final class SpecificationTest {
    // ---- the real ones

    @Test
    void specificationAndTestsAgree() throws IOException {
        Path root = root();
        TestSources tests = TestSources.below(root);
        assertTrue(tests.hasClass("backend-linux/WaitTest"), "the sources of the modules are not below " + root);
        Path notTested = root.resolve("tck/src/main/resources/dev/osprocess/tck/not-tested.tsv");
        String specification = Files.readString(root.resolve("docs/specification.md"));
        String reasons = Files.readString(notTested);
        List<String> problems = SpecificationCheck.problems(specification, reasons, SpecificationCheck.COUNTS, tests);
        assertEquals(List.of(), problems, () -> "docs/specification.md:\n" + String.join("\n", problems) + "\n");
        assertEquals(
                List.of(),
                SpecificationCheck.unanswered(specification, reasons, SpecificationCheck.COUNTS, tests),
                "rules with neither a test of the kit nor a line in not-tested.tsv; write one");
    }

    @Test
    void aRuleThatNobodyAnswersForIsNamed() {
        assertEquals(
                List.of("REL-02"), SpecificationCheck.unanswered(GOOD, "REL-01\tbecause\n", TWO, new TestSources()));
        assertEquals(
                List.of(), SpecificationCheck.unanswered(GOOD, "REL-01\tso\nREL-02\tso\n", TWO, new TestSources()));
    }

    @Test
    void theColumnsOfTheBackendsSayWhatIsDeclaredAndTested() throws IOException {
        assumeTrue(
                System.getProperty("os.name", "").equals("Linux"),
                "the JDK fallback and the BSD backend declare here what they can do on Linux");
        Path root = root();
        List<String> problems = new BackendColumns(TestSources.below(root))
                .problems(Files.readString(root.resolve("docs/specification.md")), SpecificationCheck.COUNTS.keySet());
        assertEquals(
                List.of(),
                problems,
                () -> "docs/specification.md (BackendColumns.main writes the cells anew):\n"
                        + String.join("\n", problems) + "\n");
    }

    /** The folder with docs, from the module that surefire runs, or from wherever an IDE stands. */
    private static Path root() {
        String base = System.getProperty("basedir", System.getProperty("user.dir", "."));
        for (Path folder = Path.of(base).toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("docs/specification.md"))) {
                return folder;
            }
        }
        throw new AssertionError("no docs/specification.md above " + base);
    }

    // ---- the check itself

    private static final Map<String, Integer> TWO = Map.of("REL", 2);

    private static final String GOOD = """
            | id | rule | why | linux | windows | bsd | jdk | state |
            |---|---|---|---|---|---|---|---|
            | <a id="rel-01"></a>REL-01 | It MUST do. | because | both | kit | own | kit | kept: `tck/ATest#rel01*`, `tck/ATest` |
            | <a id="rel-02"></a>REL-02 | It MAY. | because | – | – | – | – | not yet: command layer |

            | id | decision |
            |---|---|
            | <a id="d4"></a>D4 | Close never kills. |
            | <a id="ev-02"></a>EV-02 | Callbacks. |
            """;

    private static final String TEST = """
            /** Names @Rule("XX-99") in a comment only. */
            @Rule("REL-01")
            final class ATest {
              @ParameterizedTest
              @Rule({"D4", "EV-02"})
              @CsvSource({"a,b)"})
              void rel01_d4_itDoes(String one) throws Exception {
                helper("@Rule(\\"XX-98\\") void xx97_no() {}"); // void xx96_no() {}
              }
              private static Stream<String> helper(String text) { return other(text); }
            }
            """;

    private static TestSources tests(String source) {
        TestSources tests = new TestSources();
        tests.add("tck", "ATest", source, true);
        return tests;
    }

    private static String onlyProblem(String specification, String source) {
        List<String> problems = SpecificationCheck.problems(specification, "", TWO, tests(source));
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    private static String changed(String from, String to) {
        assertTrue(GOOD.contains(from));
        return GOOD.replace(from, to);
    }

    @Test
    void whatIsRightHasNoProblems() {
        assertEquals(List.of(), SpecificationCheck.problems(GOOD, "", TWO, tests(TEST)));
    }

    @Test
    void claimsAreReadFromTagsAndNamesAndNotFromTextsAndComments() {
        assertEquals(
                List.of(
                        new TestSources.Claim("REL-01", "tck/ATest", true),
                        new TestSources.Claim("D4", "tck/ATest#rel01_d4_itDoes", true),
                        new TestSources.Claim("EV-02", "tck/ATest#rel01_d4_itDoes", true),
                        new TestSources.Claim("REL-01", "tck/ATest#rel01_d4_itDoes", false),
                        new TestSources.Claim("D4", "tck/ATest#rel01_d4_itDoes", false)),
                tests(TEST).claims());
    }

    @Test
    void declarationsAreMethodsAndCallsAreNot() {
        TestSources tests = tests(TEST);
        assertTrue(tests.hasMethod("tck/ATest", "helper"));
        assertEquals(false, tests.hasMethod("tck/ATest", "other"));
        assertEquals(false, tests.hasMethod("tck/ATest", "rel01"));
        assertTrue(tests.hasMethod("tck/ATest", "rel01*"));
    }

    @Test
    void aMissingRowIsNamed() {
        String row =
                GOOD.lines().filter(line -> line.contains("REL-02")).findFirst().orElseThrow();
        assertEquals(
                "REL-02 is missing; a rule that is given up keeps its row, with a state that says so",
                onlyProblem(changed(row + "\n", ""), TEST));
    }

    @Test
    void aRowThatIsThereTwiceIsNamed() {
        String row =
                GOOD.lines().filter(line -> line.contains("REL-02")).findFirst().orElseThrow();
        assertTrue(onlyProblem(changed(row, row + "\n" + row), TEST).startsWith("line 5: REL-02 is there twice"));
    }

    @Test
    void rowsOutOfOrderAndTooManyAreNamed() {
        String one =
                GOOD.lines().filter(line -> line.contains("REL-01")).findFirst().orElseThrow();
        String two =
                GOOD.lines().filter(line -> line.contains("REL-02")).findFirst().orElseThrow();
        List<String> swapped =
                SpecificationCheck.problems(changed(one + "\n" + two, two + "\n" + one), "", TWO, tests(TEST));
        assertTrue(swapped.get(0).startsWith("line 3: REL-02 stands where REL-01 is expected"), swapped::toString);
        assertTrue(onlyProblem(
                        changed(
                                two,
                                two + "\n" + two.replace("REL-02", "REL-03").replace("rel-02", "rel-03")),
                        TEST)
                .startsWith("line 5: REL-03 is more than the 2 rules of REL"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            not yet: command layer                = done                      = REL-02 has the state 'done'; write one of 'kept:
            not yet: command layer                = not yet: soon             = REL-02 waits for 'soon'; write one of system
            not yet: command layer                = kept, untested:           = REL-02 has the state 'kept, untested:'
            not yet: command layer                = kept: it is               = REL-02 is kept without a proof; name a test
            not yet: command layer                = kept: `tck/BTest`         = REL-02 names `tck/BTest`, and there is no such class
            not yet: command layer                = kept: `cli/ATest`         = REL-02 names `cli/ATest`, and there is no such class
            not yet: command layer                = deviates: so `tck/ATest#no` = REL-02 names `tck/ATest#no`, and the class has no such
            tck/ATest#rel01*                = ATest#rel01               = REL-01 names `ATest#rel01`, which is not of the form
            tck/ATest#rel01*                = tck/ATest#rel02*          = REL-01 names `tck/ATest#rel02*`, and the class has no such
            It MAY. | because               = It MAY.                   = REL-02 has 7 cells; a rule has eight
            because | –                     = because | yes             = REL-02 has 'yes' for linux; write both
            It MAY. | because | –           = It MAY. | | –             = REL-02 lacks its rule or its why
            """)
    void aWrongCellIsNamedWithItsRemedy(String from, String to, String problem) {
        String found = onlyProblem(changed(from, to), TEST);
        assertTrue(found.replaceFirst("line [0-9]+: ", "").startsWith(problem), found);
    }

    @Test
    void aMissingOrWrongAnchorIsNamed() {
        assertTrue(onlyProblem(changed("<a id=\"rel-02\">", "<a id=\"rel02\">"), TEST)
                .startsWith("line 4: REL-02 has the anchor 'rel02'; links need 'rel-02'"));
        List<String> problems = SpecificationCheck.problems(changed("<a id=\"rel-02\"></a>", ""), "", TWO, tests(TEST));
        assertTrue(problems.get(0).startsWith("line 4: REL-02 has no anchor"), problems::toString);
    }

    @Test
    void aTagOrANameWithAnUnknownIdIsNamed() {
        String remedy = ", which docs/specification.md does not have; correct the test, or add the id there";
        assertEquals(
                "tck/ATest#rel01_d4_itDoes names EV-03" + remedy, onlyProblem(GOOD, TEST.replace("EV-02", "EV-03")));
        assertEquals(
                "tck/ATest#rel01_rel9_itDoes names REL-09" + remedy,
                onlyProblem(GOOD, TEST.replace("rel01_d4_", "rel01_rel9_")));
        assertEquals(
                List.of(), SpecificationCheck.problems(GOOD, "", TWO, tests(TEST.replace("rel01_d4_", "rel01_utf8_"))));
    }

    @Test
    void aRowThatSaysUntestedAlthoughATestNamesItIsStale() {
        assertTrue(onlyProblem(changed("kept: `tck/ATest#rel01*`, `tck/ATest`", "kept, untested: later"), """
                class ATest { void rel01_it() {} }
                """)
                .startsWith("REL-01 is said to be untested, and tck/ATest#rel01_it names it"));
    }

    // ---- rules that the kit does not test

    private static final TestSources KIT = new TestSources();

    static {
        KIT.addKit("ATest", "class ATest { void rel01_it() {} void rel(){} }");
    }

    private static List<String> notTested(String lines) {
        return SpecificationCheck.problems(GOOD, lines, TWO, KIT);
    }

    @Test
    void aReasonForARuleThatNoTestNamesIsRight() {
        assertEquals(List.of(), notTested("REL-02\tneeds another system\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
            REL-03\\tno   = not-tested.tsv: REL-03 is no rule of docs/specification.md; correct the line, or take it out
            D4\\tno       = not-tested.tsv: D4 is no rule of docs/specification.md; correct the line, or take it out
            REL-02       = not-tested.tsv: REL-02 has no reason; write the id, a tab, and why no test of the kit can show it
            REL-01\\tno   = not-tested.tsv: REL-01 is tested by tck/ATest#rel01_it; take the line out
            REL-02\\ta\\nREL-02\\tb = not-tested.tsv: REL-02 is there twice; keep one line
            """)
    void aLineOfNotTestedThatIsWrongIsNamed(String lines, String problem) {
        assertEquals(List.of(problem), notTested(lines.translateEscapes()));
    }

    @Test
    void aProofInTheKitThatDoesNotNameTheRuleIsNamed() {
        TestSources silent = new TestSources();
        silent.addKit("ATest", "class ATest { void it() {} }");
        assertEquals(
                List.of("REL-01 is kept by `tck/ATest`, and no test of the kit names it; add it to the test's @Rule"),
                SpecificationCheck.problems(changed("`tck/ATest#rel01*`, ", ""), "", TWO, silent));
    }
}
