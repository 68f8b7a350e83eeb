// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** The fields of struct rusage as the system gives them: microseconds, its own unit of memory, counts. */
record Usage(
        long userMicros,
        long systemMicros,
        long maxRss,
        long minorFaults,
        long majorFaults,
        long blocksIn,
        long blocksOut,
        long voluntarySwitches,
        long involuntarySwitches) {}
