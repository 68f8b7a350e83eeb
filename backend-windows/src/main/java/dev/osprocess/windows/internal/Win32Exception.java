// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

/** A Win32 function failed: which one, and with what. Without a stack trace; never leaves the backend but as a cause. */
final class Win32Exception extends Exception {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int error;

    Win32Exception(String call, int error) {
        super(null, null, false, false);
        this.call = call;
        this.error = error;
    }

    @Override
    public String getMessage() {
        return call + ": " + Win32Error.describe(error);
    }

    String call() {
        return call;
    }

    int error() {
        return error;
    }
}
