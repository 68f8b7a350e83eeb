// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.unix.ParentEnds;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A child that we started, held by its number: the number stays its own until we reap it, and the engine lets no signal
 * through once we do (D2).
 */
final class OwnNumberTarget extends NumberTarget {
    private final LinuxSystem system;
    private final ParentEnds pipes;
    private final boolean leadsGroup;
    private final @Nullable Cgroup cgroup;

    OwnNumberTarget(LinuxSystem system, int pid, ParentEnds pipes, boolean leadsGroup) {
        this(system, pid, pipes, leadsGroup, null);
    }

    /** With a control group of the child's own, which this closes. */
    OwnNumberTarget(LinuxSystem system, int pid, ParentEnds pipes, boolean leadsGroup, @Nullable Cgroup cgroup) {
        super(pid);
        this.cgroup = cgroup;
        this.system = system;
        this.pipes = pipes;
        this.leadsGroup = leadsGroup;
    }

    @Override
    public boolean leadsGroup() {
        return leadsGroup;
    }

    @Override
    public void signalGroup(Signal signal) throws ProcessException {
        checkStillOurs();
        Groups.signal(system.calls(), pid, signal);
    }

    @Override
    public boolean hasContainer() {
        return cgroup != null;
    }

    @Override
    public void killContainer() throws ProcessException {
        if (cgroup == null) {
            throw new AssertionError("internal error: this process has no control group of its own");
        }
        cgroup.kill();
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        return ChildWaits.reap(system, LinuxAbi.P_PID, pid, pid);
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        int number = Signals.numberOf(signal);
        checkStillOurs();
        try {
            system.calls().kill(pid, number);
        } catch (ErrnoException failed) {
            throw Signals.failed(failed, pid);
        }
    }

    /** While it is our child its number is its own; somebody else may have reaped it behind our back (WAIT-18). */
    private void checkStillOurs() throws ProcessException {
        try {
            ChildWaits.peek(system, LinuxAbi.P_PID, pid, pid);
        } catch (NoChildException taken) {
            throw ProcessException.builder(ErrorKind.ALREADY_DONE, "kill")
                    .pid(pid)
                    .detail("the process has finished already")
                    .cause(taken)
                    .build();
        }
    }

    @Override
    public Liveness liveness() throws ProcessException {
        try {
            return ChildWaits.peek(system, LinuxAbi.P_PID, pid, pid) == null ? Liveness.RUNNING : Liveness.EXITED;
        } catch (NoChildException taken) {
            return Liveness.GONE;
        }
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        ProcFs.Stat stat = system.proc().stat(pid);
        if (liveness() == Liveness.GONE) {
            throw LinuxErrors.done(new ErrnoException("waitid", Errno.ECHILD), pid);
        }
        return Identities.of(system.proc(), pid, stat, "");
    }

    @Override
    public @Nullable Signal takeStop() throws ProcessException {
        return StopReports.takeStop(system.calls(), LinuxAbi.P_PID, pid, pid);
    }

    @Override
    public boolean takeContinue() throws ProcessException {
        return StopReports.takeContinue(system.calls(), LinuxAbi.P_PID, pid, pid);
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return pipes.at(place);
    }

    @Override
    public void close() {
        if (cgroup != null) {
            cgroup.close();
        }
    }
}
