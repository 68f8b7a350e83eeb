// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessState;
import java.nio.channels.ByteChannel;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A child that the JDK started for us: a thread of the JDK waits for it, reaps it at once and keeps its exit value, so no
 * zombie is ever seen. Signals go through the {@link ProcessHandle}, because {@link Process#destroy()} would close our
 * ends of the pipes with it.
 */
final class ChildTarget extends JdkTarget {
    private final Process child;
    private final PipeEnds pipes;
    private final ConcurrentMap<Long, ChildTarget> held;

    /**
     * Takes hold of a child.
     *
     * @param held the children that the engine holds; this one leaves them when it is closed
     */
    ChildTarget(JdkSystem system, Process child, PipeEnds pipes, ConcurrentMap<Long, ChildTarget> held) {
        super(system, child.toHandle());
        this.child = child;
        this.pipes = pipes;
        this.held = held;
    }

    /** The same child, found by its number: it sees the same end, and takes it from nobody (D18). */
    ChildTarget foundAgain() {
        return new ChildTarget(system, child, PipeEnds.NONE, held);
    }

    boolean isRunning() {
        return child.isAlive();
    }

    @Override
    boolean isGone() {
        return !child.isAlive();
    }

    /**
     * Has this run once the child has ended, on a thread of the JDK's, so it must not block. Perhaps never: the JDK
     * completes its future on the common pool, which a program may have blocked.
     */
    void whenEnded(Runnable enqueue) {
        if (!child.isAlive()) {
            enqueue.run(); // onExit() of one that has ended begins to watch the bare number, whoever has it now
            return;
        }
        var unused = child.onExit().whenComplete((ended, failure) -> enqueue.run());
    }

    @Override
    public @Nullable ProcessState collect() {
        if (child.isAlive()) {
            return null;
        }
        try {
            return ExitStates.of(system.host(), pid(), child.exitValue());
        } catch (IllegalThreadStateException stillActive) {
            return ExitStates.withoutValue(system.host(), pid());
        }
    }

    @Override
    public Liveness liveness() {
        return child.isAlive() ? Liveness.RUNNING : Liveness.GONE;
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return pipes.at(place);
    }

    @Override
    public void close() {
        held.remove(pid(), this);
    }
}
