// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.ExitCause;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import java.util.OptionalLong;

/** What the command line exits with: the numbers of timeout(1) and env(1), so that scripts need nothing new. */
final class ExitCodes {
    static final int OK = 0;
    /** {@code signal}, {@code identity} and {@code backends} failed. */
    static final int ERROR = 1;
    /** {@code signal} and {@code identity}: the process has finished. */
    static final int DONE = 3;
    /** The time of {@code --timeout} was up. */
    static final int TIMEOUT = 124;
    /** {@code run} and {@code wait} failed themselves; the program has nothing to do with it. */
    static final int OWN_FAILURE = 125;
    /** The program was found and could not be started. */
    static final int NOT_STARTABLE = 126;
    /** The program, or the process to wait for, was not found. */
    static final int NOT_FOUND = 127;

    private static final int SIGNAL_BASE = 128;
    private static final int SIGNAL_BITS = 0x7f;

    private ExitCodes() {}

    /**
     * The child's own code, or 128+N after signal N; where the system told no cause, the code that it did tell.
     *
     * @param otherwise what to give where there is none
     */
    static int of(ProcessState state, int otherwise) {
        if (state.exited()) {
            return (int) state.exitCode(); // Windows: the same 32 bits
        }
        OptionalLong raw = state.rawStatus();
        if (state.cause() == ExitCause.UNKNOWN) {
            return raw.isPresent() ? (int) raw.getAsLong() : otherwise;
        }
        if (raw.isPresent()) {
            return SIGNAL_BASE + ((int) raw.getAsLong() & SIGNAL_BITS);
        }
        Signal signal = state.signal().orElse(null);
        return signal == null ? otherwise : SIGNAL_BASE + signal.number().orElse(0);
    }

    /**
     * Whose fault a failed start is.
     *
     * @param programExists whether there is a file of the program's name all the same: then its interpreter is missing
     */
    static int ofFailedStart(ProcessException failure, boolean programExists) {
        if (!failure.operation().equals("fork/exec")) { // chdir: the directory's fault; others: ours
            return OWN_FAILURE;
        }
        return switch (failure.kind()) {
            case NOT_FOUND -> programExists ? NOT_STARTABLE : NOT_FOUND;
            case EXHAUSTED, UNSUPPORTED -> OWN_FAILURE;
            default -> NOT_STARTABLE;
        };
    }
}
