// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

/** How a rule came out with a subject. */
public enum Outcome {
    /** Every test of the rule passed. */
    PASS("PASS"),
    /** A test of the rule failed. */
    FAIL("FAIL"),
    /** The backend lacks the capability, and refuses properly. */
    REFUSED("REFUSED"),
    /** Not tested, for a reason that is given. */
    NOT_TESTED("NOT-TESTED");

    /** The key of a test's report entry that holds the name of an outcome. */
    public static final String KEY = "osprocess.outcome";

    /** The key of its reason. */
    public static final String REASON = "osprocess.reason";

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    /** As reports write it. */
    public String word() {
        return word;
    }
}
