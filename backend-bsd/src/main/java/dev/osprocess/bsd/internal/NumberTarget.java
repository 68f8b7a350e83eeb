// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.NativeHandle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import org.jspecify.annotations.Nullable;

/** A process held by its number: there is no handle to lend and nothing to close. */
abstract class NumberTarget implements Target {
    final BsdSystem system;
    final int pid;

    NumberTarget(BsdSystem system, int pid) {
        this.system = system;
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
    public final void close() {
        // a number needs no closing
    }

    /** Whether the number is somebody's; on OpenBSD a zombie is nobody. */
    final boolean exists() throws ErrnoException {
        try {
            system.calls().kill(pid, 0);
            return true;
        } catch (ErrnoException failed) {
            if (failed.error() == Errno.ESRCH) {
                return false;
            }
            if (failed.error() == Errno.EPERM) {
                return true; // another user's (SIG-02)
            }
            throw failed;
        }
    }
}
