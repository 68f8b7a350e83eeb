// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.unix.TextEncoder;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failed posix_spawn was about. It reports one errno for the directory, the file and its interpreter alike,
 * so the directory is looked at afterwards, and blamed if it is the cause (START-13).
 */
final class SpawnFailure {
    private static final String START = "fork/exec";

    private final LinuxSyscalls calls;
    private final TextEncoder encoder;

    SpawnFailure(LinuxSyscalls calls, TextEncoder encoder) {
        this.calls = calls;
        this.encoder = encoder;
    }

    ProcessException explain(StartRequest request, byte @Nullable [] directory, ErrnoException failed, String sizes) {
        String program = request.program().toString();
        OsString named = request.directory();
        if (directory != null && named != null) {
            ErrnoException blame = unusable(directory);
            if (blame != null) {
                return LinuxErrors.onFile("chdir", named.toString(), blame, "");
            }
        }
        return ofProgram(program, failed, sizes, () -> missing(request, directory));
    }

    /** The same for a child with another root or other rights: what is seen from here says nothing of it (START-36). */
    static ProcessException elsewhere(StartRequest request, ErrnoException failed, String sizes) {
        return ofProgram(
                request.program().toString(),
                failed,
                sizes,
                () ->
                        "; in the child's own root, with its own rights: the program, its interpreter or its dynamic loader");
    }

    /** What a failed execve(2) was about: the program alone. */
    ProcessException ofProgram(StartRequest request, byte @Nullable [] directory, ErrnoException failed, String sizes) {
        return ofProgram(request.program().toString(), failed, sizes, () -> missing(request, directory));
    }

    private static ProcessException ofProgram(
            String program, ErrnoException failed, String sizes, Supplier<String> missing) {
        return switch (failed.errno()) {
            case Errno.ENOENT -> LinuxErrors.onFile(START, program, failed, missing.get());
            case Errno.EACCES ->
                LinuxErrors.onFile(
                        START,
                        program,
                        failed,
                        "; it must be a regular file with execute permission, and so must its interpreter be");
            case Errno.ENOEXEC ->
                LinuxErrors.onFile(
                        ErrorKind.NOT_EXECUTABLE,
                        START,
                        program,
                        failed,
                        "; it is no program of this machine, and no script: its first line must begin with #!");
            case Errno.ETXTBSY ->
                LinuxErrors.onFile(START, program, failed, "; another process holds it open for writing");
            case Errno.E2BIG -> LinuxErrors.onFile(START, program, failed, "; " + sizes);
            default -> LinuxErrors.onFile(START, program, failed, "");
        };
    }

    /** ERR-09: the file may be there, and its interpreter not. */
    private String missing(StartRequest request, byte @Nullable [] directory) {
        byte[] program = encoder.encode(request.program(), "program");
        byte[] seen = directory == null || program[0] == '/' ? program : join(directory, program);
        try {
            calls.faccessat(seen, LinuxAbi.F_OK, 0);
            return "; the file is there, but the interpreter of its first line, or its dynamic loader, is not";
        } catch (ErrnoException alsoMissing) {
            return request.program().toString().indexOf('/') < 0
                    ? "; names without / are looked up in the child's directory, not in PATH"
                    : "";
        }
    }

    /** What keeps a directory from being entered; null if nothing does. */
    private @Nullable ErrnoException unusable(byte[] directory) {
        try {
            // the trailing "/." makes a file ENOTDIR, and asks for the right to search the directory itself
            calls.faccessat(join(directory, new byte[] {'.'}), LinuxAbi.X_OK, LinuxAbi.AT_EACCESS);
            return null;
        } catch (ErrnoException failed) {
            return new ErrnoException("chdir", failed.errno());
        }
    }

    private static byte[] join(byte[] directory, byte[] name) {
        byte[] joined = Arrays.copyOf(directory, directory.length + 1 + name.length);
        joined[directory.length] = '/';
        System.arraycopy(name, 0, joined, directory.length + 1, name.length);
        return joined;
    }
}
