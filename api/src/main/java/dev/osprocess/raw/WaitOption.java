// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.raw;

/** What {@link ProcessCalls#waitPid} is to do beside waiting for an end (waitpid(2)). */
public enum WaitOption {
    /** Look once and return; with nothing to report the message's pid is 0 (WNOHANG, OLD-12). */
    NO_HANG,
    /** Report a child that was stopped by a signal as well (WUNTRACED, OLD-13). */
    STOPPED,
    /** Report a stopped child that goes on as well (WCONTINUED, OLD-18). */
    CONTINUED,
    /** Give the resources that the child has used (wait4(2), OLD-14). Without it the message has none. */
    RUSAGE
}
