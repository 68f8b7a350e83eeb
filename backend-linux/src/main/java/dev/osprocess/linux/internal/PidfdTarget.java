// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.Signal;
import dev.osprocess.linux.Pidfd;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;

/** A process held by a pidfd. Nothing here goes by number once the pidfd is open (ID-18, SIG-17). */
abstract class PidfdTarget implements Target {
    final LinuxSystem system;
    private final int pid;
    private final Pidfd pidfd;

    PidfdTarget(LinuxSystem system, int pid, int pidfd) {
        this.system = system;
        this.pid = pid;
        this.pidfd = new Pidfd(pidfd);
    }

    final int pidfd() {
        return pidfd.number();
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
        return pidfd;
    }

    @Override
    public final void signal(Signal signal) throws ProcessException {
        int number = Signals.numberOf(signal);
        try {
            system.calls().pidfdSendSignal(pidfd(), number, 0);
        } catch (ErrnoException failed) {
            throw Signals.failed(failed, pid);
        }
    }

    @Override
    public final Liveness liveness() throws ProcessException {
        try {
            if ((Polling.poll(system.calls(), pidfd()) & LinuxAbi.POLLIN) == 0) {
                return Liveness.RUNNING;
            }
            return isReaped() ? Liveness.GONE : Liveness.EXITED;
        } catch (ErrnoException failed) {
            throw LinuxErrors.onProcess(failed, pid);
        }
    }

    /** Whether somebody has collected the state of the process: the pidfd then reaches nobody. */
    final boolean isReaped() {
        try {
            system.calls().pidfdSendSignal(pidfd(), 0, 0);
            return false;
        } catch (ErrnoException failed) {
            return failed.errno() == Errno.ESRCH; // EPERM: it is there, and another user's
        }
    }

    @Override
    public final ProcessIdentity identity() throws ProcessException {
        // D16: opened first, read second; what was read belongs to it if it is still not reaped afterwards
        ProcFs.Stat stat = system.proc().stat(pid);
        String inode = pidfsInode();
        if (isReaped()) {
            throw LinuxErrors.done(new ErrnoException("pidfd_send_signal", Errno.ESRCH), pid);
        }
        return Identities.of(system.proc(), pid, stat, inode);
    }

    /** The inode of the pidfd where the kernel gives each process one of its own (pidfs, Linux 6.9); empty elsewhere. */
    private String pidfsInode() {
        try {
            long type = system.calls().fileSystemType(pidfd());
            return type == LinuxAbi.PIDFS_MAGIC ? system.proc().inodeOf(pidfd()) : "";
        } catch (ErrnoException unknown) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            system.calls().close(pidfd());
        } catch (ErrnoException gone) {
            // REL-13: after close(2) the descriptor is gone whatever it says, and a second close could hit another's
        }
    }
}
