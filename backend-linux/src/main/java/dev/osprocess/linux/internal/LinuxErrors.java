// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;

/** Turns errno into the exceptions of the contract: the one place that decides what a number means (ERR-16). */
final class LinuxErrors {
    private LinuxErrors() {}

    /** The kind of an error where the call gives it no other meaning. */
    static ErrorKind kind(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP -> ErrorKind.NOT_FOUND;
            case Errno.EPERM, Errno.EACCES, Errno.EROFS -> ErrorKind.PERMISSION;
            case Errno.EINVAL, Errno.EBADF, Errno.E2BIG, Errno.ENAMETOOLONG, Errno.EISDIR -> ErrorKind.INVALID;
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN, Errno.ENOSPC -> ErrorKind.EXHAUSTED;
            case Errno.ENOEXEC, Errno.ETXTBSY, Errno.ELIBBAD -> ErrorKind.NOT_EXECUTABLE;
            case Errno.ENOSYS, Errno.EOPNOTSUPP -> ErrorKind.UNSUPPORTED;
            default -> ErrorKind.SYSTEM;
        };
    }

    /** A failed call on a process. */
    static ProcessException onProcess(ErrnoException failed, long pid) {
        return onProcess(kind(failed.errno()), failed, pid);
    }

    /** A failed call on a process, of this kind. */
    static ProcessException onProcess(ErrorKind kind, ErrnoException failed, long pid) {
        return ProcessException.builder(kind, failed.call())
                .pid(pid)
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail(Errno.text(failed.errno()))
                .cause(failed)
                .build();
    }

    /** A failed call on a file, or on none. */
    static ProcessException onFile(String operation, String path, ErrnoException failed, String remark) {
        return onFile(kind(failed.errno()), operation, path, failed, remark);
    }

    /** A failed call on a file, of this kind; the remark follows the system's text. */
    static ProcessException onFile(
            ErrorKind kind, String operation, String path, ErrnoException failed, String remark) {
        return ProcessException.builder(kind, operation)
                .path(path)
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail(Errno.text(failed.errno()) + remark)
                .cause(failed)
                .build();
    }

    /** A failed call that is about neither a process nor a file. */
    static ProcessException of(ErrnoException failed) {
        return ProcessException.builder(kind(failed.errno()), failed.call())
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail(Errno.text(failed.errno()))
                .cause(failed)
                .build();
    }

    /** The same; the remark follows the system's text. */
    static ProcessException onCall(ErrnoException failed, String remark) {
        return ProcessException.builder(kind(failed.errno()), failed.call())
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail(Errno.text(failed.errno()) + remark)
                .cause(failed)
                .build();
    }

    /** The process has been reaped: ESRCH (SIG-06). */
    static ProcessException done(ErrnoException failed, long pid) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, failed.call())
                .pid(pid)
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail("the process has finished already")
                .cause(failed)
                .build();
    }

    /** Somebody else took the state of our child: ECHILD (WAIT-18). */
    static ProcessException noChild(ErrnoException failed, long pid) {
        return ProcessException.builder(ErrorKind.NO_CHILD, failed.call())
                .pid(pid)
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail(
                        "the child has ended and somebody else took its state: other code waits for any child, or SIGCHLD is"
                                + " ignored in this process")
                .cause(failed)
                .build();
    }
}
