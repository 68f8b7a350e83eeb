// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/**
 * Numbers of the Linux system interface: nothing but a table, each with its header. What differs by architecture is an
 * instance; the rest is the same on all that are supported.
 */
final class LinuxAbi {
    // sys/wait.h
    static final int P_ALL = 0;
    static final int P_PID = 1;
    static final int P_PGID = 2;
    static final int P_PIDFD = 3;
    static final int WNOHANG = 1;
    static final int WSTOPPED = 2;
    static final int WEXITED = 4;
    static final int WCONTINUED = 8;
    static final int WNOWAIT = 0x0100_0000;
    static final int CLD_EXITED = 1;
    static final int CLD_KILLED = 2;
    static final int CLD_DUMPED = 3;
    static final int CLD_STOPPED = 5;
    static final int CLD_CONTINUED = 6;

    // siginfo_t, SIGCHLD form (bits/types/siginfo_t.h)
    static final int SIGINFO_SIZE = 128;
    static final int SIGINFO_CODE = 8;
    static final int SIGINFO_PID = 16;
    static final int SIGINFO_STATUS = 24;

    // struct rusage (bits/types/struct_rusage.h); times are struct timeval of two 8-byte words; ru_maxrss in KiB
    static final int RUSAGE_SIZE = 144;
    static final int RUSAGE_USER_TIME = 0;
    static final int RUSAGE_SYSTEM_TIME = 16;
    static final int RUSAGE_MAXRSS = 32;
    static final int RUSAGE_MINOR_FAULTS = 64;
    static final int RUSAGE_MAJOR_FAULTS = 72;
    static final int RUSAGE_BLOCKS_IN = 88;
    static final int RUSAGE_BLOCKS_OUT = 96;
    static final int RUSAGE_VOLUNTARY_SWITCHES = 128;
    static final int RUSAGE_INVOLUNTARY_SWITCHES = 136;
    static final int RUSAGE_SELF = 0;

    // fcntl.h (asm-generic values)
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_NOCTTY = 0x100;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x8_0000;
    static final int O_ACCMODE = 3;
    static final int F_SETFD = 2;
    static final int FD_CLOEXEC = 1;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int AT_FDCWD = -100;
    static final int AT_EACCESS = 0x200;
    static final int X_OK = 1;
    static final int F_OK = 0;

    // sys/epoll.h, sys/eventfd.h, poll.h
    static final int EPOLL_CLOEXEC = O_CLOEXEC;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLLIN = 1;
    static final int EFD_CLOEXEC = O_CLOEXEC;
    static final int EFD_NONBLOCK = O_NONBLOCK;
    static final int POLLIN = 1;

    // spawn.h
    static final int POSIX_SPAWN_SETPGROUP = 0x02;
    static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    static final int POSIX_SPAWN_SETSID = 0x80;
    static final int SPAWN_ATTRIBUTES_SIZE = 336;
    static final int SPAWN_FILE_ACTIONS_SIZE = 80;
    static final int SIGSET_SIZE = 128;

    // signal.h
    static final int SIGILL = 4;
    static final int SIGTRAP = 5;
    static final int SIGBUS = 7;
    static final int SIGFPE = 8;
    static final int SIGKILL = 9;
    static final int SIGSEGV = 11;
    static final int SIGPIPE = 13;
    static final int SIGCHLD = 17;
    static final int SIGSTOP = 19;
    static final int SIGXFSZ = 25;
    static final int SIG_DFL = 0;

    // sys/resource.h
    static final int RLIMIT_NOFILE = 7;

    // linux/pidfd.h: _IOWR(0xFF, 11, struct pidfd_info) of its first published size
    static final int PIDFD_GET_INFO = 0xC040FF0B;
    static final int PIDFD_INFO_SIZE = 64;
    static final long PIDFD_INFO_EXIT = 1L << 3;
    static final int PIDFD_INFO_MASK = 0;
    static final int PIDFD_INFO_EXIT_CODE = 60;

    // sys/statfs.h; linux/magic.h: "PIDF"
    static final int STATFS_SIZE = 120;
    static final long PIDFS_MAGIC = 0x50494446L;

    // one table for all architectures since Linux 5.1
    static final int SYS_PIDFD_SEND_SIGNAL = 424;
    static final int SYS_PIDFD_OPEN = 434;

    // flags of pidfd_send_signal, linux/pidfd.h
    static final int PIDFD_SIGNAL_PROCESS_GROUP = 4;

    /** {@code waitid}'s number (asm/unistd.h). */
    final int sysWaitid;

    /** Bytes of a struct epoll_event: packed on x86-64 alone (sys/epoll.h). */
    final int epollEventSize;

    /** Where its data is. */
    final int epollEventData;

    private LinuxAbi(int sysWaitid, int epollEventSize, int epollEventData) {
        this.sysWaitid = sysWaitid;
        this.epollEventSize = epollEventSize;
        this.epollEventData = epollEventData;
    }

    /**
     * The numbers of an architecture.
     *
     * @param arch as in the system property {@code os.arch}
     * @return null if it is not one that was tried
     */
    static @org.jspecify.annotations.Nullable LinuxAbi of(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> new LinuxAbi(247, 12, 4);
            case "aarch64" -> new LinuxAbi(95, 16, 8);
            default -> null;
        };
    }
}
