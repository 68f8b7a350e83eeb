// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import org.jspecify.annotations.Nullable;

/** What waitid(2) reports of a child beside its end: taken, so that each is told once, and without WEXITED never a reap. */
final class StopReports {
    private StopReports() {}

    /** The signal of the last stop that nobody was told of; null if there is none. */
    static @Nullable Signal takeStop(LinuxSyscalls calls, int idType, int id, long pid) throws ProcessException {
        ChildReport report = take(calls, idType, id, LinuxAbi.WSTOPPED, pid);
        return report == null || report.code() != LinuxAbi.CLD_STOPPED ? null : LinuxStates.signal(report.status());
    }

    /** Whether it goes on and nobody was told of that. */
    static boolean takeContinue(LinuxSyscalls calls, int idType, int id, long pid) throws ProcessException {
        ChildReport report = take(calls, idType, id, LinuxAbi.WCONTINUED, pid);
        return report != null && report.code() == LinuxAbi.CLD_CONTINUED;
    }

    private static @Nullable ChildReport take(LinuxSyscalls calls, int idType, int id, int what, long pid)
            throws ProcessException {
        try {
            return ChildWaits.waitid(calls, idType, id, what | LinuxAbi.WNOHANG);
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ECHILD) {
                return null; // it has ended, which waitFor tells
            }
            throw LinuxErrors.onProcess(failed, pid);
        }
    }
}
