// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;

/** Sees to it that a child inherits nothing that is not listed (START-19); how, the probe found out. */
final class OtherDescriptors {
    /** With more numbers than this, looking at each would cost more than starting a process. */
    static final long MOST_NUMBERS = 65_536;

    private static final int STANDARD_STREAMS = 3;

    private final BsdSystem system;

    OtherDescriptors(BsdSystem system) {
        this.system = system;
    }

    /** Why children cannot be started safely here; empty if they can. For the probe. */
    static String obstacle(BsdSyscalls calls, BsdSystem.Closing closing) {
        try {
            return closing != BsdSystem.Closing.MARKING || calls.openFilesLimit() <= MOST_NUMBERS
                    ? ""
                    : "this system cannot close all descriptors of a child, and the limit of open files is above "
                            + MOST_NUMBERS + ": lower it (ulimit -n " + MOST_NUMBERS + ")";
        } catch (ErrnoException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    /**
     * Adds the steps that close what is not in the table.
     *
     * @param filled which places of the table hold a file
     */
    void addTo(FileActions actions, boolean[] filled) throws ProcessException {
        if (system.closing() == BsdSystem.Closing.BY_DEFAULT) {
            return; // the flag closes what no step names
        }
        try {
            int listed = filled.length;
            int first = system.closing() == BsdSystem.Closing.CLOSE_FROM ? listed : Math.max(listed, STANDARD_STREAMS);
            for (int place = 0; place < first; place++) {
                boolean isFilled = place < listed && filled[place];
                if (!isFilled && Descriptors.isOpen(system, place)) {
                    actions.close(place);
                }
            }
            if (system.closing() == BsdSystem.Closing.CLOSE_FROM) {
                actions.closeFrom(listed);
            } else {
                markAll();
            }
        } catch (ErrnoException failed) {
            throw BsdErrors.of(failed);
        }
    }

    /**
     * Marks everything from 3 on as close-on-exec, in this process. Nothing here is meant to reach a child but through the
     * table, whose copies lose the mark in the child. A descriptor that another thread opens between this and the spawn,
     * without the mark, is missed.
     */
    private void markAll() throws ErrnoException, ProcessException {
        long limit = system.calls().openFilesLimit();
        if (limit > MOST_NUMBERS) {
            throw ProcessException.builder(ErrorKind.UNSUPPORTED, "fork/exec")
                    .detail(obstacle(system.calls(), system.closing()))
                    .build();
        }
        for (int fd = STANDARD_STREAMS; fd < limit; fd++) {
            try {
                Descriptors.closeOnExec(system, fd);
            } catch (ErrnoException failed) {
                if (failed.error() != Errno.EBADF) {
                    throw failed;
                }
            }
        }
    }
}
