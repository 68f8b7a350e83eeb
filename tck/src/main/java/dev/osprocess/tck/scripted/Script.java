// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.ProcessException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What a test told the kernel to do at its points and calls, and what the kernel noted. */
final class Script {
    private final List<Pause> pauses = new CopyOnWriteArrayList<>();
    private final Map<Call, Queue<Throwable>> failures = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile @Nullable Queue<Step> journal;

    Pause add(Pause pause) {
        pauses.add(pause);
        return pause;
    }

    void failNext(Call call, Throwable failure) {
        failures.computeIfAbsent(call, any -> new ConcurrentLinkedQueue<>()).add(failure);
    }

    void keepJournal() {
        journal = new ConcurrentLinkedQueue<>();
    }

    List<Step> journal() {
        Queue<Step> kept = journal;
        if (kept == null) {
            throw new IllegalStateException("no journal is kept: call keepJournal() first");
        }
        return List.copyOf(kept);
    }

    /** The calling thread comes to a point. */
    void at(Point point, long pid) {
        Queue<Step> kept = journal;
        if (kept != null) {
            kept.add(new Step(point, pid));
        }
        if (!pauses.isEmpty()) {
            standAt(point, pid);
        }
    }

    private void standAt(Point point, long pid) {
        for (Pause pause : pauses) {
            if (pause.takes(point, pid)) {
                pauses.remove(pause);
                if (!pause.stand()) {
                    violation("nobody let " + Thread.currentThread().getName() + " go from " + pause);
                    throw new AssertionError("nobody let this thread go from " + pause);
                }
                return;
            }
        }
    }

    /** Fails the call if a test asked for that. */
    void mayFail(Call call) throws ProcessException {
        Throwable failure = next(call);
        if (failure instanceof ProcessException reported) {
            throw reported;
        }
        throwUnchecked(failure);
    }

    /** The same for a call that may not throw checked exceptions. */
    void mayFailUnchecked(Call call) {
        throwUnchecked(next(call));
    }

    private @Nullable Throwable next(Call call) {
        Queue<Throwable> queue = failures.get(call);
        return queue == null ? null : queue.poll();
    }

    private static void throwUnchecked(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalArgumentException("this call cannot throw " + failure, failure);
        }
    }

    /** Notes what no engine may do. */
    void violation(String text) {
        violations.add(text + " [" + Thread.currentThread().getName() + "]");
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
