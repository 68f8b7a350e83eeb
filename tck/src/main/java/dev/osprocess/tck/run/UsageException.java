// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

/** The run cannot begin as it was asked for: one line that says why. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String text) {
        super(text, null, false, false);
    }

    /** Its text; never null. */
    String text() {
        return String.valueOf(getMessage());
    }
}
