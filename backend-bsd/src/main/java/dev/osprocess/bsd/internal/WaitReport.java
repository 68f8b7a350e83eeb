// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** What wait4(2) reports of a child, which it reaps with that. */
record WaitReport(int pid, int status, Usage usage) {}
