// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How {@link OsProcess#stop} ended a process: by which step, and with what state (SIG-22). */
public final class StopReport {
    /** The step after which the process had ended. */
    public enum Step {
        /** It had finished before anything was sent. */
        NONE,
        /** It ended within the time of grace, after TERM. */
        TERM,
        /** It ended after KILL. */
        KILL,
        /** It took KILL and had not ended when {@code stop} gave up waiting; the system holds it, in a device perhaps. */
        NOT_ENDED
    }

    private final Step step;
    private final @Nullable ProcessState state;

    private StopReport(Step step, @Nullable ProcessState state) {
        this.step = step;
        this.state = state;
    }

    /** A report. For the engine, and for tests of programs that read one. */
    public static StopReport of(Step step, @Nullable ProcessState state) {
        return new StopReport(Objects.requireNonNull(step, "step"), state);
    }

    /** The step that ended it. */
    public Step step() {
        return step;
    }

    /** How it ended; empty if it has not, and for a process that was gone when it was found. */
    public Optional<ProcessState> state() {
        return Optional.ofNullable(state);
    }

    @Override
    public String toString() {
        return "stopped by " + step + (state == null ? "" : ": " + state);
    }
}
