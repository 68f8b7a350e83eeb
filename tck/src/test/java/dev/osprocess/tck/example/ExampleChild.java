// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import java.nio.channels.ByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child, which the JDK reaps. */
final class ExampleChild extends ExampleTarget {
    /** From here on a value may be a code, or 128 and a signal: the JDK does not say which. */
    private static final int FIRST_AMBIGUOUS = 129;

    private static final int LAST_AMBIGUOUS = 128 + 64;

    private final Process process;
    private final List<@Nullable ByteChannel> pipes;

    ExampleChild(ProcTable processes, KillCommand kill, Process process, List<@Nullable ByteChannel> pipes) {
        super(processes, kill, process.pid(), processes.of(process.pid()));
        this.process = process;
        this.pipes = pipes;
    }

    @Override
    public @Nullable ProcessState collect() {
        if (process.isAlive()) {
            return null;
        }
        int value = process.exitValue();
        return value >= FIRST_AMBIGUOUS && value <= LAST_AMBIGUOUS
                ? ProcessState.unknown(pid())
                : ProcessState.exited(pid(), value);
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        if (!process.isAlive()) {
            throw done("kill");
        }
        super.signal(signal);
    }

    @Override
    public Liveness liveness() {
        return process.isAlive() ? Liveness.RUNNING : Liveness.GONE;
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return place < pipes.size() ? pipes.get(place) : null;
    }
}
