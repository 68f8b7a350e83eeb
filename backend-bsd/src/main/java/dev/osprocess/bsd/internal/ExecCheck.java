// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a program and a directory as execve(2) and chdir(2) would: to find out what an error was about, and on OpenBSD,
 * whose posix_spawn reports none, whether the start can work at all. What changes between this and the start is missed.
 */
final class ExecCheck {
    private static final String EXEC = "execve";

    /** As much of a file as tells what it is; a first line that is longer is cut off by the system as well. */
    private static final int HEAD = 256;

    private final BsdSystem system;

    ExecCheck(BsdSystem system) {
        this.system = system;
    }

    /** What keeps a directory from being entered; null if nothing does. */
    @Nullable
    ErrnoException unusableDirectory(byte[] directory) {
        // the trailing "/." makes a file ENOTDIR, and asks for the right to search the directory itself
        ErrnoException failed = access(join(directory, new byte[] {'.'}), system.profile().executable);
        return failed == null ? null : new ErrnoException("chdir", failed.error(), failed.number());
    }

    /** Whether the program's file is there. */
    boolean exists(byte[] program, byte @Nullable [] directory) {
        return access(seen(program, directory), system.profile().exists) == null;
    }

    /** What keeps a program from being executed; null if nothing that can be seen does. */
    @Nullable
    ErrnoException unusableProgram(byte[] program, byte @Nullable [] directory) {
        byte[] path = seen(program, directory);
        ErrnoException failed = access(path, system.profile().executable);
        if (failed != null) {
            return new ErrnoException(EXEC, failed.error(), failed.number());
        }
        if (access(join(path, new byte[] {'.'}), system.profile().exists) == null) {
            return system.profile().failure(EXEC, Errno.EACCES); // a directory
        }
        byte[] head = head(path);
        return head == null ? null : unusableHead(head, directory);
    }

    private @Nullable ErrnoException unusableHead(byte[] head, byte @Nullable [] directory) {
        if (head.length >= 4 && head[0] == 0x7F && head[1] == 'E' && head[2] == 'L' && head[3] == 'F') {
            return null;
        }
        if (head.length < 2 || head[0] != '#' || head[1] != '!') {
            return system.profile().failure(EXEC, Errno.ENOEXEC); // START-27
        }
        int from = 2;
        while (from < head.length && (head[from] == ' ' || head[from] == '\t')) {
            from++;
        }
        int to = from;
        while (to < head.length && head[to] != '\n' && head[to] != ' ' && head[to] != '\t') {
            to++;
        }
        if (to == from) {
            return system.profile().failure(EXEC, Errno.ENOEXEC);
        }
        ErrnoException failed =
                access(seen(Arrays.copyOfRange(head, from, to), directory), system.profile().executable);
        return failed == null ? null : new ErrnoException(EXEC, failed.error(), failed.number());
    }

    /** How the file begins; null if it cannot be read, which execve(2) does not need. */
    private byte @Nullable [] head(byte[] path) {
        BsdSyscalls calls = system.calls();
        byte[] head = new byte[HEAD];
        try {
            int fd = calls.open(
                    path,
                    system.profile().readOnly
                            | system.profile().closeOnExec
                            | system.profile().noTerminal
                            | system.profile().nonBlocking, // a FIFO would block
                    0);
            try {
                return Arrays.copyOf(head, calls.read(fd, head, head.length));
            } finally {
                Descriptors.close(calls, fd);
            }
        } catch (ErrnoException unreadable) {
            return null;
        }
    }

    private @Nullable ErrnoException access(byte[] path, int mode) {
        try {
            system.calls().access(path, mode);
            return null;
        } catch (ErrnoException failed) {
            return failed;
        }
    }

    private static byte[] seen(byte[] path, byte @Nullable [] directory) {
        return directory == null || path[0] == '/' ? path : join(directory, path);
    }

    private static byte[] join(byte[] directory, byte[] name) {
        byte[] joined = Arrays.copyOf(directory, directory.length + 1 + name.length);
        joined[directory.length] = '/';
        System.arraycopy(name, 0, joined, directory.length + 1, name.length);
        return joined;
    }
}
