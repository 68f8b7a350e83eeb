// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import org.jspecify.annotations.Nullable;

/** Reaping a child, and looking at it without reaping. Both never block. */
final class ChildWaits {
    private ChildWaits() {}

    /**
     * Reaps the child if it has ended; null if it has not. The engine calls this inside the child's claim, so no signal is
     * under way (WAIT-15), and a wait that does not block needs no look before it.
     *
     * @throws NoChildException if somebody else reaped it
     */
    static @Nullable ProcessState reap(BsdSystem system, int pid) throws ProcessException {
        BsdSyscalls calls = system.calls();
        while (true) {
            try {
                WaitReport report = calls.wait4(pid, system.profile().wnohang);
                if (report == null) {
                    return null;
                }
                ProcessState state = BsdStates.ofWaitStatus(system.profile(), pid, report.status());
                return state == null
                        ? null // of a stop: a traced child shows them to everybody
                        : state.withUsage(BsdStates.usage(system.profile(), report.usage(), floor(calls)));
            } catch (ErrnoException failed) {
                if (failed.error() != Errno.EINTR) { // WAIT-08: WNOHANG does not block, so not for long
                    throw isTaken(failed) ? BsdErrors.noChild(failed, pid) : BsdErrors.onProcess(failed, pid);
                }
            }
        }
    }

    /** ECHILD; and NetBSD has answered ESRCH for a child that somebody else reaped (WAIT-18). */
    private static boolean isTaken(ErrnoException failed) {
        return failed.error() == Errno.ECHILD || failed.error() == Errno.ESRCH;
    }

    private static long floor(BsdSyscalls calls) {
        try {
            return calls.maxRss();
        } catch (ErrnoException unknown) {
            return -1; // absent, and said to be so (PS-17)
        }
    }

    /** Whether {@link #peek} can tell anything here. */
    static boolean canPeek(BsdSystem system) {
        return system.look() != BsdSystem.Look.NONE;
    }

    /**
     * The state of the child if it has ended, which stays there for its owner; null if it has not, or if that cannot be
     * seen here without reaping.
     *
     * @throws NoChildException if it is no child of ours
     */
    static @Nullable ProcessState peek(BsdSystem system, int pid) throws ProcessException {
        try {
            return peekOrFail(system, pid);
        } catch (ErrnoException failed) {
            if (isTaken(failed)) {
                throw BsdErrors.noChild(failed, pid);
            }
            if (failed.error() == Errno.ENOSYS) {
                return null; // a sandbox; reaping still works (WAIT-17)
            }
            throw BsdErrors.onProcess(failed, pid);
        }
    }

    private static @Nullable ProcessState peekOrFail(BsdSystem system, int pid) throws ErrnoException {
        BsdProfile profile = system.profile();
        int options = profile.wexited | profile.wnohang | profile.wnowait;
        while (true) {
            try {
                return switch (system.look()) {
                    case WAIT6 -> ofStatus(profile, pid, system.calls().wait6(pid, options));
                    case WAITID -> ofReport(profile, pid, system.calls().waitid(pid, options));
                    case NONE -> null;
                };
            } catch (ErrnoException failed) {
                if (failed.error() != Errno.EINTR) {
                    throw failed;
                }
            }
        }
    }

    private static @Nullable ProcessState ofStatus(BsdProfile profile, int pid, int status) {
        return status < 0 ? null : BsdStates.ofWaitStatus(profile, pid, status);
    }

    private static @Nullable ProcessState ofReport(BsdProfile profile, int pid, @Nullable ChildReport report) {
        return report == null ? null : BsdStates.ofReport(profile, pid, report);
    }
}
