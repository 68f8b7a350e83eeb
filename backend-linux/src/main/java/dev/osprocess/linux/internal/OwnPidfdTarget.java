// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.unix.ParentEnds;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/** A child that we started, held by a pidfd. */
final class OwnPidfdTarget extends PidfdTarget {
    private final ParentEnds pipes;
    private final boolean leadsGroup;
    private final @Nullable Cgroup cgroup;

    OwnPidfdTarget(LinuxSystem system, int pid, int pidfd, ParentEnds pipes, boolean leadsGroup) {
        this(system, pid, pidfd, pipes, leadsGroup, null);
    }

    /** With a control group of the child's own, which this closes. */
    OwnPidfdTarget(
            LinuxSystem system, int pid, int pidfd, ParentEnds pipes, boolean leadsGroup, @Nullable Cgroup cgroup) {
        super(system, pid, pidfd);
        this.pipes = pipes;
        this.leadsGroup = leadsGroup;
        this.cgroup = cgroup;
    }

    @Override
    public boolean leadsGroup() {
        return leadsGroup;
    }

    @Override
    public void signalGroup(Signal signal) throws ProcessException {
        Groups.signal(system.calls(), pidfd(), (int) pid(), signal);
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
        return ChildWaits.reap(system, LinuxAbi.P_PIDFD, pidfd(), (int) pid());
    }

    @Override
    public @Nullable Signal takeStop() throws ProcessException {
        return StopReports.takeStop(system.calls(), LinuxAbi.P_PIDFD, pidfd(), pid());
    }

    @Override
    public boolean takeContinue() throws ProcessException {
        return StopReports.takeContinue(system.calls(), LinuxAbi.P_PIDFD, pidfd(), pid());
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return pipes.at(place);
    }

    @Override
    public void close() {
        super.close();
        if (cgroup != null) {
            cgroup.close();
        }
    }
}
