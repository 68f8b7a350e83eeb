// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.raw;

import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a wait by number reported (OLD-17). An immutable value. With {@link WaitOption#NO_HANG} and nothing to report there is
 * a message too, with pid 0, which is neither an exit nor anything else: look at {@link #pid()} first.
 */
public final class WaitMessage {
    private static final WaitMessage NOTHING = new WaitMessage(0, null, null, false, null, null);

    private final long pid;
    private final @Nullable ProcessState ended;
    private final @Nullable Signal stoppedBy;
    private final boolean continued;
    private final @Nullable Long rawStatus;
    private final @Nullable ResourceUsage usage;

    private WaitMessage(
            long pid,
            @Nullable ProcessState ended,
            @Nullable Signal stoppedBy,
            boolean continued,
            @Nullable Long rawStatus,
            @Nullable ResourceUsage usage) {
        this.pid = pid;
        this.ended = ended;
        this.stoppedBy = stoppedBy;
        this.continued = continued;
        this.rawStatus = rawStatus;
        this.usage = usage;
    }

    /** There is nothing to report. */
    public static WaitMessage nothing() {
        return NOTHING;
    }

    /** A child has ended, and was reaped by this. For backends. */
    public static WaitMessage ended(ProcessState state) {
        OptionalLong raw = state.rawStatus();
        return new WaitMessage(state.pid(), state, null, false, raw.isPresent() ? raw.getAsLong() : null, null);
    }

    /** A child was stopped. For backends. */
    public static WaitMessage stopped(long pid, Signal by, long rawStatus) {
        return new WaitMessage(pid, null, Objects.requireNonNull(by), false, rawStatus, null);
    }

    /** A stopped child goes on. For backends. */
    public static WaitMessage continued(long pid, long rawStatus) {
        return new WaitMessage(pid, null, null, true, rawStatus, null);
    }

    /** The same with the resources that the child has used so far. For backends. */
    public WaitMessage withUsage(ResourceUsage used) {
        return new WaitMessage(pid, ended, stoppedBy, continued, rawStatus, Objects.requireNonNull(used));
    }

    /** The child that this is about; 0 if there was nothing to report. */
    public long pid() {
        return pid;
    }

    /** The system's own word, the wait status of waitpid(2); absent if there was nothing to report. */
    public OptionalLong rawStatus() {
        return rawStatus == null ? OptionalLong.empty() : OptionalLong.of(rawStatus);
    }

    /** Whether the child exited by itself. */
    public boolean exited() {
        return ended != null && ended.exited();
    }

    /** Its exit code, 0…255 on Unix; −1 if it did not exit. */
    public long exitCode() {
        return ended == null ? -1 : ended.exitCode();
    }

    /** Whether a signal ended the child. */
    public boolean signaled() {
        return signal().isPresent();
    }

    /** The signal that ended it, if one did. */
    public Optional<Signal> signal() {
        return ended == null ? Optional.empty() : ended.signal();
    }

    /** Whether the system says that it left a core dump. */
    public boolean coreDumped() {
        return ended != null && ended.coreDumped();
    }

    /** Whether the child was stopped; it has not ended then, and is still there to be waited for. */
    public boolean stopped() {
        return stoppedBy != null;
    }

    /** The signal that stopped it, if it was stopped. */
    public Optional<Signal> stopSignal() {
        return Optional.ofNullable(stoppedBy);
    }

    /** Whether a stopped child goes on. */
    public boolean continued() {
        return continued;
    }

    /** What it has used, if {@link WaitOption#RUSAGE} was asked for and the system tells. */
    public Optional<ResourceUsage> usage() {
        return Optional.ofNullable(usage);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WaitMessage that
                && pid == that.pid
                && continued == that.continued
                && Objects.equals(ended, that.ended)
                && Objects.equals(stoppedBy, that.stoppedBy)
                && Objects.equals(rawStatus, that.rawStatus)
                && Objects.equals(usage, that.usage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, rawStatus);
    }

    /** One line for people, as {@link ProcessState#toString()}; {@code stopped: SIGSTOP}, {@code continued}, {@code <nil>}. */
    @Override
    public String toString() {
        if (ended != null) {
            return ended.toString();
        }
        if (stoppedBy != null) {
            return "stopped: " + stoppedBy;
        }
        return continued ? "continued" : "<nil>";
    }
}
