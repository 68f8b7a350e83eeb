// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Signal numbers of Linux on x86-64, aarch64 and riscv64 (asm-generic/signal.h; signal(7)). A pure table: it is tested on
 * every host.
 */
final class LinuxSignals {
    /** The first real-time signal a program may use: the C library keeps 32 and 33 for itself (signal(7)). */
    static final int SIGRTMIN = 34;

    static final int SIGRTMAX = 64;

    private LinuxSignals() {}

    /** The number of a named signal; −1 if Linux has no such signal. */
    static int number(Signal signal) {
        if (signal.number().isPresent()) {
            return signal.number().getAsInt();
        }
        if (signal.realTimeOffset().isPresent()) {
            int number = SIGRTMIN + signal.realTimeOffset().getAsInt();
            return number <= SIGRTMAX ? number : -1;
        }
        return switch (signal.name()) {
            case "HUP" -> 1;
            case "INT" -> 2;
            case "QUIT" -> 3;
            case "ILL" -> 4;
            case "TRAP" -> 5;
            case "ABRT" -> 6;
            case "BUS" -> 7;
            case "FPE" -> 8;
            case "KILL" -> 9;
            case "USR1" -> 10;
            case "SEGV" -> 11;
            case "USR2" -> 12;
            case "PIPE" -> 13;
            case "ALRM" -> 14;
            case "TERM" -> 15;
            case "STKFLT" -> 16;
            case "CHLD" -> 17;
            case "CONT" -> 18;
            case "STOP" -> 19;
            case "TSTP" -> 20;
            case "TTIN" -> 21;
            case "TTOU" -> 22;
            case "URG" -> 23;
            case "XCPU" -> 24;
            case "XFSZ" -> 25;
            case "VTALRM" -> 26;
            case "PROF" -> 27;
            case "WINCH" -> 28;
            case "IO" -> 29;
            case "PWR" -> 30;
            case "SYS" -> 31;
            default -> -1;
        };
    }

    /** The signal of this number, by name where it has one. */
    static Signal signal(int number) {
        Signal named = named(number);
        return named != null ? named : Signal.of(number);
    }

    private static @Nullable Signal named(int number) {
        return switch (number) {
            case 1 -> Signal.HUP;
            case 2 -> Signal.INT;
            case 3 -> Signal.QUIT;
            case 4 -> Signal.ILL;
            case 5 -> Signal.TRAP;
            case 6 -> Signal.ABRT;
            case 7 -> Signal.BUS;
            case 8 -> Signal.FPE;
            case 9 -> Signal.KILL;
            case 10 -> Signal.USR1;
            case 11 -> Signal.SEGV;
            case 12 -> Signal.USR2;
            case 13 -> Signal.PIPE;
            case 14 -> Signal.ALRM;
            case 15 -> Signal.TERM;
            case 16 -> Signal.STKFLT;
            case 17 -> Signal.CHLD;
            case 18 -> Signal.CONT;
            case 19 -> Signal.STOP;
            case 20 -> Signal.TSTP;
            case 21 -> Signal.TTIN;
            case 22 -> Signal.TTOU;
            case 23 -> Signal.URG;
            case 24 -> Signal.XCPU;
            case 25 -> Signal.XFSZ;
            case 26 -> Signal.VTALRM;
            case 27 -> Signal.PROF;
            case 28 -> Signal.WINCH;
            case 29 -> Signal.IO;
            case 30 -> Signal.PWR;
            case 31 -> Signal.SYS;
            default -> null;
        };
    }
}
