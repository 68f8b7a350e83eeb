// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Outcome;
import java.util.List;

/**
 * How one rule came out with one subject.
 *
 * @param rule its id
 * @param outcome the what counts most of its tests: FAIL, then PASS, then REFUSED, then NOT-TESTED
 * @param tests the tests that ran for it
 * @param reasons why it failed, was refused or was not tested; one text a finding
 * @param millis how long its tests took together
 */
public record RuleResult(String rule, Outcome outcome, List<String> tests, List<String> reasons, long millis) {
    /** Copies the lists. */
    public RuleResult {
        tests = List.copyOf(tests);
        reasons = List.copyOf(reasons);
    }
}
