// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ErrorKind;

/**
 * The errors that these systems have names for, with our own texts, the same under every locale (ERR-12), and what each
 * means where the call gives it no other meaning (ERR-16). Their numbers differ: {@link BsdProfile#error(int)}.
 */
enum Errno {
    EPERM("operation not permitted", ErrorKind.PERMISSION),
    ENOENT("no such file or directory", ErrorKind.NOT_FOUND),
    ESRCH("no such process", ErrorKind.SYSTEM),
    EINTR("interrupted system call", ErrorKind.SYSTEM),
    EIO("input/output error", ErrorKind.SYSTEM),
    ENXIO("no such device or address", ErrorKind.SYSTEM),
    E2BIG("argument list too long", ErrorKind.INVALID),
    ENOEXEC("exec format error", ErrorKind.NOT_EXECUTABLE),
    EBADF("bad file descriptor", ErrorKind.INVALID),
    ECHILD("no child processes", ErrorKind.SYSTEM),
    EDEADLK("resource deadlock avoided", ErrorKind.SYSTEM),
    ENOMEM("cannot allocate memory", ErrorKind.EXHAUSTED),
    EACCES("permission denied", ErrorKind.PERMISSION),
    EFAULT("bad address", ErrorKind.SYSTEM),
    EEXIST("file exists", ErrorKind.SYSTEM),
    ENODEV("no such device", ErrorKind.SYSTEM),
    ENOTDIR("not a directory", ErrorKind.NOT_FOUND),
    EISDIR("is a directory", ErrorKind.INVALID),
    EINVAL("invalid argument", ErrorKind.INVALID),
    ENFILE("too many open files in the system", ErrorKind.EXHAUSTED),
    EMFILE("too many open files", ErrorKind.EXHAUSTED),
    ETXTBSY("text file busy", ErrorKind.NOT_EXECUTABLE),
    ENOSPC("no space left on device", ErrorKind.EXHAUSTED),
    EROFS("read-only file system", ErrorKind.PERMISSION),
    EPIPE("broken pipe", ErrorKind.SYSTEM),
    EAGAIN("resource temporarily unavailable", ErrorKind.EXHAUSTED),
    EOPNOTSUPP("operation not supported", ErrorKind.UNSUPPORTED),
    ENOTSUP("not supported", ErrorKind.UNSUPPORTED),
    ELOOP("too many levels of symbolic links", ErrorKind.NOT_FOUND),
    ENAMETOOLONG("file name too long", ErrorKind.INVALID),
    ENOSYS("function not implemented", ErrorKind.UNSUPPORTED),
    EBADEXEC("bad executable", ErrorKind.NOT_EXECUTABLE),
    EBADARCH("program of another architecture", ErrorKind.NOT_EXECUTABLE),
    ESHLIBVERS("shared library version mismatch", ErrorKind.NOT_EXECUTABLE),
    EBADMACHO("malformed Mach-O file", ErrorKind.NOT_EXECUTABLE),
    /** Any other number. */
    UNKNOWN("see errno(2)", ErrorKind.SYSTEM);

    private final String text;
    private final ErrorKind kind;

    Errno(String text, ErrorKind kind) {
        this.text = text;
        this.kind = kind;
    }

    /** What it says: {@code no such file or directory}. */
    String text() {
        return text;
    }

    /** The kind of an error where the call gives it no other meaning. */
    ErrorKind kind() {
        return kind;
    }

    /** The name, {@code ENOENT}; {@code errno} for a number that has none here. */
    String label() {
        return this == UNKNOWN ? "errno" : name();
    }
}
