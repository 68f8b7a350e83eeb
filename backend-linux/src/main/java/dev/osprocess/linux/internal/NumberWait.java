// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look by number, as waitpid(2) reads its pid, through waitid(2): it alone can leave the child alone (OLD-11 to 18). */
final class NumberWait {
    private static final int CONTINUED_STATUS = 0xFFFF;
    private static final int ANY_CHILD = -1;

    private final LinuxSyscalls calls;
    private final long pid;
    private final Set<WaitOption> options;

    NumberWait(LinuxSyscalls calls, long pid, Set<WaitOption> options) {
        this.calls = calls;
        this.pid = pid;
        this.options = options;
    }

    /** The report, taken; null if there is none yet. */
    @Nullable
    WaitMessage look() throws ProcessException {
        if (pid > Integer.MAX_VALUE
                || pid < -Integer.MAX_VALUE) { // OLD-15: no pid and no group of the system is so wide
            throw noChild(new ErrnoException("waitid", pid > 0 ? Errno.ECHILD : Errno.ESRCH));
        }
        int wanted = LinuxAbi.WEXITED
                | LinuxAbi.WNOHANG
                | (options.contains(WaitOption.STOPPED) ? LinuxAbi.WSTOPPED : 0)
                | (options.contains(WaitOption.CONTINUED) ? LinuxAbi.WCONTINUED : 0);
        try {
            ChildReport report = ChildWaits.waitid(calls, idType(), id(), wanted);
            return report == null ? null : message(report);
        } catch (ErrnoException failed) {
            throw failed.errno() == Errno.ECHILD ? noChild(failed) : LinuxErrors.onProcess(failed, pid);
        }
    }

    private int idType() {
        if (pid == ANY_CHILD) {
            return LinuxAbi.P_ALL;
        }
        return pid > 0 ? LinuxAbi.P_PID : LinuxAbi.P_PGID;
    }

    private int id() {
        return pid == ANY_CHILD ? 0 : (int) Math.abs(pid); // P_PGID of 0 is the own group, Linux 5.4
    }

    private @Nullable WaitMessage message(ChildReport report) {
        long floor = options.contains(WaitOption.RUSAGE) ? ChildWaits.floor(calls) : -1;
        WaitMessage message = plain(report);
        if (message == null || !options.contains(WaitOption.RUSAGE)) {
            return message;
        }
        ResourceUsage usage = LinuxStates.usage(report.usage(), floor);
        return message.withUsage(usage);
    }

    private static @Nullable WaitMessage plain(ChildReport report) {
        ProcessState ended = LinuxStates.of(report.pid(), report, -1);
        if (ended != null) {
            return WaitMessage.ended(ended);
        }
        return switch (report.code()) {
            case LinuxAbi.CLD_STOPPED ->
                WaitMessage.stopped(
                        report.pid(), LinuxStates.signal(report.status()), LinuxStates.stopStatus(report.status()));
            case LinuxAbi.CLD_CONTINUED -> WaitMessage.continued(report.pid(), CONTINUED_STATUS);
            default -> null; // a traced child's, which is its tracer's affair
        };
    }

    private ProcessException noChild(ErrnoException failed) {
        return ProcessException.builder(ErrorKind.NO_CHILD, "wait")
                .pid(pid)
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail("this process has no such child that is still to be waited for")
                .cause(failed)
                .build();
    }
}
