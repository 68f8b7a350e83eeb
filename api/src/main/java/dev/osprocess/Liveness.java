// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/** What the system says of a process at one moment (ID-14). */
public enum Liveness {
    /** It has not ended: it runs, sleeps or is stopped. */
    RUNNING,
    /** It has ended, and nobody has collected its state yet: a zombie. */
    EXITED,
    /** It has ended and its state was collected; its number may be somebody else's by now. */
    GONE
}
