// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import dev.osprocess.windows.WindowsHandle;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process held by a HANDLE. Nothing here goes by number once it is open, but Ctrl-Break, which the system sends by the
 * number of a group; the handle keeps that number from being given away (ID-12, ID-18).
 */
abstract class HandleTarget implements Target {
    /** How long a process that refuses to be ended is given to show that it is ending already (SIG-14). */
    static final int ENDING_MILLIS = 100;

    /** The exit code as such says nothing of whether a process has ended: 259 is one like others (ID-16). */
    private static final Signal PROBE = Signal.of(0);

    final WindowsSyscalls calls;
    private final long pid;
    private final long handle;
    private final WindowsHandle lent;

    HandleTarget(WindowsSyscalls calls, long pid, long handle) {
        this.calls = calls;
        this.pid = pid;
        this.handle = handle;
        this.lent = new WindowsHandle(handle, this::resume);
    }

    /** The handle. */
    final long value() {
        return handle;
    }

    @Override
    public final long pid() {
        return pid;
    }

    @Override
    public final Strategy strategy() {
        return Strategy.HANDLE;
    }

    @Override
    public final NativeHandle handle() {
        return lent;
    }

    @Override
    public final @Nullable ProcessState collect() throws ProcessException {
        try {
            if (!hasEnded(0)) {
                return null;
            }
            long code = calls.exitCodeOf(handle);
            ProcessState state =
                    ProcessState.exited(pid, code).withRawStatus(code).withUsage(usage(calls.timesOf(handle)));
            String name = NtStatus.describe(code);
            return name.isEmpty() ? state : state.withRemark(name);
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, pid);
        }
    }

    private ResourceUsage usage(WindowsSyscalls.Times times) {
        WindowsSyscalls.JobTimes spent = cpuTimes(times);
        ResourceUsage.Builder usage = ResourceUsage.builder(duration(spent.user()), duration(spent.kernel()));
        try {
            long peak = calls.peakWorkingSetOf(handle);
            if (peak > 0) { // Wine has none for a process that has ended; no process has none (PS-17)
                usage.maxRss(peak);
            }
        } catch (Win32Exception notTold) {
            // a right may be missing, for another user's process: absent (PS-17)
        }
        return usage.build();
    }

    /** The process's own CPU times; see {@link OwnTarget} for those of a job. */
    WindowsSyscalls.JobTimes cpuTimes(WindowsSyscalls.Times times) {
        return new WindowsSyscalls.JobTimes(times.kernel(), times.user());
    }

    private static Duration duration(long ticks) {
        return Duration.ofNanos(ticks * WindowsAbi.NANOS_PER_TICK);
    }

    /** Whether the process ends within this time: by the handle's state, never by the exit code (ID-16, WAIT-21). */
    final boolean hasEnded(int millis) throws Win32Exception, ProcessException {
        int result = calls.waitForSingleObject(handle, millis);
        if (result != WindowsAbi.WAIT_OBJECT_0 && result != WindowsAbi.WAIT_TIMEOUT) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "WaitForSingleObject")
                    .pid(pid)
                    .detail("unexpected result 0x" + Integer.toHexString(result))
                    .build();
        }
        return result == WindowsAbi.WAIT_OBJECT_0;
    }

    @Override
    public final void signal(Signal signal) throws ProcessException {
        try {
            if (hasEnded(0)) {
                throw WindowsErrors.done("signal", pid);
            }
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, pid);
        }
        if (signal.equals(Signal.KILL)) {
            kill();
        } else if (signal.equals(Signal.INT)) {
            interrupt();
        } else if (!signal.equals(PROBE)) {
            throw new UnsupportedFeatureException(
                    "the signal " + signal,
                    WindowsBackend.NAME,
                    "Windows can end a process (KILL), or send Ctrl-Break to one that was started in a process group of"
                            + " its own (INT)");
        }
    }

    private void kill() throws ProcessException {
        try {
            terminate();
        } catch (Win32Exception failed) {
            if (failed.error() != Win32Error.ACCESS_DENIED) {
                throw WindowsErrors.onProcess(failed, pid);
            }
            // SIG-14: it has ended, or is just ending, or may not be ended by us
            boolean ended;
            try {
                ended = hasEnded(ENDING_MILLIS);
            } catch (Win32Exception secondFailure) {
                throw WindowsErrors.onProcess(secondFailure, pid);
            }
            throw ended
                    ? WindowsErrors.done(failed, pid)
                    : WindowsErrors.onProcess(
                            ErrorKind.PERMISSION, failed, pid, "; the process runs on, and may not be ended by us");
        }
    }

    /** TerminateProcess through this handle, or one duplicated from it with the right to (SIG-15). */
    abstract void terminate() throws Win32Exception;

    /** Ctrl-Break, or a refusal with its reason (SIG-11). */
    abstract void interrupt() throws ProcessException;

    private void resume() throws ProcessException {
        int status = calls.resumeProcess(handle);
        if (status < 0) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "NtResumeProcess")
                    .pid(pid)
                    .detail("NTSTATUS 0x" + Integer.toHexString(status)
                            + "; a handle of a process that was found lacks the right")
                    .build();
        }
    }

    @Override
    public final Liveness liveness() throws ProcessException {
        try {
            return hasEnded(0) ? Liveness.EXITED : Liveness.RUNNING;
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, pid);
        }
    }

    /** D16: the number and the time of creation, in units of 100 ns. No bearer of a number has that of another. */
    @Override
    public final ProcessIdentity identity() throws ProcessException {
        try {
            return ProcessIdentity.of(
                    "windows",
                    pid,
                    Map.of("created", Long.toString(calls.timesOf(handle).created())));
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, pid);
        }
    }

    @Override
    public void close() {
        try {
            calls.closeHandle(handle);
        } catch (Win32Exception wrong) {
            // REL-13: there is nobody to tell, and a second close could hit another's handle
        }
    }
}
