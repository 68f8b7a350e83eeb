// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.unix.ParentEnds;
import dev.osprocess.spi.unix.TextEncoder;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The child's descriptor table on its way into the child: files and pipes are opened here, in this process, so that an
 * error names the right file and comes before anything is started; {@link #close()} closes them after the spawn, whatever
 * became of it.
 */
final class FileTable implements AutoCloseable {
    static final int CLOSED = -1;
    private static final int MODE = 0666;

    private final LinuxSyscalls calls;
    private final TextEncoder encoder;

    /** For each place of the child's table, the descriptor of this process that goes there. */
    private final int[] sources;

    private final List<Integer> opened = new ArrayList<>();
    private final Map<Integer, ByteChannel> parentEnds = new HashMap<>();

    private FileTable(LinuxSyscalls calls, TextEncoder encoder, int size) {
        this.calls = calls;
        this.encoder = encoder;
        this.sources = new int[size];
        Arrays.fill(sources, CLOSED);
    }

    /** Opens what is named; nothing stays open if that fails. */
    static FileTable open(LinuxSyscalls calls, TextEncoder encoder, List<ChildFile> files) throws ProcessException {
        FileTable table = new FileTable(calls, encoder, files.size());
        boolean complete = false;
        try {
            for (int i = 0; i < files.size(); i++) {
                table.sources[i] = table.source(i, files.get(i));
            }
            complete = true;
            return table;
        } finally {
            if (!complete) {
                table.abandonParentEnds();
                table.close();
            }
        }
    }

    private int source(int place, ChildFile file) throws ProcessException {
        return switch (file.kind()) {
            case CLOSED -> CLOSED;
            case INHERIT -> inherited(file.number());
            case DESCRIPTOR -> borrowed(place, file.number());
            case NULL_DEVICE -> opened(Path.of("/dev/null"), place == 0 ? LinuxAbi.O_RDONLY : LinuxAbi.O_WRONLY);
            case READ -> opened(pathOf(file), LinuxAbi.O_RDONLY);
            case WRITE -> opened(pathOf(file), LinuxAbi.O_WRONLY | LinuxAbi.O_CREAT | LinuxAbi.O_TRUNC);
            case APPEND -> opened(pathOf(file), LinuxAbi.O_WRONLY | LinuxAbi.O_CREAT | LinuxAbi.O_APPEND);
            case PIPE, PIPE_TO_CHILD, PIPE_FROM_CHILD -> pipe(place, file.childReads(place));
        };
    }

    private static Path pathOf(ChildFile file) {
        Path path = file.path();
        if (path == null) {
            throw new AssertionError("internal error: " + file.kind() + " without a path");
        }
        return path;
    }

    /** A standard stream that is closed here is closed there. */
    private int inherited(int stream) throws ProcessException {
        try {
            calls.fcntl(stream, LinuxAbi.F_GETFL, 0);
            return stream;
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.EBADF) {
                return CLOSED;
            }
            throw LinuxErrors.of(failed);
        }
    }

    /** START-24: in blocking mode, or the child would see EAGAIN. */
    private int borrowed(int place, int number) throws ProcessException {
        try {
            int flags = calls.fcntl(number, LinuxAbi.F_GETFL, 0);
            if ((flags & LinuxAbi.O_NONBLOCK) != 0) {
                calls.fcntl(number, LinuxAbi.F_SETFL, flags & ~LinuxAbi.O_NONBLOCK);
            }
            return number;
        } catch (ErrnoException failed) {
            throw LinuxErrors.onFile(
                    "files[" + place + "]",
                    "descriptor " + number,
                    failed,
                    "; it must be open in this process until start has returned");
        }
    }

    private int opened(Path path, int flags) throws ProcessException {
        byte[] bytes = encoder.encode(path);
        while (true) {
            try {
                int fd = calls.open(bytes, flags | LinuxAbi.O_CLOEXEC | LinuxAbi.O_NOCTTY, MODE);
                opened.add(fd);
                return fd;
            } catch (ErrnoException failed) {
                if (failed.errno() != Errno.EINTR) { // open(2) of a slow device; it made no progress
                    throw LinuxErrors.onFile("open", path.toString(), failed, "");
                }
            }
        }
    }

    private int pipe(int place, boolean childReads) throws ProcessException {
        int[] ends = new int[2];
        try {
            calls.pipe(ends, LinuxAbi.O_CLOEXEC);
        } catch (ErrnoException failed) {
            throw LinuxErrors.of(failed);
        }
        int child = childReads ? ends[0] : ends[1];
        int parent = childReads ? ends[1] : ends[0];
        opened.add(child);
        opened.add(parent); // the channel has a descriptor of its own
        parentEnds.put(
                place,
                PipeChannel.open(
                        calls, encoder, parent, childReads ? StandardOpenOption.WRITE : StandardOpenOption.READ));
        return child;
    }

    /**
     * The steps that give the child exactly this table (START-16 to START-19). A source whose number is also a place that
     * another file goes to is moved out of the way first, so that no step overwrites what a later one needs.
     *
     * @param sameNumberIsKept whether a dup2 to the same number takes close-on-exec away; if not, it goes a detour
     * @param more descriptors for the places behind the table
     */
    void addTo(FileActions actions, boolean sameNumberIsKept, int... more) {
        int[] from = Arrays.copyOf(sources, sources.length + more.length);
        System.arraycopy(more, 0, from, sources.length, more.length);
        int spare = from.length;
        for (int i = 0; i < from.length; i++) {
            int source = from[i];
            boolean overwritten = source >= 0 && source < from.length && source != i && from[source] != source;
            if (overwritten || (source == i && !sameNumberIsKept)) {
                spare = nextSpare(spare, from);
                actions.dup2(source, spare);
                for (int j = i; j < from.length; j++) {
                    if (from[j] == source) {
                        from[j] = spare;
                    }
                }
                spare++;
            }
        }
        for (int i = 0; i < from.length; i++) {
            if (from[i] == CLOSED) {
                actions.close(i);
            } else {
                actions.dup2(from[i], i);
            }
        }
    }

    private static int nextSpare(int first, int[] taken) {
        int spare = first;
        for (int i = 0; i < taken.length; i++) {
            if (taken[i] == spare) {
                spare++;
                i = -1;
            }
        }
        return spare;
    }

    int size() {
        return sources.length;
    }

    /** The parent's ends; they are the caller's from now on. */
    ParentEnds parentEnds() {
        return parentEnds.isEmpty() ? ParentEnds.NONE : new ParentEnds(parentEnds);
    }

    /** Closes the parent's ends of a child that was not started. */
    void abandonParentEnds() {
        for (ByteChannel end : parentEnds.values()) {
            try {
                end.close();
            } catch (IOException gone) {
                // nobody has written to it, so nothing is lost
            }
        }
        parentEnds.clear();
    }

    @Override
    public void close() {
        for (int fd : opened) {
            try {
                calls.close(fd);
            } catch (ErrnoException gone) {
                // close(2): gone in any case
            }
        }
        opened.clear();
    }
}
