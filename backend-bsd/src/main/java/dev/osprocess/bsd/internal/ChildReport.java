// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/**
 * What waitid(2) reports of a child: siginfo's code and status.
 *
 * @param code CLD_EXITED, CLD_KILLED, CLD_DUMPED or another report
 * @param status the exit code or the signal
 */
record ChildReport(int pid, int code, int status) {}
