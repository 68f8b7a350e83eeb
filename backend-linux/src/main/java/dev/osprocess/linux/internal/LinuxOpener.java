// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Target;

/** Opens processes by number (D5). */
final class LinuxOpener {
    private final LinuxSystem system;

    LinuxOpener(LinuxSystem system) {
        this.system = system;
    }

    Target open(long pid) throws ProcessException {
        if (pid > Integer.MAX_VALUE) { // ID-09: before any narrowing
            throw gone(pid, "a process id has at most 31 bits here");
        }
        int number = (int) pid;
        if (system.pidfds()) {
            try {
                return new ForeignPidfdTarget(system, number, system.calls().pidfdOpen(number, 0));
            } catch (ErrnoException failed) {
                if (failed.errno() == Errno.ESRCH) {
                    throw LinuxErrors.done(failed, pid);
                }
                // ID-06: whatever else it says, the process may be there; ENOENT and EINVAL can mean a thread (ID-15)
            }
        }
        return byNumber(number);
    }

    private Target byNumber(int pid) throws ProcessException {
        try {
            system.calls().kill(pid, 0);
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ESRCH) {
                throw LinuxErrors.done(failed, pid);
            }
            // EPERM: it is there, and another user's (SIG-02)
        }
        long leader = system.proc().threadGroupOf(pid);
        if (leader > 0 && leader != pid) {
            throw gone(pid, "this is the id of a thread of process " + leader + ", not of a process");
        }
        return new ForeignNumberTarget(system, pid);
    }

    private static ProcessException gone(long pid, String detail) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, "find")
                .pid(pid)
                .detail(detail)
                .build();
    }
}
