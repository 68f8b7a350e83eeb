// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/**
 * What waitid(2) reports of a child: siginfo's code and status, and the rusage that the raw system call adds. The kernel
 * fills {@code status} with an exit code or a signal number, by {@code code}.
 *
 * @param pid whose end it is
 * @param code CLD_EXITED, CLD_KILLED, CLD_DUMPED or another report
 * @param status the exit code or the signal
 * @param usage the fields of struct rusage
 */
record ChildReport(int pid, int code, int status, Usage usage) {
    /** The fields of struct rusage, as the kernel gives them: microseconds, KiB, counts. */
    record Usage(
            long userMicros,
            long systemMicros,
            long maxRssKib,
            long minorFaults,
            long majorFaults,
            long blocksIn,
            long blocksOut,
            long voluntarySwitches,
            long involuntarySwitches) {}
}
