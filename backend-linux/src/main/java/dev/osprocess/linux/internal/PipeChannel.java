// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.unix.TextEncoder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes channels of the parent's pipe ends: opened anew through /proc, because the JDK has no public way to adopt a
 * descriptor. The JDK opens without close-on-exec, so programs that other code starts would inherit the end, and the
 * child would never see it closed; therefore its number is looked for and the flag is set, at once, but after the open.
 */
final class PipeChannel {
    private static final String DESCRIPTORS = "/proc/self/fd/";

    /** The JDK's descriptor is nearly always one of the next, because the lowest free number is given. */
    private static final int NEXT_NUMBERS = 32;

    private PipeChannel() {}

    /** A channel on the same pipe, with a descriptor of its own. */
    static FileChannel open(LinuxSyscalls calls, TextEncoder encoder, int end, StandardOpenOption direction)
            throws ProcessException {
        String path = DESCRIPTORS + end;
        FileChannel channel;
        try {
            channel = FileChannel.open(Path.of(path), direction);
        } catch (IOException failed) {
            checkOpens(calls, encoder, path, direction); // the JDK has no error number to look at, so ask again
            throw notUsable(path, "opened", failed);
        }
        boolean complete = false;
        try {
            closeOnExec(calls, path, end, direction);
            complete = true;
            return channel;
        } catch (IOException failed) {
            throw notUsable(path, "found again", failed);
        } finally {
            if (!complete) {
                closeQuietly(channel);
            }
        }
    }

    private static void checkOpens(LinuxSyscalls calls, TextEncoder encoder, String path, StandardOpenOption direction)
            throws ProcessException {
        try {
            int flags = direction == StandardOpenOption.READ ? LinuxAbi.O_RDONLY : LinuxAbi.O_WRONLY;
            calls.close(calls.open(encoder.encode(path, "path"), flags | LinuxAbi.O_CLOEXEC, 0));
        } catch (ErrnoException cause) {
            throw LinuxErrors.onFile("open", path, cause, "; it is this process's end of a pipe");
        }
    }

    private static ProcessException notUsable(String path, String what, IOException failed) {
        return ProcessException.builder(ErrorKind.SYSTEM, "open")
                .path(path)
                .detail("a pipe's end could not be " + what + "; pipes need /proc: " + failed.getMessage())
                .cause(failed)
                .build();
    }

    /** Nobody else can have opened this new pipe, so whatever has the same link, and is not ours, is the channel's. */
    private static void closeOnExec(LinuxSyscalls calls, String path, int end, StandardOpenOption direction)
            throws IOException, ProcessException {
        String pipe = Files.readSymbolicLink(Path.of(path)).toString();
        for (int number = end + 1; number <= end + NEXT_NUMBERS; number++) {
            if (isChannel(calls, number, pipe, direction)) {
                return;
            }
        }
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of(DESCRIPTORS))) {
            for (Path entry : numbers) {
                int number = Integer.parseInt(String.valueOf(entry.getFileName()));
                if (number != end && isChannel(calls, number, pipe, direction)) {
                    return;
                }
            }
        }
        throw new IOException("no descriptor in " + DESCRIPTORS + " is " + pipe);
    }

    /** Whether this number is the channel's; if so, it is close-on-exec from now on. */
    private static boolean isChannel(LinuxSyscalls calls, int number, String pipe, StandardOpenOption direction)
            throws ProcessException {
        try {
            if (!Files.readSymbolicLink(Path.of(DESCRIPTORS + number))
                    .toString()
                    .equals(pipe)) {
                return false;
            }
        } catch (FileSystemException closed) {
            return false; // a number that is free, or was a moment ago
        } catch (IOException unreadable) {
            throw notUsable(DESCRIPTORS + number, "read", unreadable);
        }
        try {
            int access = calls.fcntl(number, LinuxAbi.F_GETFL, 0) & LinuxAbi.O_ACCMODE;
            if (access != (direction == StandardOpenOption.READ ? LinuxAbi.O_RDONLY : LinuxAbi.O_WRONLY)) {
                return false; // the child's end, which has the same link
            }
            calls.fcntl(number, LinuxAbi.F_SETFD, LinuxAbi.FD_CLOEXEC);
            return true;
        } catch (ErrnoException failed) {
            throw LinuxErrors.onFile("fcntl", DESCRIPTORS + number, failed, "; it is this process's end of a pipe");
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // nobody has written to it, so nothing is lost
        }
    }
}
