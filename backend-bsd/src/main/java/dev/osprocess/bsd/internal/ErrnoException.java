// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** A system call failed: which one, and with what. Without a stack trace; never leaves the backend but as a cause. */
final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final Errno error;
    private final int number;

    ErrnoException(String call, Errno error, int number) {
        super(null, null, false, false);
        this.call = call;
        this.error = error;
        this.number = number;
    }

    /** {@code kill: ESRCH (3) no such process}. */
    @Override
    public String getMessage() {
        return call + ": " + error.label() + " (" + number + ") " + error.text();
    }

    String call() {
        return call;
    }

    Errno error() {
        return error;
    }

    /** The system's number, for whoever looks it up there. */
    int number() {
        return number;
    }
}
