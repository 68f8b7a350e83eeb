// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import java.util.regex.Pattern;

/**
 * A rule that does not hold where the kit runs, through no fault of the backend: an emulation that lacks something.
 *
 * @param rule the rule's id, or one of its tests alone: {@code WAIT-01#wait01_theEndOfAPipeIsNotTheEndOfTheProcess}
 * @param cause what is missing there, and how that is known
 */
public record Difference(String rule, String cause) {
    private static final Pattern ID = Pattern.compile("[A-Z]+-[0-9]{2}(#[a-z]\\w*)?");

    /** Checks both. */
    public Difference {
        if (!ID.matcher(rule).matches()) {
            throw new IllegalArgumentException("'" + rule + "' is no rule id; write one as in docs/specification.md");
        }
        if (cause.isBlank()) {
            throw new IllegalArgumentException("a difference in " + rule + " needs a cause");
        }
    }
}
