// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Turns what the system reports of an end into a {@link ProcessState}. Pure; tested for every system on every host. */
final class BsdStates {
    private static final int SIGNAL_BITS = 0x7F;
    private static final int CORE_FLAG = 0x80;
    private static final int MICROS_TO_NANOS = 1000;

    private BsdStates() {}

    /**
     * The state of a wait status; null if it is not of an end (WAIT-09). On all of these systems the low 7 bits are 0 for
     * an exit, all set for a stop, and else the signal, with the core flag in bit 7; how "goes on" looks differs, and on
     * FreeBSD and DragonFly it would pass for a death by signal 19.
     */
    static @Nullable ProcessState ofWaitStatus(BsdProfile profile, long pid, int status) {
        int number = status & SIGNAL_BITS;
        if (status == profile.continuedStatus || number == SIGNAL_BITS) {
            return null;
        }
        ProcessState state = number == 0
                ? ProcessState.exited(pid, (status >> 8) & 0xFF)
                : ProcessState.signaled(pid, profile.signals.signal(number), (status & CORE_FLAG) != 0);
        return state.withRawStatus(status);
    }

    /**
     * The state of a waitid(2) report; null if it is not of an end: macOS has reported stops to those who asked for ends
     * alone (WAIT-09). The status can have more than 8 bits there (PS-04).
     */
    static @Nullable ProcessState ofReport(BsdProfile profile, long pid, ChildReport report) {
        int status; // PS-11: the classic word, as wait4(2) gives it
        if (report.code() == profile.exitedCode) {
            status = (report.status() & 0xFF) << 8;
        } else if (report.code() == profile.killedCode) {
            status = report.status() & SIGNAL_BITS;
        } else if (report.code() == profile.dumpedCode) {
            status = (report.status() & SIGNAL_BITS) | CORE_FLAG;
        } else {
            return null;
        }
        return ofWaitStatus(profile, pid, status);
    }

    /**
     * What a child used.
     *
     * @param floor this process's own peak, below which the child's says nothing (PS-13), in the system's unit; negative
     *     if not known
     */
    static ResourceUsage usage(BsdProfile profile, Usage usage, long floor) {
        ResourceUsage.Builder builder = ResourceUsage.builder(micros(usage.userMicros()), micros(usage.systemMicros()))
                .maxRss(usage.maxRss() * profile.maxRssUnit)
                .faults(usage.minorFaults(), usage.majorFaults())
                .blocks(usage.blocksIn(), usage.blocksOut())
                .contextSwitches(usage.voluntarySwitches(), usage.involuntarySwitches());
        if (floor >= 0) {
            builder.maxRssFloor(floor * profile.maxRssUnit);
        }
        return builder.build();
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * MICROS_TO_NANOS);
    }
}
