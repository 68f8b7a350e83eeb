// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/** How a process came to its end, as the system reported it. Never guessed from an exit code (PS-16). */
public enum ExitCause {
    /** It returned from main or called exit: {@link ProcessState#exitCode()} is its own. */
    EXITED,
    /** A signal ended it: {@link ProcessState#signal()} names it. */
    SIGNALED,
    /** It has ended, and the system did not tell us how. */
    UNKNOWN
}
