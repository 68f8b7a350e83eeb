// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.nio.channels.ByteChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A child that we started: its handle has every right. */
final class OwnTarget extends HandleTarget {
    private final boolean hearsBreak;
    private final long job;
    private final Map<Integer, ByteChannel> pipes;

    /**
     * A child.
     *
     * @param hearsBreak whether it leads a console process group of its own and shares this process's console
     * @param job the job object that is its own; 0 for none
     */
    OwnTarget(
            WindowsSyscalls calls,
            long pid,
            long handle,
            boolean hearsBreak,
            long job,
            Map<Integer, ByteChannel> pipes) {
        super(calls, pid, handle);
        this.hearsBreak = hearsBreak;
        this.job = job;
        this.pipes = pipes;
    }

    @Override
    void terminate() throws Win32Exception {
        calls.terminateProcess(value(), WindowsAbi.KILLED);
    }

    @Override
    void interrupt() throws ProcessException {
        if (!hearsBreak) {
            throw new UnsupportedFeatureException(
                    "the signal SIGINT to this process",
                    WindowsBackend.NAME,
                    "start it with WindowsAttributes.newProcessGroup(), on this process's console: Ctrl-Break is all that"
                            + " Windows can send");
        }
        try {
            calls.generateConsoleCtrlEvent(WindowsAbi.CTRL_BREAK_EVENT, pid());
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(
                    WindowsErrors.kind(failed.error()), failed, pid(), "; Ctrl-Break needs a console that both share");
        }
    }

    /** A job of its own is its group. */
    @Override
    public boolean leadsGroup() {
        return job != 0;
    }

    @Override
    public void signalGroup(Signal signal) throws ProcessException {
        if (!signal.equals(Signal.KILL)) {
            throw new UnsupportedFeatureException(
                    "the signal " + signal + " to a job",
                    WindowsBackend.NAME,
                    "a job can be ended (KILL), nothing else");
        }
        try {
            calls.terminateJob(job, WindowsAbi.KILLED);
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, pid());
        }
    }

    /** Those of the whole job where there is one, descendants that nobody waited for included. */
    @Override
    WindowsSyscalls.JobTimes cpuTimes(WindowsSyscalls.Times times) {
        WindowsSyscalls.JobTimes own = super.cpuTimes(times);
        if (job == 0) {
            return own;
        }
        try {
            WindowsSyscalls.JobTimes all = calls.timesOfJob(job);
            return all.kernel() >= own.kernel() && all.user() >= own.user() ? all : own;
        } catch (Win32Exception notTold) {
            return own;
        }
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return pipes.get(place);
    }

    @Override
    public void close() {
        super.close();
        if (job != 0) {
            try {
                calls.closeHandle(job); // kills nobody: this job has no limit that says so
            } catch (Win32Exception wrong) {
                // REL-13: there is nobody to tell
            }
        }
    }
}
