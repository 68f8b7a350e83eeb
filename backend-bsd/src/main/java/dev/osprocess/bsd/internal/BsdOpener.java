// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Target;

/** Opens processes that were not started here, by number. */
final class BsdOpener {
    private final BsdSystem system;

    BsdOpener(BsdSystem system) {
        this.system = system;
    }

    Target open(long pid) throws ProcessException {
        if (pid > Integer.MAX_VALUE) { // ID-09: before any narrowing
            throw BsdErrors.gone("find", pid, "a process id has at most 31 bits here");
        }
        int number = (int) pid;
        ForeignTarget target = new ForeignTarget(system, number);
        try {
            if (target.exists() || isChild(number)) {
                return target;
            }
        } catch (ErrnoException failed) {
            return target; // ID-06: whatever else it says, the process may be there
        }
        throw BsdErrors.done(system.profile().failure("kill", Errno.ESRCH), pid);
    }

    /** A child of ours that has ended counts as there (ID-14), also where kill(2) finds nobody. */
    private boolean isChild(int pid) throws ProcessException {
        if (!ChildWaits.canPeek(system)) {
            return false;
        }
        try {
            return ChildWaits.peek(system, pid) != null;
        } catch (NoChildException stranger) {
            return false;
        }
    }
}
