// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.function.LongConsumer;

/**
 * Exit events by epoll(7) on pidfds: a pidfd becomes readable when its process has ended. The data of each registration
 * is the engine's key, never a descriptor: epoll goes on reporting a closed descriptor while anybody else holds the file
 * behind it, and by then the number may be another's. For the same reason every registration is deleted before its pidfd
 * is closed.
 */
final class EpollExitEvents implements ExitEvents {
    /** The data of the eventfd that wakes the watcher; keys begin at 1. */
    private static final long WAKE = 0;

    private static final int BATCH = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LinuxSyscalls calls;
    private final int epoll;
    private final int wake;

    /** Used by the watcher thread alone. */
    private final long[] ready = new long[BATCH];

    private EpollExitEvents(LinuxSyscalls calls, int epoll, int wake) {
        this.calls = calls;
        this.epoll = epoll;
        this.wake = wake;
    }

    static EpollExitEvents open(LinuxSyscalls calls) throws ProcessException {
        int epoll = -1;
        int wake = -1;
        try {
            epoll = calls.epollCreate(LinuxAbi.EPOLL_CLOEXEC);
            wake = calls.eventfd(LinuxAbi.EFD_CLOEXEC | LinuxAbi.EFD_NONBLOCK);
            calls.epollCtl(epoll, LinuxAbi.EPOLL_CTL_ADD, wake, LinuxAbi.EPOLLIN, WAKE);
            return new EpollExitEvents(calls, epoll, wake);
        } catch (ErrnoException failed) {
            closeQuietly(calls, epoll);
            closeQuietly(calls, wake);
            throw LinuxErrors.of(failed);
        }
    }

    @Override
    public boolean add(long key, Target target) throws ProcessException {
        if (!(target instanceof PidfdTarget held)) {
            return false;
        }
        try {
            calls.epollCtl(epoll, LinuxAbi.EPOLL_CTL_ADD, held.pidfd(), LinuxAbi.EPOLLIN, key);
            return true;
        } catch (ErrnoException failed) {
            throw LinuxErrors.onProcess(failed, target.pid());
        }
    }

    @Override
    public void remove(long key, Target target) {
        if (target instanceof PidfdTarget held) {
            try {
                calls.epollCtl(epoll, LinuxAbi.EPOLL_CTL_DEL, held.pidfd(), 0, 0);
            } catch (ErrnoException failed) {
                throw new AssertionError(
                        "internal error: epoll_ctl(DEL) of the pidfd of pid " + target.pid() + " failed", failed);
            }
        }
    }

    @Override
    public void await(long nanos, LongConsumer ended) throws ProcessException {
        try {
            int count = calls.epollWait(epoll, ready, millis(nanos));
            for (int i = 0; i < count; i++) {
                if (ready[i] == WAKE) {
                    drain();
                } else {
                    ended.accept(ready[i]);
                }
            }
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.EINTR) { // WAIT-08: returning early is allowed, the engine comes back
                throw LinuxErrors.of(failed);
            }
        }
    }

    private void drain() throws ErrnoException {
        try {
            calls.eventfdDrain(wake);
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.EAGAIN && failed.errno() != Errno.EINTR) {
                throw failed;
            }
        }
    }

    private static int millis(long nanos) {
        if (nanos < 0) {
            return -1;
        }
        // rounded up, or the last fraction of a millisecond would be spent looking; no sum that could overflow
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }

    @Override
    public void wakeup() {
        try {
            calls.eventfdAdd(wake);
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.EAGAIN) { // EAGAIN: its counter is full, so it is readable
                throw new AssertionError("internal error: the eventfd of the exit watcher is broken", failed);
            }
        }
    }

    @Override
    public void close() {
        closeQuietly(calls, wake);
        closeQuietly(calls, epoll);
    }

    private static void closeQuietly(LinuxSyscalls calls, int fd) {
        if (fd >= 0) {
            try {
                calls.close(fd);
            } catch (ErrnoException gone) {
                // close(2): the descriptor is gone in any case, and there is nobody to tell
            }
        }
    }
}
