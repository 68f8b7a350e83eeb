// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.UnsupportedFeatureException;

/** A process that was found, held by a handle with the least rights that waiting and asking need. */
final class FoundTarget extends HandleTarget {
    /** To wait, and to read exit code and times. */
    static final int RIGHTS = WindowsAbi.SYNCHRONIZE | WindowsAbi.PROCESS_QUERY_LIMITED_INFORMATION;

    FoundTarget(WindowsSyscalls calls, long pid, long handle) {
        super(calls, pid, handle);
    }

    @Override
    void terminate() throws Win32Exception {
        long self = WindowsAbi.CURRENT_PROCESS;
        long entitled = calls.duplicateHandle(self, value(), self, WindowsAbi.PROCESS_TERMINATE, false, 0);
        try {
            calls.terminateProcess(entitled, WindowsAbi.KILLED);
        } finally {
            calls.closeHandle(entitled);
        }
    }

    @Override
    void interrupt() {
        throw new UnsupportedFeatureException(
                "the signal SIGINT to a process that was found",
                WindowsBackend.NAME,
                "Ctrl-Break goes to process groups, and whether this process leads one cannot be told");
    }
}
