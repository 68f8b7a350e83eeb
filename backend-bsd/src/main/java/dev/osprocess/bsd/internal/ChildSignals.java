// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import java.util.List;

/**
 * How a child's signals begin: nothing blocked, everything at its default, except that what was ignored when this JVM was
 * started stays ignored, as nohup(1) wants (START-21). Only signals 1 to 31: those above are never ignored by a JVM, and
 * thread libraries refuse to have some of them set. KILL and STOP are left out, because asking for them fails the start on
 * OpenBSD and DragonFly.
 */
final class ChildSignals {
    private static final int LAST = 31;

    /** Signals that HotSpot handles from the start: one that is ignored now was not inherited so. */
    private static final List<Signal> HANDLED_BY_THE_JVM =
            List.of(Signal.ILL, Signal.TRAP, Signal.BUS, Signal.FPE, Signal.SEGV, Signal.PIPE, Signal.XFSZ);

    private final BsdSystem system;
    private final byte[] defaults;
    private final boolean known;
    private final boolean childSignalIgnored;
    private volatile boolean childSignalMended;

    ChildSignals(BsdSystem system) {
        this.system = system;
        this.defaults = new byte[system.profile().sigsetSize];
        BsdSignals signals = system.profile().signals;
        int child = signals.number(Signal.CHLD);
        boolean complete = true;
        boolean ignored = false;
        try {
            for (int number = 1; number <= LAST; number++) {
                Signal signal = signals.signal(number);
                if (signal.equals(Signal.KILL) || signal.equals(Signal.STOP)) {
                    continue;
                }
                boolean isIgnored = system.calls().isIgnored(number);
                ignored |= isIgnored && number == child;
                if (!isIgnored || number == child || HANDLED_BY_THE_JVM.contains(signal)) {
                    defaults[(number - 1) / Byte.SIZE] |= (byte) (1 << ((number - 1) % Byte.SIZE)); // little-endian
                }
            }
        } catch (ErrnoException unknown) {
            complete = false; // then none is touched: a JVM itself ignores none
        }
        this.known = complete;
        this.childSignalIgnored = ignored;
    }

    /** Whether the dispositions of this process are known, so that the child's can be set. */
    boolean known() {
        return known;
    }

    /** The signals that a child gets at their default, as a sigset_t. */
    byte[] defaults() {
        return defaults.clone();
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
            system.calls().signalDefault(system.profile().signals.number(Signal.CHLD));
        } catch (ErrnoException failed) {
            throw BsdErrors.of(failed);
        }
        childSignalMended = true;
        System.getLogger("dev.osprocess")
                .log(
                        System.Logger.Level.WARNING,
                        "SIGCHLD was ignored when this JVM was started; it is at its default now, as waiting for children"
                                + " needs");
    }
}
