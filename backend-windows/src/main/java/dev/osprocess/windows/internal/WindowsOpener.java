// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Target;

/** Opens processes by number (D5). */
final class WindowsOpener {
    private static final long LARGEST_PID = 0xFFFF_FFFFL;

    private final WindowsSyscalls calls;

    WindowsOpener(WindowsSyscalls calls) {
        this.calls = calls;
    }

    /** Access denied is an error of its own: the process is there, and there is no number mode to fall back to (ID-06). */
    Target open(long pid) throws ProcessException {
        if (pid > LARGEST_PID) { // ID-09: before any narrowing
            throw gone(pid, "a process id has at most 32 bits here");
        }
        long handle;
        try {
            handle = calls.openProcess(FoundTarget.RIGHTS, pid);
        } catch (Win32Exception failed) {
            throw failed.error() == Win32Error.INVALID_PARAMETER
                    ? WindowsErrors.done(failed, pid)
                    : WindowsErrors.onProcess(failed, pid);
        }
        boolean kept = false;
        try {
            // Numbers are multiples of 4, and OpenProcess takes the three that follow for the same process.
            long bearer = calls.processIdOf(handle);
            if (bearer != pid) {
                throw gone(pid, "no process has this number; the system would take it for that of " + bearer);
            }
            kept = true;
            return new FoundTarget(calls, pid, handle);
        } catch (Win32Exception failed) {
            throw WindowsErrors.onProcess(failed, pid);
        } finally {
            if (!kept) {
                Handles.close(calls, handle);
            }
        }
    }

    private static ProcessException gone(long pid, String detail) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, "find")
                .pid(pid)
                .detail(detail)
                .build();
    }
}
