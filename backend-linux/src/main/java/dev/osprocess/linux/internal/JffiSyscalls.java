// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binding: jffi's public API (ADR 0004). Each call saves errno natively, allocates nothing on the Java heap, and
 * touches no process-wide setting.
 */
final class JffiSyscalls implements LinuxSyscalls {
    private final LinuxAbi abi;
    private final SpawnCalls spawn = new SpawnCalls();
    private final NativeFunction syscall2 = NativeFunction.of("syscall", 3);
    private final NativeFunction syscall4 = NativeFunction.of("syscall", 5);
    private final NativeFunction syscall5 = NativeFunction.of("syscall", 6);
    private final NativeFunction kill = NativeFunction.of("kill", 2);
    private final NativeFunction poll = NativeFunction.of("poll", 3);
    private final NativeFunction epollCreate = NativeFunction.of("epoll_create1", 1);
    private final NativeFunction epollCtl = NativeFunction.of("epoll_ctl", 4);
    private final NativeFunction epollWait = NativeFunction.of("epoll_wait", 4);
    private final NativeFunction eventfd = NativeFunction.of("eventfd", 2);
    private final NativeFunction read = NativeFunction.of("read", 3);
    private final NativeFunction write = NativeFunction.of("write", 3);
    private final NativeFunction close = NativeFunction.of("close", 1);
    private final NativeFunction getpid = NativeFunction.of("getpid", 0);

    JffiSyscalls(LinuxAbi abi) {
        this.abi = abi;
    }

    /** What is not needed for a plain start and wait: looked up at first use. */
    private static final class Seldom {
        static final NativeFunction OPEN = NativeFunction.of("open", 3);
        static final NativeFunction PIPE2 = NativeFunction.of("pipe2", 2);
        static final NativeFunction FCNTL = NativeFunction.of("fcntl", 3);
        static final NativeFunction FACCESSAT = NativeFunction.of("faccessat", 4);
        static final NativeFunction IOCTL = NativeFunction.of("ioctl", 3);
        static final NativeFunction FSTATFS = NativeFunction.of("fstatfs", 2);
        static final NativeFunction GETPPID = NativeFunction.of("getppid", 0);
        static final NativeFunction GETRLIMIT = NativeFunction.of("getrlimit", 2);
        static final NativeFunction SIGNAL = NativeFunction.of("signal", 2);

        private Seldom() {}
    }

    /** Not in every C library. */
    private static final class Memfd {
        static final NativeFunction CREATE = NativeFunction.of("memfd_create", 2);

        private Memfd() {}
    }

    private static final class Rusage {
        static final NativeFunction GETRUSAGE = NativeFunction.of("getrusage", 2);

        private Rusage() {}
    }

    @Override
    public int posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        return spawn.spawn(path, actions, flags, arguments, environment);
    }

    @Override
    public int pidfdOpen(int pid, int flags) throws ErrnoException {
        int fd = (int) syscall2.call(LinuxAbi.SYS_PIDFD_OPEN, pid, flags);
        if (fd < 0) {
            throw failed("pidfd_open");
        }
        return fd;
    }

    @Override
    public void pidfdSendSignal(int pidfd, int signal, int flags) throws ErrnoException {
        if ((int) syscall4.call(LinuxAbi.SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, flags) < 0) {
            throw failed("pidfd_send_signal");
        }
    }

    @Override
    public @Nullable ChildReport waitid(int idType, int id, int options) throws ErrnoException {
        try (NativeBlock block = NativeBlock.zeroed(LinuxAbi.SIGINFO_SIZE + LinuxAbi.RUSAGE_SIZE)) { // WAIT-10: zeroed
            long info = block.address();
            if ((int) syscall5.call(abi.sysWaitid, idType, id, info, options, info + LinuxAbi.SIGINFO_SIZE) < 0) {
                throw failed("waitid");
            }
            int pid = block.getInt(LinuxAbi.SIGINFO_PID);
            return pid == 0
                    ? null
                    : new ChildReport(
                            pid,
                            block.getInt(LinuxAbi.SIGINFO_CODE),
                            block.getInt(LinuxAbi.SIGINFO_STATUS),
                            usage(block));
        }
    }

    private static ChildReport.Usage usage(NativeBlock block) {
        long at = LinuxAbi.SIGINFO_SIZE;
        return new ChildReport.Usage(
                micros(block, at + LinuxAbi.RUSAGE_USER_TIME),
                micros(block, at + LinuxAbi.RUSAGE_SYSTEM_TIME),
                block.getLong(at + LinuxAbi.RUSAGE_MAXRSS),
                block.getLong(at + LinuxAbi.RUSAGE_MINOR_FAULTS),
                block.getLong(at + LinuxAbi.RUSAGE_MAJOR_FAULTS),
                block.getLong(at + LinuxAbi.RUSAGE_BLOCKS_IN),
                block.getLong(at + LinuxAbi.RUSAGE_BLOCKS_OUT),
                block.getLong(at + LinuxAbi.RUSAGE_VOLUNTARY_SWITCHES),
                block.getLong(at + LinuxAbi.RUSAGE_INVOLUNTARY_SWITCHES));
    }

    private static long micros(NativeBlock block, long timeval) {
        return block.getLong(timeval) * 1_000_000 + block.getLong(timeval + Long.BYTES);
    }

    @Override
    public long pidfdExitStatus(int pidfd) throws ErrnoException {
        try (NativeBlock block = NativeBlock.zeroed(LinuxAbi.PIDFD_INFO_SIZE)) {
            block.putLong(LinuxAbi.PIDFD_INFO_MASK, LinuxAbi.PIDFD_INFO_EXIT);
            if ((int) Seldom.IOCTL.call(pidfd, LinuxAbi.PIDFD_GET_INFO & 0xFFFF_FFFFL, block.address()) < 0) {
                throw failed("ioctl(PIDFD_GET_INFO)");
            }
            boolean known = (block.getLong(LinuxAbi.PIDFD_INFO_MASK) & LinuxAbi.PIDFD_INFO_EXIT) != 0;
            return known ? block.getInt(LinuxAbi.PIDFD_INFO_EXIT_CODE) & 0xFFFF_FFFFL : -1;
        }
    }

    @Override
    public long fileSystemType(int fd) throws ErrnoException {
        try (NativeBlock statfs = NativeBlock.zeroed(LinuxAbi.STATFS_SIZE)) {
            check(Seldom.FSTATFS, (int) Seldom.FSTATFS.call(fd, statfs.address()));
            return statfs.getLong(0); // f_type is the first word
        }
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        check(kill, (int) kill.call(pid, signal));
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        try (NativeBlock pollfd = NativeBlock.zeroed(Long.BYTES)) { // int fd; short events, revents
            pollfd.putInt(0, fd);
            pollfd.putInt(Integer.BYTES, events & 0xFFFF);
            check(poll, (int) poll.call(pollfd.address(), 1, timeoutMillis));
            return pollfd.getInt(Integer.BYTES) >>> 16; // little-endian, as both architectures of LinuxAbi are
        }
    }

    @Override
    public int epollCreate(int flags) throws ErrnoException {
        return check(epollCreate, (int) epollCreate.call(flags));
    }

    @Override
    public void epollCtl(int epoll, int operation, int fd, int events, long data) throws ErrnoException {
        try (NativeBlock event = NativeBlock.zeroed(abi.epollEventSize)) {
            event.putInt(0, events);
            event.putLong(abi.epollEventData, data);
            check(epollCtl, (int) epollCtl.call(epoll, operation, fd, event.address()));
        }
    }

    @Override
    public int epollWait(int epoll, long[] data, int timeoutMillis) throws ErrnoException {
        try (NativeBlock events = NativeBlock.zeroed((long) abi.epollEventSize * data.length)) {
            int ready = check(epollWait, (int) epollWait.call(epoll, events.address(), data.length, timeoutMillis));
            for (int i = 0; i < ready; i++) {
                data[i] = events.getLong((long) i * abi.epollEventSize + abi.epollEventData);
            }
            return ready;
        }
    }

    @Override
    public int eventfd(int flags) throws ErrnoException {
        return check(eventfd, (int) eventfd.call(0, flags));
    }

    @Override
    public void eventfdAdd(int fd) throws ErrnoException {
        try (NativeBlock one = NativeBlock.zeroed(Long.BYTES)) {
            one.putLong(0, 1);
            check(write, (int) write.call(fd, one.address(), Long.BYTES));
        }
    }

    @Override
    public void eventfdDrain(int fd) throws ErrnoException {
        try (NativeBlock count = NativeBlock.zeroed(Long.BYTES)) {
            check(read, (int) read.call(fd, count.address(), Long.BYTES));
        }
    }

    @Override
    public int memfdCreate(byte[] name, int flags) throws ErrnoException {
        if (!hasFunction("memfd_create")) { // glibc has it since 2.27
            throw new ErrnoException("memfd_create", Errno.ENOSYS);
        }
        try (NativeBlock text = NativeBlock.string(name)) {
            return check(Memfd.CREATE, (int) Memfd.CREATE.call(text.address(), flags));
        }
    }

    @Override
    public int read(int fd, byte[] into) throws ErrnoException {
        try (NativeBlock block = NativeBlock.zeroed(into.length)) {
            int length = check(read, (int) read.call(fd, block.address(), into.length));
            block.getBytes(into, length);
            return length;
        }
    }

    @Override
    public int write(int fd, byte[] from, int offset) throws ErrnoException {
        int length = from.length - offset;
        try (NativeBlock block = NativeBlock.ofBytes(from, offset, length)) {
            return check(write, (int) write.call(fd, block.address(), length));
        }
    }

    @Override
    public int open(byte[] path, int flags, int mode) throws ErrnoException {
        try (NativeBlock name = NativeBlock.string(path)) {
            return check(Seldom.OPEN, (int) Seldom.OPEN.call(name.address(), flags, mode));
        }
    }

    @Override
    public void close(int fd) throws ErrnoException {
        check(close, (int) close.call(fd));
    }

    @Override
    public void pipe(int[] ends, int flags) throws ErrnoException {
        try (NativeBlock pair = NativeBlock.zeroed(2L * Integer.BYTES)) {
            check(Seldom.PIPE2, (int) Seldom.PIPE2.call(pair.address(), flags));
            ends[0] = pair.getInt(0);
            ends[1] = pair.getInt(Integer.BYTES);
        }
    }

    @Override
    public int fcntl(int fd, int command, int argument) throws ErrnoException {
        return check(Seldom.FCNTL, (int) Seldom.FCNTL.call(fd, command, argument));
    }

    @Override
    public void faccessat(byte[] path, int mode, int flags) throws ErrnoException {
        try (NativeBlock name = NativeBlock.string(path)) {
            check(Seldom.FACCESSAT, (int) Seldom.FACCESSAT.call(LinuxAbi.AT_FDCWD, name.address(), mode, flags));
        }
    }

    @Override
    public int getpid() {
        return (int) getpid.call();
    }

    @Override
    public int getppid() {
        return (int) Seldom.GETPPID.call();
    }

    @Override
    public long maxRssKib() throws ErrnoException {
        try (NativeBlock usage = NativeBlock.zeroed(LinuxAbi.RUSAGE_SIZE)) {
            check(Rusage.GETRUSAGE, (int) Rusage.GETRUSAGE.call(LinuxAbi.RUSAGE_SELF, usage.address()));
            return usage.getLong(LinuxAbi.RUSAGE_MAXRSS);
        }
    }

    @Override
    public long openFilesLimit() throws ErrnoException {
        try (NativeBlock limits = NativeBlock.zeroed(2L * Long.BYTES)) {
            check(Seldom.GETRLIMIT, (int) Seldom.GETRLIMIT.call(LinuxAbi.RLIMIT_NOFILE, limits.address()));
            long soft = limits.getLong(0);
            return soft < 0 ? Long.MAX_VALUE : soft; // RLIM_INFINITY is all ones
        }
    }

    @Override
    public void signalDefault(int signal) throws ErrnoException {
        if (Seldom.SIGNAL.call(signal, LinuxAbi.SIG_DFL) == -1) { // SIG_ERR
            throw Seldom.SIGNAL.failed();
        }
    }

    @Override
    public byte[][] environment() {
        List<byte[]> entries = new ArrayList<>();
        long environ = NativeBlock.MEMORY.getLong(NativeFunction.addressOf("environ"));
        for (long at = environ; at != 0; at += Long.BYTES) {
            long entry = NativeBlock.MEMORY.getLong(at);
            if (entry == 0) {
                break;
            }
            entries.add(NativeBlock.MEMORY.getZeroTerminatedByteArray(entry));
        }
        return entries.toArray(new byte[0][]);
    }

    @Override
    public boolean hasFunction(String name) {
        return NativeFunction.addressOf(name) != 0;
    }

    private static int check(NativeFunction function, int result) throws ErrnoException {
        if (result < 0) {
            throw function.failed();
        }
        return result;
    }

    private static ErrnoException failed(String call) {
        return new ErrnoException(call, NativeFunction.errno());
    }
}
