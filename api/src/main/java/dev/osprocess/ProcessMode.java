// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/** What an {@link OsProcess} is held by. Fixed when the object is made; it never changes (STATE-16). */
public enum ProcessMode {
    /** A kernel handle (pidfd, HANDLE): it names one process for ever, whatever becomes of the number (ID-12). */
    HANDLE,
    /**
     * The number alone. A child that this library started is safe all the same, because its number cannot be recycled
     * before we reap it (WAIT-14, WAIT-15); for a process that was found, a guard narrows the race and does not close it
     * (ID-13).
     */
    PID
}
