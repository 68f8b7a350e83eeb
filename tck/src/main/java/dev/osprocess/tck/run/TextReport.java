// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run in lines: for the terminal, and for a bug report. */
final class TextReport {
    private final StringBuilder text = new StringBuilder();

    private TextReport() {}

    /** All of it: one line a rule for each subject. */
    static String of(KitReport report) {
        TextReport written = new TextReport();
        written.head(report);
        List<Column> ran = report.ran();
        for (Column column : ran) {
            if (!column.name().equals(KitReport.ENGINE) || ran.size() == 1) {
                written.line("");
                written.rules(column, report.rules());
            }
        }
        written.failures(report);
        written.line("");
        written.summary(report);
        return written.text.toString();
    }

    /** What a bug report needs: without the rules that passed. */
    static String brief(KitReport report) {
        TextReport written = new TextReport();
        written.head(report);
        written.line("");
        written.summary(report);
        written.failures(report);
        return written.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void fact(String word, String is) {
        line(String.format(Locale.ROOT, "%-18s %s", word, is));
    }

    private void head(KitReport report) {
        report.facts().forEach(this::fact);
        fact("rules", report.rules().size() + (report.whole() ? ", all that there are" : ", a choice"));
        for (String environment : report.environments()) {
            fact("environment", environment);
        }
        for (Difference difference : report.differences()) {
            fact("  differs", difference.rule() + ": " + difference.cause());
        }
        for (Column column : report.ran()) {
            fact("subject", column.name());
            column.facts()
                    .forEach((word, values) ->
                            fact("  " + word, values.isEmpty() ? "nothing" : String.join(", ", values)));
            column.deviations().forEach((rule, cause) -> fact("  deviates", rule + ": " + cause));
        }
        for (Column column : report.unavailable()) {
            fact("not available", column.name() + ": " + column.cause());
        }
    }

    private void rules(Column column, List<SpecifiedRule> rules) {
        line(column.name() + ":");
        for (SpecifiedRule rule : rules) {
            RuleResult result = column.verdicts().get(rule.id());
            if (result != null) {
                String reason =
                        result.outcome() == Outcome.FAIL || result.reasons().isEmpty()
                                ? ""
                                : " [" + String.join("; ", result.reasons()).replaceAll("\\s+", " ") + "]";
                line(String.format(
                        Locale.ROOT, "%-10s %-9s %s%s", result.outcome().word(), rule.id(), rule.title(), reason));
            }
        }
    }

    /** Each text once, with where it came up. */
    private void failures(KitReport report) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Column column : report.ran()) {
            column.trouble().forEach(trouble -> all.computeIfAbsent(trouble, text -> new ArrayList<>())
                    .add(column.name()));
            column.failures().forEach((failure, rules) -> all.computeIfAbsent(failure, text -> new ArrayList<>())
                    .add(column.name() + ": " + String.join(", ", rules)));
        }
        all.forEach((failure, places) -> {
            line("");
            line("FAIL " + String.join("; ", places));
            failure.strip().lines().forEach(line -> line("  " + line));
        });
    }

    private void summary(KitReport report) {
        for (Column column : report.ran()) {
            line(String.format(
                    Locale.ROOT, "%s: %s (%.1f s)", column.name(), column.summary(), column.millis() / 1000.0));
        }
        line(report.failed() ? "A RULE FAILED" : "NO RULE FAILED");
    }
}
