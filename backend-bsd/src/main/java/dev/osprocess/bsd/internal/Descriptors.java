// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** Small policies over single descriptors. */
final class Descriptors {
    private Descriptors() {}

    /** A pipe whose ends no child inherits: the end to read and the end to write. */
    static int[] pipe(BsdSystem system) throws ErrnoException {
        BsdSyscalls calls = system.calls();
        int[] ends = new int[2];
        if (system.pipe2()) {
            calls.pipe2(ends, system.profile().closeOnExec);
            return ends;
        }
        calls.pipe(ends); // macOS: our own children are closed to it by a flag, the JDK's by the JDK
        try {
            closeOnExec(system, ends[0]);
            closeOnExec(system, ends[1]);
            return ends;
        } catch (ErrnoException failed) {
            close(calls, ends[0]);
            close(calls, ends[1]);
            throw failed;
        }
    }

    static void closeOnExec(BsdSystem system, int fd) throws ErrnoException {
        BsdProfile profile = system.profile();
        int flags = system.calls().fcntl(fd, profile.getDescriptorFlags, 0);
        if ((flags & profile.descriptorCloseOnExec) == 0) {
            system.calls().fcntl(fd, profile.setDescriptorFlags, flags | profile.descriptorCloseOnExec);
        }
    }

    /** Whether this number is open in this process. */
    static boolean isOpen(BsdSystem system, int fd) throws ErrnoException {
        try {
            system.calls().fcntl(fd, system.profile().getDescriptorFlags, 0);
            return true;
        } catch (ErrnoException failed) {
            if (failed.error() == Errno.EBADF) {
                return false;
            }
            throw failed;
        }
    }

    static void nonBlocking(BsdSystem system, int fd, boolean wanted) throws ErrnoException {
        BsdProfile profile = system.profile();
        int flags = system.calls().fcntl(fd, profile.getStatusFlags, 0);
        int changed = wanted ? flags | profile.nonBlocking : flags & ~profile.nonBlocking;
        if (changed != flags) {
            system.calls().fcntl(fd, profile.setStatusFlags, changed);
        }
    }

    /** Closes a descriptor of ours; −1 for none. */
    static void close(BsdSyscalls calls, int fd) {
        if (fd >= 0) {
            try {
                calls.close(fd);
            } catch (ErrnoException gone) {
                // close(2): gone in any case, and there is nobody to tell
            }
        }
    }

    /** Waits on one descriptor; EINTR is not to be seen by anybody (WAIT-08). Negative: only waits. */
    static int poll(BsdSyscalls calls, int fd, int events, int millis) throws ErrnoException {
        try {
            return calls.poll(fd, events, millis);
        } catch (ErrnoException failed) {
            if (failed.error() != Errno.EINTR) {
                throw failed;
            }
            return 0; // as if the time had passed; callers look again
        }
    }
}
