// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import dev.osprocess.NativeHandle;

/**
 * A pidfd, lent by {@link dev.osprocess.OsProcess#withHandle}: a descriptor that names one process for ever
 * (pidfd_open(2)). It is close-on-exec, and closed after the borrowing function has returned and nobody else uses it; do
 * not close it, and duplicate it if you must keep it.
 */
public final class Pidfd implements NativeHandle {
    private final int number;

    /** For the backend. */
    public Pidfd(int number) {
        this.number = number;
    }

    /** The descriptor's number in this process. */
    public int number() {
        return number;
    }

    @Override
    public String kind() {
        return "pidfd";
    }

    @Override
    public long value() {
        return number;
    }

    @Override
    public String toString() {
        return "pidfd " + number;
    }
}
