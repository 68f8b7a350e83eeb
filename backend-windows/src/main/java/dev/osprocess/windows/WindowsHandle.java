// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows;

import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;

/**
 * A process HANDLE, lent by {@link dev.osprocess.OsProcess#withHandle}: it names one process for ever, and as long as it
 * is open the system does not give the process's number to another. Of a process that was started it has every right; of
 * one that was found it can be waited on and asked ({@code SYNCHRONIZE}, {@code PROCESS_QUERY_LIMITED_INFORMATION}). It is
 * not inheritable, and closed after the borrowing function has returned and nobody else uses it; do not close it, and
 * duplicate it if you must keep it.
 */
public final class WindowsHandle implements NativeHandle {
    /** What can be done with a handle beside asking for its value. For the backend. */
    public interface Operations {
        /** See {@link WindowsHandle#resume()}. */
        void resume() throws ProcessException;
    }

    private final long value;
    private final Operations operations;

    /** For the backend. */
    public WindowsHandle(long value, Operations operations) {
        this.value = value;
        this.operations = operations;
    }

    @Override
    public String kind() {
        return "HANDLE";
    }

    /** The HANDLE's bits. */
    @Override
    public long value() {
        return value;
    }

    /**
     * Lets a process run that was started {@linkplain WindowsAttributes.Builder#suspended() suspended}. One that runs
     * already goes on running.
     *
     * @throws ProcessException if the system refuses, for instance because the process was found, not started: such a
     *     handle lacks the right
     */
    public void resume() throws ProcessException {
        operations.resume();
    }

    @Override
    public String toString() {
        return "HANDLE 0x" + Long.toHexString(value);
    }
}
