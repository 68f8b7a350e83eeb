// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Adds up the tests of one rule. */
final class RuleOutcome {
    /** From what counts least to what counts most. */
    private static final List<Outcome> WEIGHTS =
            List.of(Outcome.NOT_TESTED, Outcome.REFUSED, Outcome.PASS, Outcome.FAIL);

    private final List<String> tests = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private Outcome outcome = Outcome.NOT_TESTED;
    private long nanos;

    void add(String test, Outcome came, @Nullable String reason, long took) {
        tests.add(test);
        nanos += took;
        List<String> texts = came == Outcome.FAIL ? failures : reasons;
        if (reason != null && !texts.contains(reason)) {
            texts.add(reason);
        }
        if (WEIGHTS.indexOf(came) > WEIGHTS.indexOf(outcome)) {
            outcome = came;
        }
    }

    RuleResult of(String rule) {
        List<String> told = outcome == Outcome.FAIL ? failures : reasons;
        return new RuleResult(rule, outcome, tests, told, TimeUnit.NANOSECONDS.toMillis(nanos));
    }
}
