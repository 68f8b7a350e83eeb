// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/** A target that does what another one does; a mistake overrides one method. */
class ForwardingTarget implements Target {
    final Target real;

    ForwardingTarget(Target real) {
        this.real = real;
    }

    /** What the real backend gave. */
    static Target real(Target target) {
        Target below = target;
        while (below instanceof ForwardingTarget forwarding) {
            below = forwarding.real;
        }
        return below;
    }

    @Override
    public long pid() {
        return real.pid();
    }

    @Override
    public Strategy strategy() {
        return real.strategy();
    }

    @Override
    public @Nullable NativeHandle handle() {
        return real.handle();
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        return real.collect();
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        real.signal(signal);
    }

    @Override
    public boolean leadsGroup() {
        return real.leadsGroup();
    }

    @Override
    public void signalGroup(Signal signal) throws ProcessException {
        real.signalGroup(signal);
    }

    @Override
    public @Nullable Signal takeStop() throws ProcessException {
        return real.takeStop();
    }

    @Override
    public boolean takeContinue() throws ProcessException {
        return real.takeContinue();
    }

    @Override
    public boolean hasContainer() {
        return real.hasContainer();
    }

    @Override
    public void killContainer() throws ProcessException {
        real.killContainer();
    }

    @Override
    public Liveness liveness() throws ProcessException {
        return real.liveness();
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        return real.identity();
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return real.pipe(place);
    }

    @Override
    public void close() {
        real.close();
    }
}
