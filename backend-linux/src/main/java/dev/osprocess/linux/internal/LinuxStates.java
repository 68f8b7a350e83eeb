// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Turns what the kernel reports of an end into a {@link ProcessState}. Pure; tested on every host. */
final class LinuxStates {
    private static final int CORE_FLAG = 0x80;
    private static final int KIB = 1024;

    private LinuxStates() {}

    /**
     * The state of a waitid(2) report; null if the report is not of an end (WAIT-09).
     *
     * @param floorKib this process's own peak resident set, below which the child's says nothing (PS-13); negative if not
     *     known
     */
    static @Nullable ProcessState of(long pid, ChildReport report, long floorKib) {
        int waitStatus =
                switch (report.code()) { // PS-11: the classic word, as waitpid(2) gives it
                    case LinuxAbi.CLD_EXITED -> (report.status() & 0xFF) << 8;
                    case LinuxAbi.CLD_KILLED -> report.status();
                    case LinuxAbi.CLD_DUMPED -> report.status() | CORE_FLAG;
                    default -> -1;
                };
        return waitStatus < 0 ? null : ofWaitStatus(pid, waitStatus).withUsage(usage(report.usage(), floorKib));
    }

    /** The state of a wait status: exited if the low 7 bits are 0, else the signal, with the core flag in bit 7. */
    static ProcessState ofWaitStatus(long pid, int waitStatus) {
        int number = waitStatus & 0x7F;
        ProcessState state = number == 0
                ? ProcessState.exited(pid, (waitStatus >> 8) & 0xFF)
                : ProcessState.signaled(pid, signal(number), (waitStatus & CORE_FLAG) != 0);
        return state.withRawStatus(waitStatus);
    }

    /** The classic word of a stop by this signal, as waitpid(2) gives it. */
    static int stopStatus(int signal) {
        return (signal << 8) | 0x7F;
    }

    static Signal signal(int number) {
        return LinuxSignals.signal(number);
    }

    static ResourceUsage usage(ChildReport.Usage usage, long floorKib) {
        ResourceUsage.Builder builder = ResourceUsage.builder(micros(usage.userMicros()), micros(usage.systemMicros()))
                .maxRss(usage.maxRssKib() * KIB)
                .faults(usage.minorFaults(), usage.majorFaults())
                .blocks(usage.blocksIn(), usage.blocksOut())
                .contextSwitches(usage.voluntarySwitches(), usage.involuntarySwitches());
        if (floorKib >= 0) {
            builder.maxRssFloor(floorKib * KIB);
        }
        return builder.build();
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1000);
    }
}
