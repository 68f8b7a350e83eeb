// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.StartRequest;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failed posix_spawn was about. It reports one errno for the directory, the file and its interpreter alike,
 * so the directory is looked at afterwards, and blamed if it is the cause (START-13).
 */
final class SpawnFailure {
    private static final String START = "fork/exec";

    private final ExecCheck check;

    SpawnFailure(ExecCheck check) {
        this.check = check;
    }

    ProcessException explain(
            StartRequest request, byte[] name, byte @Nullable [] directory, ErrnoException failed, String sizes) {
        String program = request.program().toString();
        OsString named = request.directory();
        if (directory != null && named != null) {
            ErrnoException blame = check.unusableDirectory(directory);
            if (blame != null) {
                return BsdErrors.onFile("chdir", named.toString(), blame, "");
            }
        }
        return BsdErrors.onFile(START, program, failed, remark(request, name, directory, failed, sizes));
    }

    private String remark(
            StartRequest request, byte[] name, byte @Nullable [] directory, ErrnoException failed, String sizes) {
        return switch (failed.error()) {
            case ENOENT -> missing(request, name, directory);
            case EACCES -> "; it must be a regular file with execute permission, and so must its interpreter be";
            case ENOEXEC -> "; it is no program of this machine, and no script: its first line must begin with #!";
            case ETXTBSY -> "; another process holds it open for writing";
            case E2BIG -> "; " + sizes;
            default -> "";
        };
    }

    /** ERR-09: the file may be there, and its interpreter not. */
    private String missing(StartRequest request, byte[] name, byte @Nullable [] directory) {
        if (check.exists(name, directory)) {
            return "; the file is there, but the interpreter of its first line, or its dynamic loader, is not";
        }
        return request.program().toString().indexOf('/') < 0
                ? "; names without / are looked up in the child's directory, not in PATH"
                : "";
    }
}
