// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the system that this backend makes: one method per call. No retry, no mapping, no logging below here;
 * errors arrive as {@link ErrnoException}, saved in the call itself. Everything above can be tested on any host with a
 * scripted double.
 */
interface BsdSyscalls {
    /**
     * {@code posix_spawn(3)}. What it answers is left to the caller to understand: the systems differ.
     *
     * @throws ErrnoException if the attributes or file actions could not be set up; then nothing was started
     */
    SpawnOutcome posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException;

    /**
     * {@code wait4(2)} of one child: reaps it.
     *
     * @return null if WNOHANG was given and there is nothing to report
     */
    @Nullable
    WaitReport wait4(int pid, int options) throws ErrnoException;

    /**
     * {@code wait6(2)} of one child (FreeBSD, NetBSD, DragonFly).
     *
     * @return the wait status; −1 if WNOHANG was given and there is nothing to report
     */
    int wait6(int pid, int options) throws ErrnoException;

    /**
     * {@code waitid(2)} of one child.
     *
     * @return null if WNOHANG was given and there is nothing to report (si_pid is 0, WAIT-10)
     */
    @Nullable
    ChildReport waitid(int pid, int options) throws ErrnoException;

    /** {@code kill(2)}; a negative pid means the group. */
    void kill(int pid, int signal) throws ErrnoException;

    /** {@code kqueue(2)}. The caller owns the descriptor; a child never inherits it. */
    int kqueue() throws ErrnoException;

    /** {@code kevent(2)} with one change and no place for events: its error is that of the change. */
    void change(int kqueue, long ident, int filter, int flags, int notes, long data) throws ErrnoException;

    /**
     * {@code kevent(2)} without changes.
     *
     * @param nanos how long to wait at most; negative for ever
     * @return how many events are in the batch
     */
    int events(int kqueue, EventBatch batch, long nanos) throws ErrnoException;

    /** {@code poll(2)} for one descriptor; the returned events. A negative descriptor only waits. */
    int poll(int fd, int events, int timeoutMillis) throws ErrnoException;

    /** {@code read(2)}; 0 at the end. */
    int read(int fd, byte[] into, int length) throws ErrnoException;

    /** {@code write(2)}; how many bytes went. */
    int write(int fd, byte[] from, int length) throws ErrnoException;

    /** {@code open(2)}. */
    int open(byte[] path, int flags, int mode) throws ErrnoException;

    /** {@code close(2)}; the descriptor is gone also after an error. */
    void close(int fd) throws ErrnoException;

    /**
     * {@code pipe(2)}.
     *
     * @param ends filled with the end to read and the end to write
     */
    void pipe(int[] ends) throws ErrnoException;

    /** {@code pipe2(2)}, which macOS lacks. */
    void pipe2(int[] ends, int flags) throws ErrnoException;

    /** {@code fcntl(2)} with an int argument. */
    int fcntl(int fd, int command, int argument) throws ErrnoException;

    /** {@code access(2)}. */
    void access(byte[] path, int mode) throws ErrnoException;

    /** {@code getpid(2)}. */
    int getpid();

    /** {@code getppid(2)}. */
    int getppid();

    /** {@code getrusage(2)} of this process: the peak resident set in the system's unit. */
    long maxRss() throws ErrnoException;

    /** {@code getrlimit(2)} of RLIMIT_NOFILE: the soft limit. */
    long openFilesLimit() throws ErrnoException;

    /** {@code sigaction(2)} without a change: whether this process ignores the signal. */
    boolean isIgnored(int signal) throws ErrnoException;

    /** {@code signal(3)} with SIG_DFL. */
    void signalDefault(int signal) throws ErrnoException;

    /**
     * {@code sysctl(3)}, reading.
     *
     * @return how many bytes of {@code into} were filled
     */
    int sysctl(int[] path, byte[] into) throws ErrnoException;

    /**
     * {@code proc_pidinfo} of macOS.
     *
     * @return how many bytes of {@code into} were filled
     */
    int procPidInfo(int pid, int flavour, byte[] into) throws ErrnoException;

    /** {@code environ(7)}: this process's environment as bytes. */
    byte[][] environment();

    /** Whether this C library has a function, asked for by the probe. */
    boolean hasFunction(String name);
}
