// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run as one page that needs nothing else: rules by subjects, with every failure's text. */
final class HtmlReport {
    /** From what a reader looks for first to what is left. */
    private static final List<Outcome> ORDER = List.of(Outcome.PASS, Outcome.FAIL, Outcome.REFUSED, Outcome.NOT_TESTED);

    /** With more subjects than this, only signs fit into the columns. */
    private static final int WIDE = 5;

    /** With more failures than this, their texts are shut. */
    private static final int OPEN = 3;

    private static final int MILLIS = 1000;

    private final StringBuilder html = new StringBuilder();
    private final KitReport report;
    private final List<Column> columns;

    private HtmlReport(KitReport report) {
        this.report = report;
        columns = report.ran();
    }

    static String of(KitReport report) {
        HtmlReport page = new HtmlReport(report);
        page.write();
        return page.html.toString();
    }

    private void write() {
        add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        add("<title>osprocess conformance: " + escaped(verdict()) + "</title>\n");
        add("<style>\n" + style() + "</style>\n</head>\n<body>\n");
        head();
        subjects();
        failures();
        map();
        rules();
        copy();
        add("</body>\n</html>\n");
    }

    private void add(String markup) {
        html.append(markup);
    }

    private String verdict() {
        if (!report.failed()) {
            return "no rule failed";
        }
        long rules = report.rules().stream()
                .filter(rule -> columns.stream().anyMatch(column -> is(column, rule, Outcome.FAIL)))
                .count();
        return rules == 0 ? "the kit failed" : rules == 1 ? "1 rule failed" : rules + " rules failed";
    }

    private static boolean is(Column column, SpecifiedRule rule, Outcome outcome) {
        RuleResult result = column.verdicts().get(rule.id());
        return result != null && result.outcome() == outcome;
    }

    private void head() {
        String outcome = (report.failed() ? Outcome.FAIL : Outcome.PASS).word();
        long subjects = columns.stream()
                .filter(column -> !column.name().equals(KitReport.ENGINE))
                .count();
        add("<header>\n<h1>osprocess conformance</h1>\n<p class=\"verdict\"><span class=\"word " + outcome + "\">"
                + (report.failed() ? "✗ FAIL" : "✓ PASS") + "</span> " + escaped(verdict()) + " <span class=\"soft\">("
                + report.rules().size() + (report.whole() ? " rules" : " chosen rules") + ", "
                + subjects + (subjects == 1 ? " subject" : " subjects")
                + ")</span></p>\n</header>\n");
    }

    private void subjects() {
        add("<div class=\"card system\"><dl class=\"facts\">");
        report.facts().forEach(this::systemFact);
        if (!report.environments().isEmpty()) {
            systemFact("environment", String.join(", ", report.environments()));
        }
        add("</dl></div>\n<section class=\"cards\">\n");
        columns.forEach(this::card);
        add("</section>\n");
        for (Column column : report.unavailable()) {
            add("<p>Not available here: <b>" + escaped(column.name()) + "</b>, "
                    + escaped(String.valueOf(column.cause())) + "</p>\n");
        }
        if (!report.differences().isEmpty()) {
            add("<h2>What differs here</h2>\n<dl class=\"facts\">");
            for (Difference difference : report.differences()) {
                fact(difference.rule(), difference.cause());
            }
            add("</dl>\n");
        }
    }

    private void systemFact(String word, String is) {
        add("<div>");
        fact(word, is);
        add("</div>");
    }

    private void fact(String word, String is) {
        add("<dt>" + escaped(word) + "</dt><dd>" + escaped(is) + "</dd>");
    }

    private void card(Column column) {
        add("<div class=\"card\"><h3>" + escaped(column.name()) + " <span class=\"soft\">"
                + String.format(Locale.ROOT, "%.1f s", column.millis() / (double) MILLIS) + "</span></h3>\n");
        add("<div class=\"bar\" aria-hidden=\"true\">");
        for (Outcome outcome : ORDER) {
            if (column.count(outcome) > 0) {
                add("<i class=\"" + outcome.word() + "\" style=\"flex:" + column.count(outcome) + "\"></i>");
            }
        }
        add("</div>\n<dl class=\"counts\">");
        for (Outcome outcome : ORDER) {
            add("<dt>" + column.count(outcome) + "</dt><dd>" + mark(outcome) + "</dd>");
        }
        add("<dt>" + column.verdicts().size() + "</dt><dd>traced</dd></dl>\n");
        add("<details><summary>What is declared</summary><dl class=\"facts\">");
        column.facts().forEach((word, values) -> fact(word, values.isEmpty() ? "nothing" : String.join(", ", values)));
        add("</dl></details>\n");
        if (!column.deviations().isEmpty()) {
            add("<details><summary>" + column.deviations().size()
                    + " declared deviations</summary><dl class=\"facts\">");
            column.deviations()
                    .forEach((rule, cause) -> add("<dt>" + link(rule) + "</dt><dd>" + escaped(cause) + "</dd>"));
            add("</dl></details>\n");
        }
        add("</div>\n");
    }

    private void failures() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Column column : columns) {
            String name = escaped(column.name());
            for (String trouble : column.trouble()) {
                all.computeIfAbsent(trouble, text -> new ArrayList<>()).add(name + ", outside of any rule");
            }
            column.failures().forEach((failure, rules) -> {
                List<String> links = rules.stream().map(HtmlReport::link).toList();
                all.computeIfAbsent(failure, text -> new ArrayList<>()).add(name + ": " + String.join(", ", links));
            });
        }
        if (all.isEmpty()) {
            return;
        }
        add("<h2 id=\"failures\">Failures</h2>\n");
        all.forEach((failure, places) -> {
            String first = failure.strip().lines().findFirst().orElse("");
            add((all.size() > OPEN ? "<details>" : "<details open>") + "<summary>" + mark(Outcome.FAIL) + " "
                    + String.join("; ", places) + "<br>" + escaped(first) + "</summary><pre>" + escaped(failure.strip())
                    + "</pre></details>\n");
        });
    }

    private static String link(String rule) {
        return "<a href=\"#" + rule.toLowerCase(Locale.ROOT) + "\">" + escaped(rule) + "</a>";
    }

    /** Every rule as one small field: the whole run on half a screen. */
    private void map() {
        add("<h2>At a glance</h2>\n<p class=\"legend\">");
        for (Outcome outcome : ORDER) {
            add("<span>" + mark(outcome) + "</span>");
        }
        add("<span class=\"soft\">a field is a rule, with its number; it leads to the rule</span></p>\n");
        add("<table class=\"map\"><thead><tr><th>Area</th>");
        columns.forEach(column -> add("<th>" + escaped(column.name()) + "</th>"));
        add("</tr></thead>\n<tbody>\n");
        report.areas().keySet().forEach(area -> {
            List<SpecifiedRule> rules = of(area);
            if (!rules.isEmpty()) {
                add("<tr><th>" + area + "</th>");
                columns.forEach(column -> fields(column, rules));
                add("</tr>\n");
            }
        });
        add("</tbody></table>\n");
    }

    private List<SpecifiedRule> of(String area) {
        return report.rules().stream().filter(rule -> rule.area().equals(area)).toList();
    }

    private void fields(Column column, List<SpecifiedRule> rules) {
        add("<td><div class=\"cells\">");
        for (SpecifiedRule rule : rules) {
            RuleResult result = column.verdicts().get(rule.id());
            if (result != null) {
                add("<a class=\"" + result.outcome().word() + "\" href=\"#"
                        + rule.id().toLowerCase(Locale.ROOT) + "\" title=\"" + rule.id() + " "
                        + result.outcome().word() + ": " + escaped(rule.title()) + "\">"
                        + rule.id().substring(rule.area().length() + 1) + "</a>");
            }
        }
        add("</div></td>");
    }

    private void rules() {
        add("<h2>Rules</h2>\n<table class=\"rules" + (columns.size() > WIDE ? " many" : "") + "\"><thead><tr>");
        add("<th class=\"id\">Rule</th><th>What holds</th>");
        columns.forEach(column -> add("<th class=\"outcome\">" + escaped(column.name()) + "</th>"));
        add("</tr></thead>\n<tbody>\n");
        report.areas().forEach((area, title) -> {
            List<SpecifiedRule> rules = of(area);
            if (!rules.isEmpty()) {
                add("<tr class=\"area\"><th colspan=\"" + (columns.size() + 2) + "\">" + area + "<small>"
                        + escaped(title) + "</small></th></tr>\n");
                rules.forEach(this::row);
            }
        });
        add("</tbody></table>\n");
    }

    private void row(SpecifiedRule rule) {
        add("<tr id=\"" + rule.id().toLowerCase(Locale.ROOT) + "\"><td class=\"id\">" + rule.id() + "</td><td>"
                + inline(rule.sentence()));
        notes(rule);
        add("</td>");
        for (Column column : columns) {
            RuleResult result = column.verdicts().get(rule.id());
            add("<td class=\"outcome\">"
                    + (result == null
                            ? "<span class=\"none\" title=\"not shown by the engine alone\">·</span>"
                            : mark(result.outcome()))
                    + "</td>");
        }
        add("</tr>\n");
    }

    /** Why it came out so; the same text of several subjects once. */
    private void notes(SpecifiedRule rule) {
        Map<String, List<String>> notes = new LinkedHashMap<>();
        boolean failed = false;
        for (Column column : columns) {
            RuleResult result = column.verdicts().get(rule.id());
            if (result != null) {
                failed |= result.outcome() == Outcome.FAIL;
                for (String reason : result.reasons()) {
                    notes.computeIfAbsent(reason, text -> new ArrayList<>()).add(column.name());
                }
            }
        }
        if (notes.isEmpty()) {
            return;
        }
        add(failed ? "<details class=\"rule-notes\"><summary>why</summary>" : "<div class=\"rule-notes\">");
        notes.forEach((reason, names) -> {
            String who = "<b>" + escaped(String.join(", ", names)) + ":</b> ";
            add(
                    reason.contains("\n")
                            ? who + "<pre>" + escaped(reason.strip()) + "</pre>"
                            : "<div>" + who + inline(reason) + "</div>");
        });
        add(failed ? "</details>" : "</div>");
    }

    private static String mark(Outcome outcome) {
        String sign =
                switch (outcome) {
                    case PASS -> "✓";
                    case FAIL -> "✗";
                    case REFUSED -> "⊘";
                    case NOT_TESTED -> "–";
                };
        return "<span class=\"mark " + outcome.word() + "\" title=\"" + outcome.word() + "\">" + sign
                + " <span class=\"word\">" + outcome.word() + "</span></span>";
    }

    private void copy() {
        add("""
                <h2>For a bug report</h2>
                <p class="copy"><button type="button" id="copy">Copy as text</button> <span id="copied" role="status"></span></p>
                <details><summary>The text</summary><pre id="text">""");
        add(escaped(TextReport.brief(report)));
        add("""
                </pre></details>
                <script>
                document.getElementById("copy").onclick = function () {
                  var text = document.getElementById("text"), say = document.getElementById("copied");
                  function byHand() {
                    text.parentNode.open = true;
                    getSelection().selectAllChildren(text);
                    say.textContent = document.execCommand("copy") ? "copied" : "selected: copy it with the keyboard";
                  }
                  if (navigator.clipboard) {
                    navigator.clipboard.writeText(text.textContent).then(function () { say.textContent = "copied"; }, byHand);
                  } else {
                    byHand();
                  }
                };
                </script>
                """);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** The specification's Markdown, of which only code and links occur in rules; links lead into a source tree. */
    private static String inline(String markdown) {
        return escaped(markdown)
                .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .replaceAll("`([^`]*)`", "<code>$1</code>");
    }

    private static String style() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("the kit was packed without its report.css");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
