// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the system that this backend makes: one method per call. No retry, no mapping, no logging below here;
 * errors arrive as errno, saved in the call itself. Everything above can be tested on any host with a scripted double.
 */
interface LinuxSyscalls {
    /**
     * {@code posix_spawn(3)}. The error is the child's, up to and including its execve(2).
     *
     * @return the child's pid
     */
    int posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException;

    /** {@code pidfd_open(2)}, Linux 5.3. The caller owns the returned descriptor; it is close-on-exec. */
    int pidfdOpen(int pid, int flags) throws ErrnoException;

    /** {@code pidfd_send_signal(2)} without siginfo, Linux 5.1. */
    void pidfdSendSignal(int pidfd, int signal, int flags) throws ErrnoException;

    /**
     * {@code waitid(2)}, the raw call with rusage; on pidfds since Linux 5.4.
     *
     * @return null if WNOHANG was given and there is nothing to report (si_pid is 0, WAIT-10)
     */
    @Nullable
    ChildReport waitid(int idType, int id, int options) throws ErrnoException;

    /**
     * {@code ioctl(pidfd, PIDFD_GET_INFO)} for the exit information, Linux 6.15 (the structure: 6.13).
     *
     * @return the wait status, or −1 if the kernel does not give one (yet)
     */
    long pidfdExitStatus(int pidfd) throws ErrnoException;

    /** {@code fstatfs(2)}: the type of the file system behind a descriptor. */
    long fileSystemType(int fd) throws ErrnoException;

    /** {@code kill(2)}. */
    void kill(int pid, int signal) throws ErrnoException;

    /** {@code poll(2)} for one descriptor; the returned events. A negative descriptor only waits. */
    int poll(int fd, int events, int timeoutMillis) throws ErrnoException;

    /** {@code epoll_create1(2)}. */
    int epollCreate(int flags) throws ErrnoException;

    /** {@code epoll_ctl(2)}. */
    void epollCtl(int epoll, int operation, int fd, int events, long data) throws ErrnoException;

    /**
     * {@code epoll_wait(2)}.
     *
     * @param data filled with the data of the descriptors that are ready
     * @return how many are
     */
    int epollWait(int epoll, long[] data, int timeoutMillis) throws ErrnoException;

    /** {@code eventfd(2)}. */
    int eventfd(int flags) throws ErrnoException;

    /** {@code write(2)} of the number 1 to an eventfd. */
    void eventfdAdd(int fd) throws ErrnoException;

    /** {@code read(2)} of an eventfd. */
    void eventfdDrain(int fd) throws ErrnoException;

    /** {@code memfd_create(2)}: a file that lies in memory alone. */
    int memfdCreate(byte[] name, int flags) throws ErrnoException;

    /**
     * {@code read(2)}.
     *
     * @return how many bytes; 0 at the end
     */
    int read(int fd, byte[] into) throws ErrnoException;

    /**
     * {@code write(2)} of what begins at this offset.
     *
     * @return how many bytes
     */
    int write(int fd, byte[] from, int offset) throws ErrnoException;

    /** {@code open(2)}. */
    int open(byte[] path, int flags, int mode) throws ErrnoException;

    /** {@code close(2)}. Not to be retried after EINTR: the descriptor is gone then. */
    void close(int fd) throws ErrnoException;

    /**
     * {@code pipe2(2)}.
     *
     * @param ends filled with the end to read and the end to write
     */
    void pipe(int[] ends, int flags) throws ErrnoException;

    /** {@code fcntl(2)} with an int argument. */
    int fcntl(int fd, int command, int argument) throws ErrnoException;

    /** {@code faccessat(2)} by path, relative to this process's directory. */
    void faccessat(byte[] path, int mode, int flags) throws ErrnoException;

    /** {@code getpid(2)}. */
    int getpid();

    /** {@code getppid(2)}. */
    int getppid();

    /** {@code getrusage(2)} of this process: the peak resident set in KiB. */
    long maxRssKib() throws ErrnoException;

    /** {@code getrlimit(2)} of RLIMIT_NOFILE: the soft limit. */
    long openFilesLimit() throws ErrnoException;

    /** {@code signal(2)} with SIG_DFL. */
    void signalDefault(int signal) throws ErrnoException;

    /** {@code environ(7)}: this process's environment as bytes. */
    byte[][] environment();

    /** Whether this C library has a function, asked for once by the probe. */
    boolean hasFunction(String name);
}
