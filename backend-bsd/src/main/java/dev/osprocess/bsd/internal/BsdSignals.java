// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The signals of one system, by name and by number (SIG-24). Pure. */
final class BsdSignals {
    private static final List<Signal> NAMED = List.of(
            Signal.HUP,
            Signal.INT,
            Signal.QUIT,
            Signal.ILL,
            Signal.TRAP,
            Signal.ABRT,
            Signal.EMT,
            Signal.BUS,
            Signal.FPE,
            Signal.KILL,
            Signal.USR1,
            Signal.SEGV,
            Signal.USR2,
            Signal.PIPE,
            Signal.ALRM,
            Signal.TERM,
            Signal.STKFLT,
            Signal.CHLD,
            Signal.CONT,
            Signal.STOP,
            Signal.TSTP,
            Signal.TTIN,
            Signal.TTOU,
            Signal.URG,
            Signal.XCPU,
            Signal.XFSZ,
            Signal.VTALRM,
            Signal.PROF,
            Signal.WINCH,
            Signal.IO,
            Signal.PWR,
            Signal.INFO,
            Signal.SYS);

    private final String system;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, Signal> signals = new HashMap<>();
    private final int firstRealTime;
    private final int lastRealTime;

    BsdSignals(String system, Map<String, Long> table) {
        this.system = system;
        for (Signal signal : NAMED) {
            Long number = table.get("SIG" + signal.name());
            if (number != null) {
                numbers.put(signal.name(), number.intValue());
                signals.put(number.intValue(), signal);
            }
        }
        this.firstRealTime = table.getOrDefault("SIGRTMIN", 0L).intValue();
        this.lastRealTime = table.getOrDefault("SIGRTMAX", -1L).intValue();
    }

    /**
     * The number of a signal.
     *
     * @throws UnsupportedFeatureException if this system has no such signal
     */
    int number(Signal signal) {
        if (signal.number().isPresent()) {
            return signal.number().getAsInt();
        }
        if (signal.realTimeOffset().isPresent()) {
            int offset = signal.realTimeOffset().getAsInt();
            if (offset <= lastRealTime - firstRealTime) {
                return firstRealTime + offset;
            }
        } else {
            Integer number = numbers.get(signal.name());
            if (number != null) {
                return number;
            }
        }
        throw new UnsupportedFeatureException(
                "the signal " + signal, BsdBackend.NAME, system + " has none of that name, or its number is not known");
    }

    /** The signal of this number, by name where it has one. */
    Signal signal(int number) {
        Signal named = signals.get(number);
        return named != null ? named : Signal.of(number);
    }
}
