// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import org.jspecify.annotations.Nullable;

/** What an object that is DONE from birth has in the place of a target: nothing, so that nothing can be reached. */
final class GoneTarget implements Target {
    private final long pid;
    private final Strategy strategy;

    GoneTarget(long pid, Strategy strategy) {
        this.pid = pid;
        this.strategy = strategy;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public Strategy strategy() {
        return strategy;
    }

    @Override
    public @Nullable NativeHandle handle() {
        return null;
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        throw Engine.done("collect", pid);
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        throw Engine.done("signal", pid);
    }

    @Override
    public Liveness liveness() {
        return Liveness.GONE;
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        throw Engine.done("identity", pid);
    }

    @Override
    public void close() {
        // there is nothing to give back
    }
}
