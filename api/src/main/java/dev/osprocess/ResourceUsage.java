// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an ended process used, as the system accounted it (getrusage(2), GetProcessTimes). Includes the descendants that
 * it waited for itself; those that it left behind are not in it (PS-10). Sizes are bytes on every system (PS-12); what a
 * system does not count is absent, never 0 (PS-17).
 */
public final class ResourceUsage {
    private static final long ABSENT = -1;

    private final Duration userTime;
    private final Duration systemTime;
    private final long maxRss;
    private final long maxRssFloor;
    private final long minorFaults;
    private final long majorFaults;
    private final long blockInputs;
    private final long blockOutputs;
    private final long voluntarySwitches;
    private final long involuntarySwitches;

    private ResourceUsage(Builder builder) {
        userTime = builder.userTime;
        systemTime = builder.systemTime;
        maxRss = builder.maxRss;
        maxRssFloor = builder.maxRssFloor;
        minorFaults = builder.minorFaults;
        majorFaults = builder.majorFaults;
        blockInputs = builder.blockInputs;
        blockOutputs = builder.blockOutputs;
        voluntarySwitches = builder.voluntarySwitches;
        involuntarySwitches = builder.involuntarySwitches;
    }

    /** Begins a value; for backends, and for tests of programs that read one. */
    public static Builder builder(Duration userTime, Duration systemTime) {
        return new Builder(userTime, systemTime);
    }

    /** CPU time spent in the program itself. */
    public Duration userTime() {
        return userTime;
    }

    /** CPU time that the system spent for it. */
    public Duration systemTime() {
        return systemTime;
    }

    /**
     * The most memory it had resident at once, in bytes. On Linux a child is born in the memory of its parent, so the peak
     * of this JVM is the least that can be seen here: a value at or below {@link #maxRssFloor()} says nothing about the
     * child (PS-13).
     */
    public OptionalLong maxRss() {
        return optional(maxRss);
    }

    /** The value of {@link #maxRss()}, in bytes, up to which it may be this JVM's own; absent where there is none. */
    public OptionalLong maxRssFloor() {
        return optional(maxRssFloor);
    }

    /** Page faults served without I/O. */
    public OptionalLong minorFaults() {
        return optional(minorFaults);
    }

    /** Page faults that needed I/O. */
    public OptionalLong majorFaults() {
        return optional(majorFaults);
    }

    /** Blocks that were read for it. */
    public OptionalLong blockInputs() {
        return optional(blockInputs);
    }

    /** Blocks that were written for it. */
    public OptionalLong blockOutputs() {
        return optional(blockOutputs);
    }

    /** How often it gave the processor up by waiting. */
    public OptionalLong voluntaryContextSwitches() {
        return optional(voluntarySwitches);
    }

    /** How often the processor was taken from it. */
    public OptionalLong involuntaryContextSwitches() {
        return optional(involuntarySwitches);
    }

    private static OptionalLong optional(long value) {
        return value == ABSENT ? OptionalLong.empty() : OptionalLong.of(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResourceUsage that
                && userTime.equals(that.userTime)
                && systemTime.equals(that.systemTime)
                && maxRss == that.maxRss
                && maxRssFloor == that.maxRssFloor
                && minorFaults == that.minorFaults
                && majorFaults == that.majorFaults
                && blockInputs == that.blockInputs
                && blockOutputs == that.blockOutputs
                && voluntarySwitches == that.voluntarySwitches
                && involuntarySwitches == that.involuntarySwitches;
    }

    @Override
    public int hashCode() {
        return Objects.hash(userTime, systemTime, maxRss, minorFaults, majorFaults);
    }

    @Override
    public String toString() {
        return "user " + userTime + " system " + systemTime + (maxRss == ABSENT ? "" : " maxRss " + maxRss + " bytes");
    }

    /** Collects the parts of a {@link ResourceUsage}; what is not set is absent. */
    public static final class Builder {
        private final Duration userTime;
        private final Duration systemTime;
        private long maxRss = ABSENT;
        private long maxRssFloor = ABSENT;
        private long minorFaults = ABSENT;
        private long majorFaults = ABSENT;
        private long blockInputs = ABSENT;
        private long blockOutputs = ABSENT;
        private long voluntarySwitches = ABSENT;
        private long involuntarySwitches = ABSENT;

        private Builder(Duration userTime, Duration systemTime) {
            this.userTime = Objects.requireNonNull(userTime, "userTime");
            this.systemTime = Objects.requireNonNull(systemTime, "systemTime");
        }

        /** See {@link ResourceUsage#maxRss()}. */
        public Builder maxRss(long bytes) {
            this.maxRss = bytes;
            return this;
        }

        /** See {@link ResourceUsage#maxRssFloor()}. */
        public Builder maxRssFloor(long bytes) {
            this.maxRssFloor = bytes;
            return this;
        }

        /** See {@link ResourceUsage#minorFaults()} and {@link ResourceUsage#majorFaults()}. */
        public Builder faults(long minor, long major) {
            this.minorFaults = minor;
            this.majorFaults = major;
            return this;
        }

        /** See {@link ResourceUsage#blockInputs()} and {@link ResourceUsage#blockOutputs()}. */
        public Builder blocks(long inputs, long outputs) {
            this.blockInputs = inputs;
            this.blockOutputs = outputs;
            return this;
        }

        /** See {@link ResourceUsage#voluntaryContextSwitches()} and its counterpart. */
        public Builder contextSwitches(long voluntary, long involuntary) {
            this.voluntarySwitches = voluntary;
            this.involuntarySwitches = involuntary;
            return this;
        }

        /** The value. */
        public ResourceUsage build() {
            return new ResourceUsage(this);
        }
    }
}
