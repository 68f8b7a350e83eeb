// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;

/** Turns GetLastError into the exceptions of the contract: the one place that decides what a number means (ERR-16). */
final class WindowsErrors {
    private WindowsErrors() {}

    /** The kind of an error where the call gives it no other meaning. */
    static ErrorKind kind(int error) {
        return switch (error) {
            case Win32Error.FILE_NOT_FOUND, Win32Error.PATH_NOT_FOUND, Win32Error.DIRECTORY -> ErrorKind.NOT_FOUND;
            case Win32Error.ACCESS_DENIED,
                    Win32Error.ELEVATION_REQUIRED,
                    Win32Error.PRIVILEGE_NOT_HELD,
                    Win32Error.CANCELLED,
                    Win32Error.CANT_ACCESS_FILE -> ErrorKind.PERMISSION;
            case Win32Error.INVALID_PARAMETER,
                    Win32Error.INVALID_HANDLE,
                    Win32Error.INVALID_NAME,
                    Win32Error.BAD_PATHNAME,
                    Win32Error.FILENAME_EXCED_RANGE -> ErrorKind.INVALID;
            case Win32Error.TOO_MANY_OPEN_FILES,
                    Win32Error.NOT_ENOUGH_MEMORY,
                    Win32Error.OUTOFMEMORY,
                    Win32Error.DISK_FULL,
                    Win32Error.NO_SYSTEM_RESOURCES,
                    Win32Error.COMMITMENT_LIMIT,
                    Win32Error.NOT_ENOUGH_QUOTA -> ErrorKind.EXHAUSTED;
            case Win32Error.BAD_EXE_FORMAT,
                    Win32Error.BAD_FORMAT,
                    Win32Error.EXE_MACHINE_TYPE_MISMATCH,
                    Win32Error.SHARING_VIOLATION -> ErrorKind.NOT_EXECUTABLE;
            case Win32Error.NOT_SUPPORTED, Win32Error.CALL_NOT_IMPLEMENTED -> ErrorKind.UNSUPPORTED;
            default -> ErrorKind.SYSTEM;
        };
    }

    /** A failed call on a process. */
    static ProcessException onProcess(Win32Exception failed, long pid) {
        return onProcess(kind(failed.error()), failed, pid, "");
    }

    /** A failed call on a process, of this kind; the remark follows the system's text. */
    static ProcessException onProcess(ErrorKind kind, Win32Exception failed, long pid, String remark) {
        return ProcessException.builder(kind, failed.call())
                .pid(pid)
                .nativeError(Win32Error.name(failed.error()), failed.error())
                .detail(Win32Error.text(failed.error()) + remark)
                .cause(failed)
                .build();
    }

    /** A failed call on a file, of this kind; the remark follows the system's text. */
    static ProcessException onFile(
            ErrorKind kind, String operation, String path, Win32Exception failed, String remark) {
        return ProcessException.builder(kind, operation)
                .path(path)
                .nativeError(Win32Error.name(failed.error()), failed.error())
                .detail(Win32Error.text(failed.error()) + remark)
                .cause(failed)
                .build();
    }

    /** A failed call that is about neither a process nor a file. */
    static ProcessException of(Win32Exception failed) {
        return ProcessException.builder(kind(failed.error()), failed.call())
                .nativeError(Win32Error.name(failed.error()), failed.error())
                .detail(Win32Error.text(failed.error()))
                .cause(failed)
                .build();
    }

    /** The process has ended (SIG-14), or there is none of that number (D5). */
    static ProcessException done(Win32Exception failed, long pid) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, failed.call())
                .pid(pid)
                .nativeError(Win32Error.name(failed.error()), failed.error())
                .detail("the process has finished already")
                .cause(failed)
                .build();
    }

    /** The process was seen to have ended before a call was made. */
    static ProcessException done(String operation, long pid) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, operation)
                .pid(pid)
                .detail("the process has finished already")
                .build();
    }
}
