// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * The object was released or closed before this call: a mistake in the program, as using a closed stream is. The
 * process itself may well live on (WAIT-05, SIG-04).
 */
public final class ProcessReleasedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final long pid;

    /**
     * For the engine.
     *
     * @param operation what was being done
     * @param pid the process that was released
     */
    public ProcessReleasedException(String operation, long pid) {
        super(operation + " pid " + pid
                + ": this OsProcess was released or closed before; keep it open while it is used, or find the process again by"
                + " its identity()");
        this.pid = pid;
    }

    /** Always {@link ErrorKind#ALREADY_RELEASED}. */
    public ErrorKind kind() {
        return ErrorKind.ALREADY_RELEASED;
    }

    /** The process that was released. */
    public long pid() {
        return pid;
    }
}
