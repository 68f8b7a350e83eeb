// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended. An immutable value: it does not need the process any more (PS-15), and every way to get it
 * from one object gives an equal one (PS-20).
 */
public final class ProcessState {
    private static final long NOT_EXITED = -1;
    private static final long HEX_FROM = 1L << 16;

    /** What shells and the JDK add to the number of a signal to make an exit value of it. */
    private static final long SIGNAL_BASE = 128;

    private final long pid;
    private final ExitCause cause;
    private final long exitCode;
    private final @Nullable Signal signal;
    private final boolean coreDumped;
    private final @Nullable ResourceUsage usage;
    private final @Nullable Long rawStatus;
    private final @Nullable Duration wallTime;
    private final boolean killRequested;
    private final @Nullable String remark;

    private ProcessState(
            long pid,
            ExitCause cause,
            long exitCode,
            @Nullable Signal signal,
            boolean coreDumped,
            @Nullable ResourceUsage usage,
            @Nullable Long rawStatus,
            @Nullable Duration wallTime,
            boolean killRequested,
            @Nullable String remark) {
        this.pid = pid;
        this.cause = cause;
        this.exitCode = exitCode;
        this.signal = signal;
        this.coreDumped = coreDumped;
        this.usage = usage;
        this.rawStatus = rawStatus;
        this.wallTime = wallTime;
        this.killRequested = killRequested;
        this.remark = remark;
    }

    /**
     * The state of a process that exited. For backends, and for tests of programs that read one.
     *
     * @param code 0…2³²−1
     * @throws IllegalArgumentException if the code is outside of that
     */
    public static ProcessState exited(long pid, long code) {
        if (code < 0 || code > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("exit code " + code + ": must be 0 to 4294967295");
        }
        return new ProcessState(pid, ExitCause.EXITED, code, null, false, null, null, null, false, null);
    }

    /** The state of a process that a signal ended. For backends, and for tests of programs that read one. */
    public static ProcessState signaled(long pid, Signal signal, boolean coreDumped) {
        Objects.requireNonNull(signal, "signal");
        return new ProcessState(pid, ExitCause.SIGNALED, NOT_EXITED, signal, coreDumped, null, null, null, false, null);
    }

    /** The state of a process that ended in a way that the system did not tell. For backends. */
    public static ProcessState unknown(long pid) {
        return new ProcessState(pid, ExitCause.UNKNOWN, NOT_EXITED, null, false, null, null, null, false, null);
    }

    /** The same with the resources it used. */
    public ProcessState withUsage(ResourceUsage used) {
        return new ProcessState(
                pid,
                cause,
                exitCode,
                signal,
                coreDumped,
                Objects.requireNonNull(used),
                rawStatus,
                wallTime,
                killRequested,
                remark);
    }

    /** The same with the system's raw word for it. */
    public ProcessState withRawStatus(long raw) {
        return new ProcessState(pid, cause, exitCode, signal, coreDumped, usage, raw, wallTime, killRequested, remark);
    }

    /** The same with what the system's word means, for people: see {@link #describe()}. For backends. */
    public ProcessState withRemark(String meaning) {
        return new ProcessState(
                pid,
                cause,
                exitCode,
                signal,
                coreDumped,
                usage,
                rawStatus,
                wallTime,
                killRequested,
                Objects.requireNonNull(meaning));
    }

    /** The same with what this library saw of it: how long it ran, and whether it was asked to end. For the engine. */
    public ProcessState withObservation(@Nullable Duration ran, boolean askedToEnd) {
        return new ProcessState(pid, cause, exitCode, signal, coreDumped, usage, rawStatus, ran, askedToEnd, remark);
    }

    /** The process that ended (PS-01). Its number may be somebody else's by now. */
    public long pid() {
        return pid;
    }

    /** How it ended. */
    public ExitCause cause() {
        return cause;
    }

    /** Whether it exited by itself; false after a signal, and where the cause is unknown (PS-02). */
    public boolean exited() {
        return cause == ExitCause.EXITED;
    }

    /** Whether it exited with code 0 (PS-03). */
    public boolean success() {
        return exitCode == 0;
    }

    /** Its exit code, 0…255 on Unix and 0…2³²−1 on Windows; −1 if it did not exit or the cause is unknown (PS-04). */
    public long exitCode() {
        return exitCode;
    }

    /** The signal that ended it, if one did (PS-06). */
    public Optional<Signal> signal() {
        return Optional.ofNullable(signal);
    }

    /** Whether the system says that it left a core dump (PS-06). */
    public boolean coreDumped() {
        return coreDumped;
    }

    /** CPU time spent in the program, if the system told (PS-10, PS-17). */
    public Optional<Duration> userTime() {
        return usage == null ? Optional.empty() : Optional.of(usage.userTime());
    }

    /** CPU time that the system spent for the program, if it told (PS-10, PS-17). */
    public Optional<Duration> systemTime() {
        return usage == null ? Optional.empty() : Optional.of(usage.systemTime());
    }

    /** What it used, if the system told (PS-17). */
    public Optional<ResourceUsage> usage() {
        return Optional.ofNullable(usage);
    }

    /**
     * The system's own word: the wait status of waitpid(2) on Unix, the exit code on Windows (PS-11); the JDK's exit value
     * where the JDK is all there is.
     */
    public OptionalLong rawStatus() {
        return rawStatus == null ? OptionalLong.empty() : OptionalLong.of(rawStatus);
    }

    /**
     * From the return of start to the moment that the end was seen, by a monotonic clock (PS-14). Absent for a process
     * that was found.
     */
    public Optional<Duration> wallTime() {
        return Optional.ofNullable(wallTime);
    }

    /**
     * Whether this object had sent {@code KILL} or {@code TERM} before the end was seen. A hint: the {@link #cause()} is
     * the system's (PS-18, SIG-09).
     */
    public boolean killRequested() {
        return killRequested;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessState that
                && pid == that.pid
                && cause == that.cause
                && exitCode == that.exitCode
                && coreDumped == that.coreDumped
                && killRequested == that.killRequested
                && Objects.equals(signal, that.signal)
                && Objects.equals(usage, that.usage)
                && Objects.equals(rawStatus, that.rawStatus)
                && Objects.equals(wallTime, that.wallTime)
                && Objects.equals(remark, that.remark);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, cause, exitCode, signal, rawStatus);
    }

    /**
     * One line for people: {@code exit status 3}, {@code exit status 0xc0000005}, {@code signal: killed},
     * {@code signal: segmentation fault (core dumped)}, {@code ended, status unknown} (PS-07, PS-08). Where an exit and a
     * signal look the same, both are said: {@code ended, status unknown: exit status 137, or signal 9} (PS-16).
     */
    @Override
    public String toString() {
        if (signal != null) {
            return "signal: " + signal.description() + (coreDumped ? " (core dumped)" : "");
        }
        if (cause == ExitCause.UNKNOWN) {
            return rawStatus != null && rawStatus > SIGNAL_BASE
                    ? "ended, status unknown: exit status " + rawStatus + ", or signal " + (rawStatus - SIGNAL_BASE)
                    : "ended, status unknown";
        }
        return exitCode >= HEX_FROM
                ? "exit status 0x" + Long.toHexString(exitCode).toLowerCase(Locale.ROOT)
                : "exit status " + exitCode;
    }

    /**
     * The same as {@link #toString()}, and what the code means where the system itself gave it (PS-19):
     * {@code exit status 0xc0000005 (STATUS_ACCESS_VIOLATION, invalid memory access)}.
     */
    public String describe() {
        return remark == null ? toString() : toString() + " (" + remark + ")";
    }
}
