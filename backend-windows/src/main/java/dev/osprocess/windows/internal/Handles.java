// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

/** Giving back handles where nobody could do anything about a failure. */
final class Handles {
    private Handles() {}

    /** Closes a handle that was ours; 0 is none. */
    static void close(WindowsSyscalls calls, long handle) {
        if (handle != 0) {
            try {
                calls.closeHandle(handle);
            } catch (Win32Exception wrong) {
                // it was not open, so nothing is left behind; the failure that brought us here is the one to report
            }
        }
    }
}
