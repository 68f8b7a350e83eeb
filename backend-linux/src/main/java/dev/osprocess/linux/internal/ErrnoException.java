// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/** A system call failed: which one, and with what. Without a stack trace; never leaves the backend but as a cause. */
final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    ErrnoException(String call, int errno) {
        super(null, null, false, false);
        this.call = call;
        this.errno = errno;
    }

    /** Made when it is asked for: at the limit of open files, loading the table of texts could fail. */
    @Override
    public String getMessage() {
        return call + ": " + Errno.describe(errno);
    }

    String call() {
        return call;
    }

    int errno() {
        return errno;
    }
}
