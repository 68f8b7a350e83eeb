// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

/** A scheduling policy for a child (sched(7)). */
public enum LinuxScheduling {
    /** The usual one. */
    OTHER(0, false),
    /** First in, first out: real time. */
    FIFO(1, true),
    /** Round robin: real time. */
    ROUND_ROBIN(2, true),
    /** For long computations. */
    BATCH(3, false),
    /** Only when nobody else wants the processor. */
    IDLE(5, false);

    private final int number;
    private final boolean realTime;

    LinuxScheduling(int number, boolean realTime) {
        this.number = number;
        this.realTime = realTime;
    }

    /** The system's number (linux/sched.h). */
    public int number() {
        return number;
    }

    /** Whether it has priorities from 1 to 99, and no nice value. */
    public boolean isRealTime() {
        return realTime;
    }
}
