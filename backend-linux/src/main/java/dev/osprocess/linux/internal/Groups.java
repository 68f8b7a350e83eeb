// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.Signal;

/** Signals to the process group that a child leads (SIG-20). The engine sees to it that the leader is not reaped. */
final class Groups {
    private Groups() {}

    /** Through the leader's pidfd where the kernel can (Linux 6.9), else by number. */
    static void signal(LinuxSyscalls calls, int pidfd, int leader, Signal signal) throws ProcessException {
        int number = Signals.numberOf(signal);
        try {
            calls.pidfdSendSignal(pidfd, number, LinuxAbi.PIDFD_SIGNAL_PROCESS_GROUP);
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.EINVAL) {
                throw Signals.failed(failed, leader);
            }
            checkStillOurs(calls, pidfd, leader);
            signal(calls, leader, signal); // an older kernel, or a signal that does not exist, which kill(2) tells
        }
    }

    /** While the leader is our child its number is its own; somebody else may have reaped it (WAIT-18). */
    private static void checkStillOurs(LinuxSyscalls calls, int pidfd, int leader) throws ProcessException {
        try {
            ChildWaits.waitid(calls, LinuxAbi.P_PIDFD, pidfd, LinuxAbi.WEXITED | LinuxAbi.WNOHANG | LinuxAbi.WNOWAIT);
        } catch (ErrnoException failed) {
            throw failed.errno() == Errno.ECHILD
                    ? LinuxErrors.done(failed, leader)
                    : LinuxErrors.onProcess(failed, leader);
        }
    }

    /** By number: a negative one means the group (kill(2)). */
    static void signal(LinuxSyscalls calls, int leader, Signal signal) throws ProcessException {
        try {
            calls.kill(-leader, Signals.numberOf(signal));
        } catch (ErrnoException failed) {
            throw Signals.failed(failed, leader);
        }
    }
}
