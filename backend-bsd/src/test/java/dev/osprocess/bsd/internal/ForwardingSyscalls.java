// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import org.jspecify.annotations.Nullable;

/** Hands every call on; a test overrides what it wants otherwise. */
class ForwardingSyscalls implements BsdSyscalls {
    private final BsdSyscalls next;

    ForwardingSyscalls(BsdSyscalls next) {
        this.next = next;
    }

    @Override
    public SpawnOutcome posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        return next.posixSpawn(path, actions, flags, arguments, environment);
    }

    @Override
    public @Nullable WaitReport wait4(int pid, int options) throws ErrnoException {
        return next.wait4(pid, options);
    }

    @Override
    public int wait6(int pid, int options) throws ErrnoException {
        return next.wait6(pid, options);
    }

    @Override
    public @Nullable ChildReport waitid(int pid, int options) throws ErrnoException {
        return next.waitid(pid, options);
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        next.kill(pid, signal);
    }

    @Override
    public int kqueue() throws ErrnoException {
        return next.kqueue();
    }

    @Override
    public void change(int kqueue, long ident, int filter, int flags, int notes, long data) throws ErrnoException {
        next.change(kqueue, ident, filter, flags, notes, data);
    }

    @Override
    public int events(int kqueue, EventBatch batch, long nanos) throws ErrnoException {
        return next.events(kqueue, batch, nanos);
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        return next.poll(fd, events, timeoutMillis);
    }

    @Override
    public int read(int fd, byte[] into, int length) throws ErrnoException {
        return next.read(fd, into, length);
    }

    @Override
    public int write(int fd, byte[] from, int length) throws ErrnoException {
        return next.write(fd, from, length);
    }

    @Override
    public int open(byte[] path, int flags, int mode) throws ErrnoException {
        return next.open(path, flags, mode);
    }

    @Override
    public void close(int fd) throws ErrnoException {
        next.close(fd);
    }

    @Override
    public void pipe(int[] ends) throws ErrnoException {
        next.pipe(ends);
    }

    @Override
    public void pipe2(int[] ends, int flags) throws ErrnoException {
        next.pipe2(ends, flags);
    }

    @Override
    public int fcntl(int fd, int command, int argument) throws ErrnoException {
        return next.fcntl(fd, command, argument);
    }

    @Override
    public void access(byte[] path, int mode) throws ErrnoException {
        next.access(path, mode);
    }

    @Override
    public int getpid() {
        return next.getpid();
    }

    @Override
    public int getppid() {
        return next.getppid();
    }

    @Override
    public long maxRss() throws ErrnoException {
        return next.maxRss();
    }

    @Override
    public long openFilesLimit() throws ErrnoException {
        return next.openFilesLimit();
    }

    @Override
    public boolean isIgnored(int signal) throws ErrnoException {
        return next.isIgnored(signal);
    }

    @Override
    public void signalDefault(int signal) throws ErrnoException {
        next.signalDefault(signal);
    }

    @Override
    public int sysctl(int[] path, byte[] into) throws ErrnoException {
        return next.sysctl(path, into);
    }

    @Override
    public int procPidInfo(int pid, int flavour, byte[] into) throws ErrnoException {
        return next.procPidInfo(pid, flavour, into);
    }

    @Override
    public byte[][] environment() {
        return next.environment();
    }

    @Override
    public boolean hasFunction(String name) {
        return next.hasFunction(name);
    }
}
