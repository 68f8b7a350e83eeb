// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The real calls, counted; one of them can be made to fail once instead. For any threads. */
final class ForwardingSyscalls implements LinuxSyscalls {
    private final LinuxSyscalls real;
    private final Map<String, Queue<Integer>> faults = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    ForwardingSyscalls(LinuxSyscalls real) {
        this.real = real;
    }

    /** The next call of this name fails so, without being made. */
    ForwardingSyscalls fail(String call, int... errnos) {
        for (int errno : errnos) {
            faults.computeIfAbsent(call, name -> new ConcurrentLinkedQueue<>()).add(errno);
        }
        return this;
    }

    int count(String call) {
        AtomicInteger count = counts.get(call);
        return count == null ? 0 : count.get();
    }

    private void enter(String call) throws ErrnoException {
        count(call, counts);
        Queue<Integer> mine = faults.get(call);
        Integer errno = mine == null ? null : mine.poll();
        if (errno != null) {
            throw new ErrnoException(call, errno);
        }
    }

    private static void count(String call, Map<String, AtomicInteger> counts) {
        counts.computeIfAbsent(call, name -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public int posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        enter("posix_spawn");
        return real.posixSpawn(path, actions, flags, arguments, environment);
    }

    @Override
    public int pidfdOpen(int pid, int flags) throws ErrnoException {
        enter("pidfd_open");
        return real.pidfdOpen(pid, flags);
    }

    @Override
    public void pidfdSendSignal(int pidfd, int signal, int flags) throws ErrnoException {
        enter("pidfd_send_signal");
        real.pidfdSendSignal(pidfd, signal, flags);
    }

    @Override
    public @Nullable ChildReport waitid(int idType, int id, int options) throws ErrnoException {
        enter("waitid");
        return real.waitid(idType, id, options);
    }

    @Override
    public long pidfdExitStatus(int pidfd) throws ErrnoException {
        enter("pidfd_get_info");
        return real.pidfdExitStatus(pidfd);
    }

    @Override
    public long fileSystemType(int fd) throws ErrnoException {
        enter("fstatfs");
        return real.fileSystemType(fd);
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        enter("kill");
        real.kill(pid, signal);
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        enter("poll");
        return real.poll(fd, events, timeoutMillis);
    }

    @Override
    public int epollCreate(int flags) throws ErrnoException {
        enter("epoll_create1");
        return real.epollCreate(flags);
    }

    @Override
    public void epollCtl(int epoll, int operation, int fd, int events, long data) throws ErrnoException {
        enter("epoll_ctl");
        real.epollCtl(epoll, operation, fd, events, data);
    }

    @Override
    public int epollWait(int epoll, long[] data, int timeoutMillis) throws ErrnoException {
        enter("epoll_wait");
        return real.epollWait(epoll, data, timeoutMillis);
    }

    @Override
    public int eventfd(int flags) throws ErrnoException {
        enter("eventfd");
        return real.eventfd(flags);
    }

    @Override
    public void eventfdAdd(int fd) throws ErrnoException {
        enter("write");
        real.eventfdAdd(fd);
    }

    @Override
    public void eventfdDrain(int fd) throws ErrnoException {
        enter("read");
        real.eventfdDrain(fd);
    }

    @Override
    public int memfdCreate(byte[] name, int flags) throws ErrnoException {
        enter("memfd_create");
        return real.memfdCreate(name, flags);
    }

    @Override
    public int read(int fd, byte[] into) throws ErrnoException {
        enter("read");
        return real.read(fd, into);
    }

    @Override
    public int write(int fd, byte[] from, int offset) throws ErrnoException {
        enter("write");
        return real.write(fd, from, offset);
    }

    @Override
    public int open(byte[] path, int flags, int mode) throws ErrnoException {
        enter("open");
        return real.open(path, flags, mode);
    }

    @Override
    public void close(int fd) throws ErrnoException {
        enter("close");
        real.close(fd);
    }

    @Override
    public void pipe(int[] ends, int flags) throws ErrnoException {
        enter("pipe2");
        real.pipe(ends, flags);
    }

    @Override
    public int fcntl(int fd, int command, int argument) throws ErrnoException {
        enter("fcntl");
        return real.fcntl(fd, command, argument);
    }

    @Override
    public void faccessat(byte[] path, int mode, int flags) throws ErrnoException {
        enter("faccessat");
        real.faccessat(path, mode, flags);
    }

    @Override
    public int getpid() {
        count("getpid", counts);
        return real.getpid();
    }

    @Override
    public int getppid() {
        count("getppid", counts);
        return real.getppid();
    }

    @Override
    public long maxRssKib() throws ErrnoException {
        enter("getrusage");
        return real.maxRssKib();
    }

    @Override
    public long openFilesLimit() throws ErrnoException {
        enter("getrlimit");
        return real.openFilesLimit();
    }

    @Override
    public void signalDefault(int signal) throws ErrnoException {
        enter("signal");
        real.signalDefault(signal);
    }

    @Override
    public byte[][] environment() {
        count("environ", counts);
        return real.environment();
    }

    @Override
    public boolean hasFunction(String name) {
        return real.hasFunction(name);
    }
}
