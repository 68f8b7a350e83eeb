// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A process that was found, held by a pidfd. Its state is somebody else's to collect, so it is only looked at (D17, D18):
 * by waitid with WNOWAIT if it is our own child, by PIDFD_GET_INFO after its parent has reaped it, by the exit code in
 * /proc/PID/stat while it is a zombie.
 */
final class ForeignPidfdTarget extends PidfdTarget {
    /** How long a zombie is given to be reaped, so that the kernel tells the truth, where nothing else tells it. */
    static final long PATIENCE_NANOS = 2_000_000_000L;

    private final LongSupplier nanoTime;

    private boolean ended;

    /** When it was first seen ended. The engine never collects twice at a time. */
    private long endedSince;

    ForeignPidfdTarget(LinuxSystem system, int pid, int pidfd) {
        this(system, pid, pidfd, System::nanoTime);
    }

    /** With a clock of a test's own. */
    ForeignPidfdTarget(LinuxSystem system, int pid, int pidfd, LongSupplier nanoTime) {
        super(system, pid, pidfd);
        this.nanoTime = nanoTime;
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        int pid = (int) pid();
        try {
            if ((Polling.poll(system.calls(), pidfd()) & LinuxAbi.POLLIN) == 0) {
                return null;
            }
            ProcessState ofChild = ofOwnChild(pid);
            if (ofChild != null) {
                return ofChild;
            }
            // the stat line first: if the process is not reaped after it was read, it was its own
            ProcessState inStat = ofZombie(pid);
            boolean reaped = isReaped();
            long exitStatus = exitStatus();
            if (exitStatus >= 0) {
                return LinuxStates.ofWaitStatus(pid, (int) exitStatus);
            }
            if (!reaped && inStat != null) {
                return inStat;
            }
            return reaped || patienceIsOver() ? ProcessState.unknown(pid) : null;
        } catch (ErrnoException failed) {
            throw LinuxErrors.onProcess(failed, pid);
        }
    }

    private @Nullable ProcessState ofOwnChild(int pid) throws ErrnoException {
        try {
            ChildReport report = ChildWaits.waitid(
                    system.calls(), LinuxAbi.P_PIDFD, pidfd(), LinuxAbi.WEXITED | LinuxAbi.WNOHANG | LinuxAbi.WNOWAIT);
            return report == null ? null : LinuxStates.of(pid, report, -1);
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ECHILD) {
                return null;
            }
            throw failed;
        }
    }

    private @Nullable ProcessState ofZombie(int pid) {
        ProcFs.Stat stat = system.proc().stat(pid);
        if (stat == null || !stat.isZombie()) {
            return null;
        }
        // a zero is what the kernel shows to those who may not know
        boolean believable = stat.exitCode() != 0 || system.proc().mayReadExitCodeOf(pid);
        return believable ? LinuxStates.ofWaitStatus(pid, (int) stat.exitCode()) : null;
    }

    private long exitStatus() {
        try {
            return system.calls().pidfdExitStatus(pidfd());
        } catch (ErrnoException notTold) {
            return -1; // an older kernel (ENOTTY), or one that does not tell after the reap (ESRCH)
        }
    }

    private boolean patienceIsOver() {
        long now = nanoTime.getAsLong();
        if (!ended) {
            ended = true;
            endedSince = now;
        }
        return now - endedSince >= PATIENCE_NANOS;
    }
}
