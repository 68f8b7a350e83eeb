// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ProcessState;

/**
 * What an exit value of the JDK says, and what it does not. On Unix the JDK gives 128 + N after signal N, which an exit
 * with that code gives too: such a value leaves the cause unknown (PS-16, WAIT-12).
 */
final class ExitStates {
    private static final int SIGNAL_BASE = 128;
    private static final int HIGHEST_UNIX_CODE = 255;

    /** {@code STILL_ACTIVE} of Windows, as an exit code (ID-16). */
    private static final long STILL_ACTIVE = 259;

    private ExitStates() {}

    static ProcessState of(JdkHost host, long pid, int value) {
        if (host.isWindows()) {
            long code = Integer.toUnsignedLong(value); // 0xC0000005 is negative in an int (PS-04)
            return ProcessState.exited(pid, code).withRawStatus(code);
        }
        if (value < 0 || value > HIGHEST_UNIX_CODE) {
            return ProcessState.unknown(pid); // no exit code: the JDK could not wait for it
        }
        if (value > SIGNAL_BASE && value <= SIGNAL_BASE + host.highestSignal()) {
            return ProcessState.unknown(pid).withRawStatus(value);
        }
        return ProcessState.exited(pid, value).withRawStatus(value);
    }

    /**
     * The child has ended and the JDK still says that it has no exit value. Before version 20 it does so on Windows for
     * one code alone, because that one also means "still active".
     */
    static ProcessState withoutValue(JdkHost host, long pid) {
        return host.isWindows()
                ? ProcessState.exited(pid, STILL_ACTIVE).withRawStatus(STILL_ACTIVE)
                : ProcessState.unknown(pid);
    }
}
