// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens processes by number. */
final class JdkOpener {
    private final JdkSystem system;

    JdkOpener(JdkSystem system) {
        this.system = system;
    }

    /**
     * Opens one.
     *
     * @param child the child of ours that last had this number, if the engine still holds it
     */
    Target open(long pid, @Nullable ChildTarget child) throws ProcessException {
        if (pid > system.host().highestPid()) { // the JDK would narrow it, and find somebody else (ID-09)
            throw gone(pid, "no process of this system can have this number");
        }
        if (child != null && child.isRunning()) {
            return child.foundAgain();
        }
        Optional<ProcessHandle> handle = system.calls().of(pid);
        if (handle.isEmpty()) {
            throw gone(pid, "there is no such process");
        }
        long process = system.proc().threadGroupOf(pid);
        if (process != ProcHints.UNKNOWN && process != pid) { // ID-15: the JDK takes a thread for a process
            throw gone(pid, "this is the id of a thread of process " + process + ", not of a process");
        }
        return new FoundTarget(system, handle.get());
    }

    private static ProcessException gone(long pid, String detail) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, "find")
                .pid(pid)
                .detail(detail)
                .build();
    }
}
