// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import org.jspecify.annotations.Nullable;

/**
 * Where posix_spawn returns before the new program is in place and reports no error of it (OpenBSD): a pipe whose other end
 * the child holds until its execve(2), or its death, closes it (START-30). After that, a child that ended with 127 although
 * the program is seen to be unusable was never started (START-25).
 */
final class ExecWatch implements AutoCloseable {
    static final int FAILED_EXEC = 127;

    /** A start that takes longer is taken as done: somebody else may hold the pipe. */
    private static final int LONGEST_MILLIS = 2_000;

    private static final int STEP_MILLIS = 100;
    private static final int LOOKS = 100;

    private final BsdSystem system;
    private final int readEnd;
    private int writeEnd;

    private ExecWatch(BsdSystem system, int readEnd, int writeEnd) {
        this.system = system;
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    /** Made before the spawn; its ends stand above a table of this size. */
    static ExecWatch open(BsdSystem system, int tableSize) throws ErrnoException {
        BsdSyscalls calls = system.calls();
        int[] ends = Descriptors.pipe(system);
        try {
            int lifted = calls.fcntl(ends[1], system.profile().duplicateCloseOnExec, FileTable.floor(tableSize));
            ExecWatch watch = new ExecWatch(system, ends[0], lifted);
            ends[0] = -1;
            return watch;
        } finally {
            Descriptors.close(calls, ends[1]);
            Descriptors.close(calls, ends[0]);
        }
    }

    /** Returns when the child's end is closed, or when that takes too long. */
    void awaitExec() throws ErrnoException {
        Descriptors.close(system.calls(), writeEnd);
        writeEnd = -1;
        for (int waited = 0; waited < LONGEST_MILLIS; waited += STEP_MILLIS) {
            if (Descriptors.poll(system.calls(), readEnd, system.profile().pollIn, STEP_MILLIS) != 0) {
                return;
            }
        }
    }

    /**
     * Whether the child that could not execute its program ended as such a child does; it is reaped then. It may take a
     * moment from the closing of its descriptors to its end.
     */
    static boolean isFailedExec(BsdSystem system, int pid) throws ProcessException {
        if (!ChildWaits.canPeek(system)) {
            return false; // looking would be reaping, and the state would be lost
        }
        for (int look = 0; look < LOOKS; look++) {
            ProcessState state = peek(system, pid);
            if (state != null) {
                if (state.exitCode() != FAILED_EXEC) {
                    return false;
                }
                ChildWaits.reap(system, pid);
                return true;
            }
            try {
                Descriptors.poll(system.calls(), -1, 0, 1);
            } catch (ErrnoException failed) {
                throw BsdErrors.of(failed);
            }
        }
        return false;
    }

    private static @Nullable ProcessState peek(BsdSystem system, int pid) throws ProcessException {
        try {
            return ChildWaits.peek(system, pid);
        } catch (NoChildException taken) {
            return ProcessState.unknown(pid); // whoever took it knows; it is no failed start for us
        }
    }

    @Override
    public void close() {
        Descriptors.close(system.calls(), readEnd);
        Descriptors.close(system.calls(), writeEnd);
    }
}
