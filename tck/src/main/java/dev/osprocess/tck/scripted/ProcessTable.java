// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who bears which number. A number is free as soon as its bearer was reaped. */
final class ProcessTable {
    private static final long FIRST_PID = 100;
    private static final long NONE_ASKED = 0;

    private final ConcurrentHashMap<Long, ScriptedProcess> bearers = new ConcurrentHashMap<>();
    private final AtomicLong freshPid = new AtomicLong(FIRST_PID);
    private final AtomicLong askedPid = new AtomicLong(NONE_ASKED);
    private final AtomicLong nextSerial = new AtomicLong(1);

    @Nullable
    ScriptedProcess bearerOf(long pid) {
        return bearers.get(pid);
    }

    /** Our children that this number means: one by its pid, else all, and none of them twice. */
    List<ScriptedProcess> children(long pid) {
        return bearers.values().stream()
                .filter(process -> process.isChild() && (pid <= 0 || process.pid() == pid))
                .sorted(Comparator.comparingLong(ScriptedProcess::serial))
                .toList();
    }

    ScriptedProcess living(long pid) {
        ScriptedProcess process = bearers.get(pid);
        if (process == null) {
            throw new IllegalStateException("no process has the number " + pid);
        }
        return process;
    }

    ScriptedProcess plant(long pid, boolean child) {
        ScriptedProcess process = new ScriptedProcess(pid, nextSerial.getAndIncrement(), child);
        ScriptedProcess before = bearers.putIfAbsent(pid, process);
        if (before != null) {
            throw new IllegalStateException("the number " + pid + " is not free: " + before);
        }
        return process;
    }

    void free(ScriptedProcess process) {
        bearers.remove(process.pid(), process);
    }

    void nextPid(long pid) {
        askedPid.set(pid);
    }

    /** The number that was asked for, else a fresh one. */
    long nextPid() {
        long asked = askedPid.getAndSet(NONE_ASKED);
        return asked != NONE_ASKED ? asked : freshPid();
    }

    long freshPid() {
        long pid = freshPid.getAndIncrement();
        while (bearers.containsKey(pid)) {
            pid = freshPid.getAndIncrement();
        }
        return pid;
    }
}
