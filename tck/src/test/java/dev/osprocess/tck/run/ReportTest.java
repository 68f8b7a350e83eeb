// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What every report must have; how it says it may change. */
final class ReportTest {
    private static final String FAILURE = "ATest.wait01: expected <1> & not \"2\"\n  look at Target.collect\n";

    private static RuleResult result(String rule, Outcome outcome, String... reasons) {
        return new RuleResult(rule, outcome, List.of("ATest.test"), List.of(reasons), 5);
    }

    private static KitReport report(boolean failing) {
        List<SpecifiedRule> rules = List.of(
                new SpecifiedRule("ID-01", "ID", "`pid()` MUST be <it>.", "why", "kept: `a/B`"),
                new SpecifiedRule("WAIT-01", "WAIT", "It MUST. And so on.", "why", "kept: `a/B`"),
                new SpecifiedRule("WAIT-02", "WAIT", "It MAY.", "why", "not yet: Windows"),
                new SpecifiedRule("WAIT-03", "WAIT", "It MUST NOT.", "why", "kept: `a/B`"));
        Map<String, RuleResult> verdicts = new LinkedHashMap<>();
        verdicts.put("ID-01", result("ID-01", Outcome.PASS));
        verdicts.put("WAIT-01", failing ? result("WAIT-01", Outcome.FAIL, FAILURE) : result("WAIT-01", Outcome.PASS));
        verdicts.put("WAIT-02", result("WAIT-02", Outcome.NOT_TESTED, "not yet: Windows"));
        verdicts.put("WAIT-03", result("WAIT-03", Outcome.REFUSED, "withHandle throws"));
        Map<String, String> areas = new LinkedHashMap<>();
        areas.put("ID", "Identity");
        areas.put("WAIT", "Waiting");
        return new KitReport(
                Map.of("system", "Some <OS>"),
                areas,
                rules,
                false,
                List.of(
                        new Column(
                                KitReport.ENGINE,
                                null,
                                Map.of(),
                                Map.of(),
                                Map.of("ID-01", result("ID-01", Outcome.PASS)),
                                List.of(),
                                7),
                        new Column(
                                "mine",
                                null,
                                Map.of("lacks", List.of("HANDLE")),
                                Map.of("WAIT-02", "mine cannot <this>"),
                                verdicts,
                                List.of(),
                                9),
                        Column.unavailable("other", "no such kernel")),
                List.of("place"),
                List.of(new Difference("WAIT-02", "odd place")));
    }

    @Test
    void theTextHasALineForEachRuleEveryFailureOnceAndTheSum() {
        String text = TextReport.of(report(true));
        for (String part : List.of(
                "PASS       ID-01     pid() MUST be <it>.\n",
                "FAIL       WAIT-01   It MUST.\n",
                "NOT-TESTED WAIT-02   It MAY. [not yet: Windows]\n",
                "REFUSED    WAIT-03   It MUST NOT. [withHandle throws]\n",
                "other: no such kernel",
                "WAIT-02: odd place",
                "\nFAIL mine: WAIT-01\n",
                "look at Target.collect",
                "  deviates         WAIT-02: mine cannot <this>\n",
                "mine: 4 traced = 1 PASS + 1 FAIL + 1 REFUSED + 1 NOT-TESTED (1 of these by a declared deviation)",
                "A RULE FAILED\n")) {
            assertTrue(text.contains(part), () -> part + " is not in " + text);
        }
        assertEquals(2, text.split("expected <1>", -1).length);
        assertTrue(TextReport.of(report(false)).endsWith("NO RULE FAILED\n"));
    }

    @Test
    void theTextForABugReportLeavesOutWhatPassed() {
        String text = TextReport.brief(report(true));
        assertFalse(text.contains("PASS       ID-01"), text);
        assertTrue(text.contains("FAIL mine: WAIT-01"), text);
        assertTrue(text.contains("Some <OS>"), text);
    }

    @Test
    void jsonHasTheDocumentedFieldsInOrder() {
        String json = JsonReport.of(report(true));
        List<String> names = new ArrayList<>();
        Matcher name = Pattern.compile("(?m)^  \"(\\w+)\":").matcher(json);
        while (name.find()) {
            names.add(name.group(1));
        }
        assertEquals(
                List.of("format", "formatVersion", "passed", "complete", "system", "environment", "subjects", "rules"),
                names);
        for (String part : List.of(
                "\"passed\": false",
                "\"complete\": false",
                "\"cause\": null",
                "\"cause\": \"no such kernel\"",
                "\"NOT-TESTED\": 1",
                "\"deviations\": {",
                "\"WAIT-02\": \"mine cannot <this>\"",
                "\"outcome\": \"REFUSED\"",
                "expected <1> & not \\\"2\\\"\\n  look at")) {
            assertTrue(json.contains(part), () -> part + " is not in " + json);
        }
        assertTrue(json.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), "plain ASCII");
    }

    @Test
    void thePageStandsAloneAndHasEveryRuleAndSubject() {
        String page = HtmlReport.of(report(true));
        assertFalse(Pattern.compile("(?:src|href)=\"(?!#)").matcher(page).find(), "it needs another file");
        assertFalse(page.contains("@import") || page.contains("url("), "it needs another file");
        for (String part : List.of(
                "<tr id=\"id-01\">",
                "<tr id=\"wait-03\">",
                "<code>pid()</code> MUST be &lt;it&gt;.",
                "Some &lt;OS&gt;",
                "✗ <span class=\"word\">FAIL</span>",
                "expected &lt;1&gt; &amp; not &quot;2&quot;",
                "look at Target.collect",
                "<b>other</b>, no such kernel",
                "odd place",
                "1 declared deviations",
                "<a href=\"#wait-02\">WAIT-02</a></dt><dd>mine cannot &lt;this&gt;",
                "prefers-color-scheme: dark",
                "@media print",
                "id=\"copy\"")) {
            assertTrue(page.contains(part), () -> part + " is not in the page");
        }
        assertEquals(4, page.split("<tr id=\"", -1).length - 1, "rows of rules");
        assertEquals(page.split("<details", -1).length, page.split("</details>", -1).length, "every element is closed");
        assertTrue(page.contains("1 rule failed"));
        assertTrue(HtmlReport.of(report(false)).contains("no rule failed"));
    }
}
