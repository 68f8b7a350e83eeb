// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/** Looking at a descriptor without waiting. */
final class Polling {
    private Polling() {}

    /** The events of a descriptor now; EINTR is not to be seen by anybody (WAIT-08). */
    static int poll(LinuxSyscalls calls, int fd) throws ErrnoException {
        while (true) {
            try {
                return calls.poll(fd, LinuxAbi.POLLIN, 0);
            } catch (ErrnoException failed) {
                if (failed.errno() != Errno.EINTR) {
                    throw failed;
                }
            }
        }
    }

    /** Lets this thread wait, whether or not it was interrupted. */
    static void pause(LinuxSyscalls calls, int millis) throws ErrnoException {
        try {
            calls.poll(-1, 0, millis);
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.EINTR) {
                throw failed;
            }
        }
    }
}
