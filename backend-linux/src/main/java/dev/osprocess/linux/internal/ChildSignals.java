// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;

/**
 * How a child's signals begin: nothing blocked, everything at its default, except that what was ignored when this JVM was
 * started stays ignored, as nohup(1) wants (START-21).
 */
final class ChildSignals {
    private static final long ALL = -1L;

    /** Signals that HotSpot handles from the start: one that is ignored now was not inherited so. */
    private static final long HANDLED_BY_THE_JVM = bit(LinuxAbi.SIGILL)
            | bit(LinuxAbi.SIGTRAP)
            | bit(LinuxAbi.SIGBUS)
            | bit(LinuxAbi.SIGFPE)
            | bit(LinuxAbi.SIGSEGV)
            | bit(LinuxAbi.SIGPIPE)
            | bit(LinuxAbi.SIGXFSZ);

    private final LinuxSyscalls calls;
    private final long defaults;
    private final boolean childSignalIgnored;
    private volatile boolean childSignalMended;

    ChildSignals(LinuxSystem system) {
        this.calls = system.calls();
        long ignored = system.proc().ignoredSignals();
        this.childSignalIgnored = (ignored & bit(LinuxAbi.SIGCHLD)) != 0;
        long inherited = ignored & ~HANDLED_BY_THE_JVM & ~bit(LinuxAbi.SIGCHLD);
        this.defaults = ALL & ~inherited & ~bit(LinuxAbi.SIGKILL) & ~bit(LinuxAbi.SIGSTOP);
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** The signals that a child gets at their default: bit n−1 for signal n. */
    long defaults() {
        return defaults;
    }

    /**
     * With SIGCHLD ignored, children reap themselves: their state is lost and their numbers are free at once. A JVM that
     * was started so stays so until the JDK's own first spawn; so it is mended here, once, and said.
     */
    void beforeSpawn() throws ProcessException {
        if (!childSignalIgnored || childSignalMended) {
            return;
        }
        try {
            calls.signalDefault(LinuxAbi.SIGCHLD);
        } catch (ErrnoException failed) {
            throw LinuxErrors.of(failed);
        }
        childSignalMended = true;
        System.getLogger("dev.osprocess")
                .log(
                        System.Logger.Level.WARNING,
                        "SIGCHLD was ignored when this JVM was started; it is at its default now, as waiting for children"
                                + " needs");
    }
}
