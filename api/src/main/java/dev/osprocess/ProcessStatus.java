// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * Why an {@link OsProcess} can or cannot be used. The status leaves {@link #OK} once and never comes back (STATE-01).
 * It speaks of the object, not of the process: a process may have ended while the object still reads {@code OK},
 * because nobody has collected its state yet. {@link OsProcess#liveness()} asks the system instead.
 */
public enum ProcessStatus {
    /** The object holds its process: it can be waited for and signalled. */
    OK,
    /** The process has ended and its state was collected, or it was gone already when it was looked for. */
    DONE,
    /** The object gave up its hold by {@link OsProcess#release()} or {@link OsProcess#close()}. */
    RELEASED
}
