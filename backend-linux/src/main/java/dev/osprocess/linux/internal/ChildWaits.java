// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import org.jspecify.annotations.Nullable;

/** waitid(2) on a child, the same by pidfd and by number. */
final class ChildWaits {
    private ChildWaits() {}

    /** Reaps the child if it has ended: state and resource usage in one call; null if it has not ended (WAIT-10). */
    static @Nullable ProcessState reap(LinuxSystem system, int idType, int id, int pid) throws ProcessException {
        return look(system, idType, id, pid, 0);
    }

    /** The same without reaping: the state stays there for its owner. */
    static @Nullable ProcessState peek(LinuxSystem system, int idType, int id, int pid) throws ProcessException {
        return look(system, idType, id, pid, LinuxAbi.WNOWAIT);
    }

    private static @Nullable ProcessState look(LinuxSystem system, int idType, int id, int pid, int options)
            throws ProcessException {
        LinuxSyscalls calls = system.calls();
        try {
            ChildReport report = waitid(calls, idType, id, LinuxAbi.WEXITED | LinuxAbi.WNOHANG | options);
            return report == null ? null : LinuxStates.of(pid, report, floor(calls));
        } catch (ErrnoException failed) {
            throw failed.errno() == Errno.ECHILD
                    ? LinuxErrors.noChild(failed, pid)
                    : LinuxErrors.onProcess(failed, pid);
        }
    }

    /** waitid(2), without EINTR (WAIT-08): with WNOHANG it does not block, so this cannot go on for long. */
    static @Nullable ChildReport waitid(LinuxSyscalls calls, int idType, int id, int options) throws ErrnoException {
        while (true) {
            try {
                return calls.waitid(idType, id, options);
            } catch (ErrnoException failed) {
                if (failed.errno() != Errno.EINTR) {
                    throw failed;
                }
            }
        }
    }

    /** This process's own peak resident set; negative if it is not known. */
    static long floor(LinuxSyscalls calls) {
        try {
            return calls.maxRssKib();
        } catch (ErrnoException unknown) {
            return -1; // absent, and said to be so (PS-17)
        }
    }
}
