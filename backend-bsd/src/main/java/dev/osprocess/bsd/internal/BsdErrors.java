// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;

/** Turns errors of the system into the exceptions of the contract: the one place that does (ERR-16). */
final class BsdErrors {
    private BsdErrors() {}

    /** A failed call on a process. */
    static ProcessException onProcess(ErrnoException failed, long pid) {
        return builder(failed.error().kind(), failed)
                .pid(pid)
                .detail(failed.error().text())
                .build();
    }

    /** A failed call on a file; the remark follows the system's text. */
    static ProcessException onFile(String operation, String path, ErrnoException failed, String remark) {
        return ProcessException.builder(failed.error().kind(), operation)
                .path(path)
                .nativeError(failed.error().label(), failed.number())
                .detail(failed.error().text() + remark)
                .cause(failed)
                .build();
    }

    /** A failed call that is about neither a process nor a file. */
    static ProcessException of(ErrnoException failed) {
        return builder(failed.error().kind(), failed)
                .detail(failed.error().text())
                .build();
    }

    /** The process has been reaped (SIG-06). */
    static ProcessException done(ErrnoException failed, long pid) {
        return builder(ErrorKind.ALREADY_DONE, failed)
                .pid(pid)
                .detail("the process has finished already")
                .build();
    }

    /** The process is gone, or its number is somebody else's by now: no call told so. */
    static ProcessException gone(String operation, long pid, String detail) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, operation)
                .pid(pid)
                .detail(detail)
                .build();
    }

    /** Somebody else took the state of our child (WAIT-18). */
    static ProcessException noChild(ErrnoException failed, long pid) {
        return builder(ErrorKind.NO_CHILD, failed)
                .pid(pid)
                .detail(
                        "the child has ended and somebody else took its state: other code waits for any child, or SIGCHLD is"
                                + " ignored in this process")
                .build();
    }

    private static ProcessException.Builder builder(ErrorKind kind, ErrnoException failed) {
        return ProcessException.builder(kind, failed.call())
                .nativeError(failed.error().label(), failed.number())
                .cause(failed);
    }
}
