// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run as {@code report.json}:
 *
 * <pre>
 * { "format": "osprocess-tck", "formatVersion": 1,
 *   "passed": no rule failed,
 *   "complete": every rule of the specification was traced,
 *   "system": { word: text },
 *   "environment": { "read": [name or file], "differences": { rule: cause } },
 *   "subjects": [ { "name", "available", "cause" (or null), "facts": { word: [text] },
 *                   "deviations": { rule: cause } (declared by the backend; these rules are NOT-TESTED), "millis",
 *                   "summary": { "traced", "PASS", "FAIL", "REFUSED", "NOT-TESTED" },
 *                   "trouble": [failures outside of any rule] } ],
 *   "rules": [ { "id", "area", "sentence" (Markdown), "state" (Markdown),
 *                "results": { subject: { "outcome", "reasons": [text], "tests": [name], "millis" } } } ] }
 * </pre>
 *
 * The first subject is {@code engine}: what was proved on the scripted kernel. It has results only for rules that it has
 * tests for, and they count for every other subject too. Fields may be added; a change that readers would notice raises
 * {@code formatVersion}.
 */
final class JsonReport {
    private JsonReport() {}

    static String of(KitReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", "osprocess-tck");
        json.put("formatVersion", 1);
        json.put("passed", !report.failed());
        json.put("complete", report.whole());
        json.put("system", report.facts());
        Map<String, String> differences = new LinkedHashMap<>();
        for (Difference difference : report.differences()) {
            differences.put(difference.rule(), difference.cause());
        }
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("read", report.environments());
        environment.put("differences", differences);
        json.put("environment", environment);
        List<Object> subjects = new ArrayList<>();
        report.columns().forEach(column -> subjects.add(subject(column)));
        json.put("subjects", subjects);
        List<Object> rules = new ArrayList<>();
        report.rules().forEach(rule -> rules.add(rule(rule, report)));
        json.put("rules", rules);
        return Json.of(json);
    }

    private static Map<String, Object> subject(Column column) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("traced", column.verdicts().size());
        for (Outcome outcome : Outcome.values()) {
            summary.put(outcome.word(), column.count(outcome));
        }
        Map<String, Object> subject = new LinkedHashMap<>();
        subject.put("name", column.name());
        subject.put("available", column.isAvailable());
        subject.put("cause", column.cause());
        subject.put("facts", column.facts());
        subject.put("deviations", column.deviations());
        subject.put("millis", column.millis());
        subject.put("summary", summary);
        subject.put("trouble", column.trouble());
        return subject;
    }

    private static Map<String, Object> rule(SpecifiedRule rule, KitReport report) {
        Map<String, Object> results = new LinkedHashMap<>();
        for (Column column : report.ran()) {
            RuleResult found = column.verdicts().get(rule.id());
            if (found != null) {
                Map<String, Object> result = new LinkedHashMap<>();
                result.put("outcome", found.outcome().word());
                result.put("reasons", found.reasons());
                result.put("tests", found.tests());
                result.put("millis", found.millis());
                results.put(column.name(), result);
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", rule.id());
        json.put("area", rule.area());
        json.put("sentence", rule.sentence());
        json.put("state", rule.state());
        json.put("results", results);
        return json;
    }
}
