// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A process that was found, held by its number because no pidfd could be opened. Its start time, taken when it was found,
 * is compared before each use: another start time means that the number has passed to a stranger (ID-13). This narrows
 * the race and does not close it. An unknown start time is no difference.
 */
final class ForeignNumberTarget extends NumberTarget {
    private static final long UNKNOWN = 0;

    private final LinuxSystem system;
    private final long startTicks;

    ForeignNumberTarget(LinuxSystem system, int pid) {
        super(pid);
        this.system = system;
        ProcFs.Stat stat = system.proc().stat(pid);
        this.startTicks = stat == null ? UNKNOWN : stat.startTicks();
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        ChildReport ownChild = reportOfOwnChild();
        ProcFs.Stat stat = system.proc().stat(pid);
        if (isStranger(stat)) {
            return ProcessState.unknown(pid);
        }
        if (ownChild == null && stat != null && stat.isZombie()) {
            ownChild = reportOfOwnChild(); // it may have ended between the two looks
        }
        if (ownChild != null) {
            return LinuxStates.of(pid, ownChild, -1);
        }
        if (stat != null && stat.isZombie()) {
            boolean believable = stat.exitCode() != 0 || system.proc().mayReadExitCodeOf(pid);
            return believable ? LinuxStates.ofWaitStatus(pid, (int) stat.exitCode()) : ProcessState.unknown(pid);
        }
        return exists() ? null : ProcessState.unknown(pid);
    }

    private @Nullable ChildReport reportOfOwnChild() throws ProcessException {
        try {
            return ChildWaits.waitid(
                    system.calls(), LinuxAbi.P_PID, pid, LinuxAbi.WEXITED | LinuxAbi.WNOHANG | LinuxAbi.WNOWAIT);
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ECHILD) {
                return null;
            }
            throw LinuxErrors.onProcess(failed, pid);
        }
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        int number = Signals.numberOf(signal);
        if (isStranger(system.proc().stat(pid))) {
            throw LinuxErrors.done(new ErrnoException("kill", Errno.ESRCH), pid);
        }
        try {
            system.calls().kill(pid, number);
        } catch (ErrnoException failed) {
            throw Signals.failed(failed, pid);
        }
    }

    @Override
    public Liveness liveness() {
        ProcFs.Stat stat = system.proc().stat(pid);
        if (isStranger(stat) || !exists()) {
            return Liveness.GONE;
        }
        return stat != null && stat.isZombie() ? Liveness.EXITED : Liveness.RUNNING;
    }

    private boolean exists() {
        try {
            system.calls().kill(pid, 0);
            return true;
        } catch (ErrnoException failed) {
            return failed.errno() != Errno.ESRCH;
        }
    }

    private boolean isStranger(ProcFs.@Nullable Stat stat) {
        return startTicks != UNKNOWN && stat != null && stat.startTicks() != startTicks;
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        ProcFs.Stat stat = system.proc().stat(pid);
        if (isStranger(stat) || !exists()) {
            throw LinuxErrors.done(new ErrnoException("kill", Errno.ESRCH), pid);
        }
        return Identities.of(system.proc(), pid, stat, "");
    }
}
