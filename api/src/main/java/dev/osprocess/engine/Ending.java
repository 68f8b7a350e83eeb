// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import org.jspecify.annotations.Nullable;

/** How it ended, recorded once: a state, or the reason why there will never be one. */
final class Ending {
    private final @Nullable ProcessState state;
    private final @Nullable ProcessException failure;

    private Ending(@Nullable ProcessState state, @Nullable ProcessException failure) {
        this.state = state;
        this.failure = failure;
    }

    static Ending of(ProcessState state) {
        return new Ending(state, null);
    }

    static Ending without(ProcessException failure) {
        return new Ending(null, failure);
    }

    /** The state, if there is one. */
    @Nullable
    ProcessState state() {
        return state;
    }

    /** The state, or its absence as an exception with the stack of the caller. */
    ProcessState stateOrThrow() throws ProcessException {
        if (state != null) {
            return state;
        }
        throw failure();
    }

    /** Why there is no state: a copy for each caller, so that each has a stack trace of its own. */
    ProcessException failure() {
        if (failure == null) {
            throw new AssertionError("internal error: an ending with neither state nor failure");
        }
        return failure.forAnotherCaller();
    }
}
