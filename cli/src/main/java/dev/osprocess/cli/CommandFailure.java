// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

/** The command cannot go on: one line for stderr, and what to exit with. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailure(int exitCode, String text) {
        super(text, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    /** Its own text; never null. */
    String text() {
        return String.valueOf(getMessage());
    }
}
