// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessStatus;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The status of one object: leaves OK once, by one winner, and never comes back (D1, STATE-01, STATE-02). The winner, and
 * nobody else, gives up the owner's reference of the {@link HandleCount}, after the status has changed (STATE-03).
 */
public final class StatusWord {
    private static final int OK = 0;
    private static final int DONE = 1;
    private static final int RELEASED = 2;

    private final AtomicInteger word;

    /** A status that begins here: OK, or DONE for a process that was gone when it was looked for. */
    public StatusWord(ProcessStatus first) {
        word = new AtomicInteger(number(first));
    }

    private static int number(ProcessStatus status) {
        return switch (status) {
            case OK -> OK;
            case DONE -> DONE;
            case RELEASED -> RELEASED;
        };
    }

    /** The status now. */
    public ProcessStatus get() {
        return switch (word.get()) {
            case OK -> ProcessStatus.OK;
            case DONE -> ProcessStatus.DONE;
            default -> ProcessStatus.RELEASED;
        };
    }

    /** Whether the status is OK now. */
    public boolean isOk() {
        return word.get() == OK;
    }

    /** Leaves OK; true for the one caller that did it. */
    public boolean leaveOk(ProcessStatus to) {
        if (to == ProcessStatus.OK) {
            throw new AssertionError("internal error: the status cannot come back to OK");
        }
        return word.compareAndSet(OK, number(to));
    }
}
