// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.util.Map;

/**
 * Error numbers, with their names and our own texts, the same under every locale (ERR-12). Numbers as in
 * asm-generic/errno-base.h and asm-generic/errno.h, which x86-64, aarch64 and riscv64 share.
 */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int E2BIG = 7;
    static final int ENOEXEC = 8;
    static final int EBADF = 9;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EFAULT = 14;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ENOTTY = 25;
    static final int ETXTBSY = 26;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int EPIPE = 32;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ELOOP = 40;
    static final int EREMCHG = 78;
    static final int ELIBBAD = 80;
    static final int EUSERS = 87;
    static final int EOPNOTSUPP = 95;
    static final int ESTALE = 116;
    static final int EDQUOT = 122;

    private Errno() {}

    /** The name, {@code ENOENT}; {@code errno} for a number that is not in the table. */
    static String name(int errno) {
        String[] entry = Table.ENTRIES.get(errno);
        return entry == null ? "errno" : entry[0];
    }

    /** What it says: {@code no such file or directory}. */
    static String text(int errno) {
        String[] entry = Table.ENTRIES.get(errno);
        return entry == null ? "see errno(3)" : entry[1];
    }

    /** {@code ENOENT (2) no such file or directory}. */
    static String describe(int errno) {
        return name(errno) + " (" + errno + ") " + text(errno);
    }

    /** Every number of the table, for tests. */
    static Iterable<Integer> numbers() {
        return Table.ENTRIES.keySet();
    }

    /** Loaded when an error is to be told, not on the way to the first child. */
    private static final class Table {
        static final Map<Integer, String[]> ENTRIES = Map.ofEntries(
                entry(EPERM, "EPERM", "operation not permitted"),
                entry(ENOENT, "ENOENT", "no such file or directory"),
                entry(ESRCH, "ESRCH", "no such process"),
                entry(EINTR, "EINTR", "interrupted system call"),
                entry(EIO, "EIO", "input/output error"),
                entry(ENXIO, "ENXIO", "no such device or address"),
                entry(E2BIG, "E2BIG", "argument list too long"),
                entry(ENOEXEC, "ENOEXEC", "exec format error"),
                entry(EBADF, "EBADF", "bad file descriptor"),
                entry(ECHILD, "ECHILD", "no child processes"),
                entry(EAGAIN, "EAGAIN", "resource temporarily unavailable"),
                entry(ENOMEM, "ENOMEM", "cannot allocate memory"),
                entry(EACCES, "EACCES", "permission denied"),
                entry(EFAULT, "EFAULT", "bad address"),
                entry(EBUSY, "EBUSY", "device or resource busy"),
                entry(EEXIST, "EEXIST", "file exists"),
                entry(ENODEV, "ENODEV", "no such device"),
                entry(ENOTDIR, "ENOTDIR", "not a directory"),
                entry(EISDIR, "EISDIR", "is a directory"),
                entry(EINVAL, "EINVAL", "invalid argument"),
                entry(ENFILE, "ENFILE", "too many open files in the system"),
                entry(EMFILE, "EMFILE", "too many open files"),
                entry(ENOTTY, "ENOTTY", "inappropriate ioctl for device"),
                entry(ETXTBSY, "ETXTBSY", "text file busy"),
                entry(EFBIG, "EFBIG", "file too large"),
                entry(ENOSPC, "ENOSPC", "no space left on device"),
                entry(EROFS, "EROFS", "read-only file system"),
                entry(EPIPE, "EPIPE", "broken pipe"),
                entry(ENAMETOOLONG, "ENAMETOOLONG", "file name too long"),
                entry(ENOSYS, "ENOSYS", "function not implemented"),
                entry(ELOOP, "ELOOP", "too many levels of symbolic links"),
                entry(EREMCHG, "EREMCHG", "remote address changed"),
                entry(ELIBBAD, "ELIBBAD", "accessing a corrupted shared library"),
                entry(EUSERS, "EUSERS", "too many users"),
                entry(EOPNOTSUPP, "EOPNOTSUPP", "operation not supported"),
                entry(ESTALE, "ESTALE", "stale file handle"),
                entry(EDQUOT, "EDQUOT", "disk quota exceeded"));

        private Table() {}

        private static Map.Entry<Integer, String[]> entry(int number, String name, String text) {
            return Map.entry(number, new String[] {name, text});
        }
    }
}
