// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.function.LongConsumer;

/** Events that are another's; a mistake overrides one method. */
class ForwardingExitEvents implements ExitEvents {
    final ExitEvents real;

    ForwardingExitEvents(ExitEvents real) {
        this.real = real;
    }

    @Override
    public boolean add(long key, Target target) throws ProcessException {
        return real.add(key, ForwardingTarget.real(target));
    }

    @Override
    public void remove(long key, Target target) {
        real.remove(key, ForwardingTarget.real(target));
    }

    @Override
    public void await(long nanos, LongConsumer ended) throws ProcessException {
        real.await(nanos, ended);
    }

    @Override
    public void wakeup() {
        real.wakeup();
    }

    @Override
    public void close() {
        real.close();
    }
}
