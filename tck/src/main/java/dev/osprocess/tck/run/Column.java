// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One subject of a run, with what came out.
 *
 * @param name what it is called: {@code linux:pid}
 * @param cause why it is not available here; null if it is
 * @param facts what is declared of it, in words
 * @param deviations rules that its backend declares it cannot keep, each with its cause (ADR 0016)
 * @param verdicts how each traced rule came out; of the engine only those that it has tests for
 * @param trouble what failed outside of any rule
 * @param millis how long it took
 */
record Column(
        String name,
        @Nullable String cause,
        Map<String, List<String>> facts,
        Map<String, String> deviations,
        Map<String, RuleResult> verdicts,
        List<String> trouble,
        long millis) {
    static Column unavailable(String name, String cause) {
        return new Column(name, cause, Map.of(), Map.of(), Map.of(), List.of(), 0);
    }

    boolean isAvailable() {
        return cause == null;
    }

    /** How many rules came out so. */
    long count(Outcome outcome) {
        return verdicts.values().stream()
                .filter(result -> result.outcome() == outcome)
                .count();
    }

    boolean failed() {
        return count(Outcome.FAIL) > 0 || !trouble.isEmpty();
    }

    /** {@code 230 traced = 150 PASS + 0 FAIL + 4 REFUSED + 76 NOT-TESTED (8 of these by a declared deviation)}. */
    String summary() {
        List<String> parts = new ArrayList<>();
        for (Outcome outcome : List.of(Outcome.PASS, Outcome.FAIL, Outcome.REFUSED, Outcome.NOT_TESTED)) {
            parts.add(count(outcome) + " " + outcome.word());
        }
        return verdicts.size() + " traced = " + String.join(" + ", parts)
                + (deviations.isEmpty() ? "" : " (" + deviations.size() + " of these by a declared deviation)")
                + (trouble.isEmpty() ? "" : ", and " + trouble.size() + " failed outside of any rule");
    }

    /** Every failure once, with the rules that it fails. */
    Map<String, List<String>> failures() {
        Map<String, List<String>> failures = new LinkedHashMap<>();
        verdicts.forEach((rule, result) -> {
            if (result.outcome() == Outcome.FAIL) {
                for (String reason : result.reasons()) {
                    failures.computeIfAbsent(reason, text -> new ArrayList<>()).add(rule);
                }
            }
        });
        return failures;
    }
}
