// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A signal, by name where it has one: its number belongs to the system and is looked up by the backend (SIG-24:
 * {@code USR1} is 10 on Linux and 30 on the BSDs). Any number the system has can be sent by {@link #of(int)}, also those
 * without a name; real-time signals are counted from the system's first by {@link #realTime(int)}.
 *
 * <p>Values compare by what they name: {@code of("TERM")} equals {@link #TERM}, while {@code of(15)} is a bare number and
 * equals only itself. A state that the system reports carries the name where there is one.
 */
public final class Signal {
    private static final String REAL_TIME = "RTMIN";
    private static final String BARE_NUMBER = "";

    /** Hang-up of the terminal, or "read your configuration again". */
    public static final Signal HUP = new Signal("HUP", 0);
    /** Interrupt from the keyboard. */
    public static final Signal INT = new Signal("INT", 0);
    /** Quit from the keyboard; a JVM prints its threads. */
    public static final Signal QUIT = new Signal("QUIT", 0);
    /** Illegal instruction. */
    public static final Signal ILL = new Signal("ILL", 0);
    /** Trace or breakpoint trap. */
    public static final Signal TRAP = new Signal("TRAP", 0);
    /** Abort. */
    public static final Signal ABRT = new Signal("ABRT", 0);
    /** Emulator trap (BSD, macOS). */
    public static final Signal EMT = new Signal("EMT", 0);
    /** Bad memory access. */
    public static final Signal BUS = new Signal("BUS", 0);
    /** Floating-point exception. */
    public static final Signal FPE = new Signal("FPE", 0);
    /** Ends the process; it cannot be caught, blocked or ignored. */
    public static final Signal KILL = new Signal("KILL", 0);
    /** The first one for the program's own use. */
    public static final Signal USR1 = new Signal("USR1", 0);
    /** Invalid memory reference. */
    public static final Signal SEGV = new Signal("SEGV", 0);
    /** The second one for the program's own use. */
    public static final Signal USR2 = new Signal("USR2", 0);
    /** A pipe without a reader. */
    public static final Signal PIPE = new Signal("PIPE", 0);
    /** Timer of alarm(2). */
    public static final Signal ALRM = new Signal("ALRM", 0);
    /** The polite request to end. */
    public static final Signal TERM = new Signal("TERM", 0);
    /** Stack fault (Linux, unused). */
    public static final Signal STKFLT = new Signal("STKFLT", 0);
    /** A child stopped or ended. */
    public static final Signal CHLD = new Signal("CHLD", 0);
    /** Lets a stopped process go on. */
    public static final Signal CONT = new Signal("CONT", 0);
    /** Stops the process; it cannot be caught, blocked or ignored. */
    public static final Signal STOP = new Signal("STOP", 0);
    /** Stop from the keyboard. */
    public static final Signal TSTP = new Signal("TSTP", 0);
    /** Terminal input for a background process. */
    public static final Signal TTIN = new Signal("TTIN", 0);
    /** Terminal output of a background process. */
    public static final Signal TTOU = new Signal("TTOU", 0);
    /** Urgent data on a socket. */
    public static final Signal URG = new Signal("URG", 0);
    /** CPU time limit exceeded. */
    public static final Signal XCPU = new Signal("XCPU", 0);
    /** File size limit exceeded. */
    public static final Signal XFSZ = new Signal("XFSZ", 0);
    /** Virtual timer. */
    public static final Signal VTALRM = new Signal("VTALRM", 0);
    /** Profiling timer. */
    public static final Signal PROF = new Signal("PROF", 0);
    /** The terminal's window changed its size. */
    public static final Signal WINCH = new Signal("WINCH", 0);
    /** I/O is possible. */
    public static final Signal IO = new Signal("IO", 0);
    /** Power failure (Linux). */
    public static final Signal PWR = new Signal("PWR", 0);
    /** Status request from the keyboard (BSD, macOS). */
    public static final Signal INFO = new Signal("INFO", 0);
    /** Bad system call. */
    public static final Signal SYS = new Signal("SYS", 0);

    private final String name;
    private final int number;

    private Signal(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /**
     * The signal of this number, whatever it means there. Number 0 sends nothing and only asks whether the process could
     * be signalled (SIG-02).
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public static Signal of(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("signal number " + number + ": must be 0 or more");
        }
        return new Signal(BARE_NUMBER, number);
    }

    /**
     * The signal of this name, with or without {@code SIG}, in any case: {@code TERM}, {@code sigusr1},
     * {@code RTMIN+3}; or of this number in digits, with or without {@code SIG}. {@code RTMAX} is not known: count from
     * {@code RTMIN}.
     *
     * @throws IllegalArgumentException if there is no such name on any system that this library knows
     */
    public static Signal of(String text) {
        String upper = Objects.requireNonNull(text, "text").trim().toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (!bare.isEmpty() && bare.chars().allMatch(c -> c >= '0' && c <= '9') && bare.length() < 10) {
            return of(Integer.parseInt(bare));
        }
        if (bare.equals(REAL_TIME)) {
            return realTime(0);
        }
        if (bare.startsWith("RTMIN+") && bare.substring(6).matches("[0-9]{1,4}")) {
            return realTime(Integer.parseInt(bare.substring(6)));
        }
        if (Texts.BY_NAME.containsKey(bare)) {
            return new Signal(bare, 0);
        }
        throw new IllegalArgumentException(
                "unknown signal '" + text + "': use a name such as TERM or SIGUSR1, RTMIN+n, or a number");
    }

    /**
     * The real-time signal that is {@code offset} after the system's first ({@code SIGRTMIN + offset}).
     *
     * @throws IllegalArgumentException if the offset is negative
     */
    public static Signal realTime(int offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("real-time signal offset " + offset + ": must be 0 or more");
        }
        return new Signal(REAL_TIME, offset);
    }

    /** The name without {@code SIG}: {@code TERM}; empty for a bare number. */
    public String name() {
        return name.equals(REAL_TIME) ? name + "+" + number : name;
    }

    /** The number, if this was made from one: named signals have theirs from the system. */
    public OptionalInt number() {
        return name.equals(BARE_NUMBER) ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** The place after the system's first real-time signal, if this is one made by {@link #realTime(int)}. */
    public OptionalInt realTimeOffset() {
        return name.equals(REAL_TIME) ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** What it says, in the words of signal(7) and the same under every locale (PS-08): {@code killed}. */
    public String description() {
        String text = Texts.BY_NAME.get(name);
        return text != null ? text : toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signal that && name.equals(that.name) && number == that.number;
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + number;
    }

    /** {@code SIGTERM}, {@code SIGRTMIN+3}, or {@code signal 40} for a bare number. */
    @Override
    public String toString() {
        return name.equals(BARE_NUMBER) ? "signal " + number : "SIG" + name();
    }

    /** Loaded when a text is asked for, not on the way to the first child. */
    private static final class Texts {
        static final Map<String, String> BY_NAME = Map.ofEntries(
                Map.entry("HUP", "hangup"),
                Map.entry("INT", "interrupt"),
                Map.entry("QUIT", "quit"),
                Map.entry("ILL", "illegal instruction"),
                Map.entry("TRAP", "trace/breakpoint trap"),
                Map.entry("ABRT", "aborted"),
                Map.entry("EMT", "EMT trap"),
                Map.entry("BUS", "bus error"),
                Map.entry("FPE", "floating point exception"),
                Map.entry("KILL", "killed"),
                Map.entry("USR1", "user defined signal 1"),
                Map.entry("SEGV", "segmentation fault"),
                Map.entry("USR2", "user defined signal 2"),
                Map.entry("PIPE", "broken pipe"),
                Map.entry("ALRM", "alarm clock"),
                Map.entry("TERM", "terminated"),
                Map.entry("STKFLT", "stack fault"),
                Map.entry("CHLD", "child exited"),
                Map.entry("CONT", "continued"),
                Map.entry("STOP", "stopped (signal)"),
                Map.entry("TSTP", "stopped"),
                Map.entry("TTIN", "stopped (tty input)"),
                Map.entry("TTOU", "stopped (tty output)"),
                Map.entry("URG", "urgent I/O condition"),
                Map.entry("XCPU", "CPU time limit exceeded"),
                Map.entry("XFSZ", "file size limit exceeded"),
                Map.entry("VTALRM", "virtual timer expired"),
                Map.entry("PROF", "profiling timer expired"),
                Map.entry("WINCH", "window changed"),
                Map.entry("IO", "I/O possible"),
                Map.entry("PWR", "power failure"),
                Map.entry("INFO", "information request"),
                Map.entry("SYS", "bad system call"));

        private Texts() {}
    }
}
