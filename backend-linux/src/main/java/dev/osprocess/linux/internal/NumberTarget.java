// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.NativeHandle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import org.jspecify.annotations.Nullable;

/** A process held by its number: there is no handle to lend. */
abstract class NumberTarget implements Target {
    final int pid;

    NumberTarget(int pid) {
        this.pid = pid;
    }

    @Override
    public final long pid() {
        return pid;
    }

    @Override
    public final Strategy strategy() {
        return Strategy.PID;
    }

    @Override
    public final @Nullable NativeHandle handle() {
        return null;
    }

    @Override
    public void close() {
        // a number needs no closing
    }
}
