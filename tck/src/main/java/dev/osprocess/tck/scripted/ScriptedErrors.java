// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;

/** What the kernel answers when a call fails by itself, in the words of Linux. */
final class ScriptedErrors {
    private static final int LAST_SIGNAL = 64;

    private ScriptedErrors() {}

    static ProcessException noSuchProcess(String operation, long pid) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, operation)
                .pid(pid)
                .nativeError("ESRCH", 3)
                .detail("no such process")
                .build();
    }

    static ProcessException noChild(long pid) {
        return ProcessException.builder(ErrorKind.NO_CHILD, "waitid")
                .pid(pid)
                .nativeError("ECHILD", 10)
                .detail("no child processes")
                .build();
    }

    static void refuseUnknown(Signal signal, long pid) throws ProcessException {
        if (signal.number().orElse(0) > LAST_SIGNAL) {
            throw ProcessException.builder(ErrorKind.INVALID, "signal")
                    .pid(pid)
                    .nativeError("EINVAL", 22)
                    .detail("invalid argument")
                    .build();
        }
    }

    static ProcessException eventsBroken() {
        return ProcessException.builder(ErrorKind.SYSTEM, "await")
                .nativeError("EBADF", 9)
                .detail("the events were broken by the script")
                .build();
    }
}
