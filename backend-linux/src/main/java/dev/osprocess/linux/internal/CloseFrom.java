// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;

/**
 * Closes in the child whatever is not listed (START-19): by one action where the C library has it, else by an action for
 * every number up to the limit of open files. Never by a list of what is open now: another thread opens the next one
 * meanwhile.
 */
final class CloseFrom {
    /** With more numbers than this, closing each would cost more than starting a process. */
    static final long MOST_NUMBERS = 65_536;

    private final LinuxSystem system;

    CloseFrom(LinuxSystem system) {
        this.system = system;
    }

    /** Why children cannot be started safely here; empty if they can. For the probe. */
    static String obstacle(LinuxSyscalls calls, boolean closeFrom) {
        try {
            return closeFrom || calls.openFilesLimit() <= MOST_NUMBERS
                    ? ""
                    : "this C library cannot close all descriptors of a child (posix_spawn_file_actions_addclosefrom_np: glibc"
                            + " 2.34), and the limit of open files is above " + MOST_NUMBERS + ": lower it (ulimit -n "
                            + MOST_NUMBERS + ")";
        } catch (ErrnoException failed) {
            return failed.call() + ": " + Errno.describe(failed.errno());
        }
    }

    void addTo(FileActions actions, int first) throws ProcessException {
        if (system.closeFrom()) {
            actions.closeFrom(first);
            return;
        }
        long limit;
        try {
            limit = system.calls().openFilesLimit();
        } catch (ErrnoException failed) {
            throw LinuxErrors.of(failed);
        }
        if (limit > MOST_NUMBERS) {
            throw ProcessException.builder(ErrorKind.UNSUPPORTED, "fork/exec")
                    .detail(obstacle(system.calls(), false))
                    .build();
        }
        for (int i = first; i < limit; i++) {
            actions.close(i);
        }
    }
}
