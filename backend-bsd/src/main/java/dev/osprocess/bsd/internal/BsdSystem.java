// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import org.jspecify.annotations.Nullable;

/**
 * What the rooms of this backend share: the seam, the system's numbers, and what the probe found.
 *
 * @param calls the seam to the system calls
 * @param profile the system's numbers
 * @param look how a child can be looked at without reaping it
 * @param closing how a child's unlisted descriptors are closed
 * @param addChdir the file action that changes the directory; null if this C library has none
 * @param pipe2 whether pipes can be made close-on-exec at once
 * @param kqueue why there are no exit events; empty if there are
 */
record BsdSystem(
        BsdSyscalls calls,
        BsdProfile profile,
        Look look,
        Closing closing,
        @Nullable String addChdir,
        boolean pipe2,
        String kqueue) {
    /** A way to look at a child without reaping it. */
    enum Look {
        /** wait6(2). */
        WAIT6,
        /** waitid(2). */
        WAITID,
        /** There is none: an ended child is seen when it is reaped. */
        NONE
    }

    /** A way to close what is not listed (START-19). */
    enum Closing {
        /** A file action closes everything from a number on. */
        CLOSE_FROM,
        /** A flag closes everything that no file action names. */
        BY_DEFAULT,
        /** Everything from 3 on is marked close-on-exec in this process before the spawn. */
        MARKING
    }
}
