// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One process of a {@link ScriptedKernel}. Numbers come back; a {@code ScriptedProcess} does not: each has a
 * {@link #serial()} of its own.
 */
public final class ScriptedProcess {
    /** What has become of it. */
    public enum Phase {
        /** It runs. */
        RUNNING,
        /** It was stopped by a signal. That is no end. */
        STOPPED,
        /** It has ended and keeps its number, because nobody has reaped it. */
        ZOMBIE,
        /** It was reaped: its number is free. */
        GONE
    }

    private final long pid;
    private final long serial;
    private final boolean child;

    private Phase phase = Phase.RUNNING;
    private @Nullable ProcessState end;
    private boolean stolen;
    private boolean outlivesKill;
    private @Nullable Signal stopReport;
    private boolean continueReport;
    private int looksTooEarly;
    private int callsByNumber;
    private final List<Signal> received = new ArrayList<>(2);
    private final Set<Signal> ignored = new HashSet<>(2);

    /** Guarded by the lock of the events. */
    final List<Long> watchedBy = new ArrayList<>(1);

    ScriptedProcess(long pid, long serial, boolean child) {
        this.pid = pid;
        this.serial = serial;
        this.child = child;
    }

    /** Its number, which another one may have after it is {@link Phase#GONE}. */
    public long pid() {
        return pid;
    }

    /** What no other process of this kernel has. */
    public long serial() {
        return serial;
    }

    /** Whether the library started it. */
    public boolean isChild() {
        return child;
    }

    /** What has become of it. */
    public synchronized Phase phase() {
        return phase;
    }

    /** Whether it has ended, reaped or not. */
    public synchronized boolean hasEnded() {
        return end != null;
    }

    /** The signals that reached it, in order, also those that it ignored and those that came when it was a zombie. */
    public synchronized List<Signal> received() {
        return List.copyOf(received);
    }

    /** From now on this signal is received without effect. */
    public synchronized ScriptedProcess ignores(Signal signal) {
        ignored.add(signal);
        return this;
    }

    /** From now on not even {@code KILL} ends it at once, as a process in an uninterruptible sleep. */
    public synchronized ScriptedProcess outlivesKill() {
        outlivesKill = true;
        return this;
    }

    // ---- for the kernel

    /** Ends it; false if it had ended. */
    synchronized boolean end(ProcessState how, boolean reapedAtOnce) {
        if (end != null) {
            return false;
        }
        end = how;
        phase = reapedAtOnce ? Phase.GONE : Phase.ZOMBIE;
        return true;
    }

    synchronized void looksTooEarly(int times) {
        looksTooEarly = times;
    }

    synchronized boolean isVisiblyEnded() {
        if (end == null) {
            return false;
        }
        if (looksTooEarly > 0) {
            looksTooEarly--;
            return false;
        }
        return true;
    }

    synchronized @Nullable ProcessState endState() {
        return end;
    }

    synchronized boolean isStolen() {
        return stolen;
    }

    /** Its zombie goes; false if there was none. */
    synchronized boolean reaped(boolean byAnother) {
        if (phase != Phase.ZOMBIE) {
            return false;
        }
        phase = Phase.GONE;
        stolen = byAnother;
        return true;
    }

    synchronized void stopped(boolean now) {
        if (phase == Phase.RUNNING || phase == Phase.STOPPED) {
            boolean before = phase == Phase.STOPPED;
            phase = now ? Phase.STOPPED : Phase.RUNNING;
            stopReport = now ? Signal.STOP : null; // going on takes the report of the stop back, as in Linux
            continueReport = before && !now;
        }
    }

    /** The stop that nobody was told of; nobody else is told of it. */
    synchronized @Nullable Signal takeStop() {
        Signal report = end == null ? stopReport : null;
        stopReport = null;
        return report;
    }

    /** Whether it goes on and nobody was told. */
    synchronized boolean takeContinue() {
        boolean report = end == null && continueReport;
        continueReport = false;
        return report;
    }

    /** A call that names it by number begins or ends. */
    synchronized void byNumber(int change) {
        callsByNumber += change;
    }

    synchronized boolean isUsedByNumber() {
        return callsByNumber > 0;
    }

    /** Notes the signal; true if it ends the process. */
    synchronized boolean receive(Signal signal) {
        received.add(signal);
        if (end != null || ignored.contains(signal)) {
            return false;
        }
        if (signal.equals(Signal.STOP)) {
            stopped(true);
        } else if (signal.equals(Signal.CONT)) {
            stopped(false);
        }
        return signal.equals(Signal.TERM) || (signal.equals(Signal.KILL) && !outlivesKill);
    }

    @Override
    public synchronized String toString() {
        return "process " + serial + " with pid " + pid + " (" + phase + ")";
    }
}
