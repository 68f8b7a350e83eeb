// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.unix.ParentEnds;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A child that we started and that somebody else reaped before we could take hold of it (START-39). It has ended; how is
 * lost; its number is not ours to use.
 */
final class LostChildTarget extends NumberTarget {
    private final ParentEnds pipes;

    LostChildTarget(int pid, ParentEnds pipes) {
        super(pid);
        this.pipes = pipes;
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        throw LinuxErrors.noChild(taken(), pid);
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        throw LinuxErrors.done(taken(), pid);
    }

    @Override
    public Liveness liveness() {
        return Liveness.GONE;
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        throw LinuxErrors.done(taken(), pid);
    }

    @Override
    public @Nullable Signal takeStop() {
        return null;
    }

    @Override
    public boolean takeContinue() {
        return false;
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return pipes.at(place);
    }

    private static ErrnoException taken() {
        return new ErrnoException("waitid", Errno.ECHILD);
    }
}
