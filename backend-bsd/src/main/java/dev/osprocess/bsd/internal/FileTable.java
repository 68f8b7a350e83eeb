// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.unix.ParentEnds;
import dev.osprocess.spi.unix.TextEncoder;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The child's descriptor table on its way into the child: files and pipes are opened here, in this process, so that an
 * error names the right file and comes before anything is started, and stand above every place of the table, so that no
 * step overwrites what a later one needs and none is of a number on itself (START-18). {@link #close()} closes them after
 * the spawn, whatever became of it.
 */
final class FileTable implements AutoCloseable {
    /** What a start without files gets: this process's own standard streams. */
    static final List<ChildFile> STANDARD_STREAMS =
            List.of(ChildFile.inherit(0), ChildFile.inherit(1), ChildFile.inherit(2));

    private static final int CLOSED = -1;
    private static final int MODE = 0666;
    private static final int LOWEST_SOURCE = 10;

    private final BsdSystem system;
    private final BsdSyscalls calls;
    private final BsdProfile profile;
    private final TextEncoder encoder;

    /** The lowest number of a source. */
    private final int floor;

    /** For each place of the child's table, the descriptor of this process that goes there. */
    private final int[] sources;

    private final List<Integer> opened = new ArrayList<>();
    private final Map<Integer, ByteChannel> parentEnds = new HashMap<>();

    private FileTable(BsdSystem system, TextEncoder encoder, int size) {
        this.system = system;
        this.calls = system.calls();
        this.profile = system.profile();
        this.encoder = encoder;
        this.floor = floor(size);
        this.sources = new int[size];
        Arrays.fill(sources, CLOSED);
    }

    /** The first number that no table of this size, and no standard stream, can need. */
    static int floor(int size) {
        return Math.max(size, LOWEST_SOURCE);
    }

    /** Opens what is named; nothing stays open if that fails. */
    static FileTable open(BsdSystem system, TextEncoder encoder, List<ChildFile> files) throws ProcessException {
        FileTable table = new FileTable(system, encoder, files.size());
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
            case NULL_DEVICE -> opened(Path.of("/dev/null"), place == 0 ? profile.readOnly : profile.writeOnly);
            case READ -> opened(pathOf(file), profile.readOnly);
            case WRITE -> opened(pathOf(file), profile.writeOnly | profile.create | profile.truncate);
            case APPEND -> opened(pathOf(file), profile.writeOnly | profile.create | profile.append);
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
            return lifted(stream);
        } catch (ErrnoException failed) {
            if (failed.error() == Errno.EBADF) {
                return CLOSED;
            }
            throw BsdErrors.of(failed);
        }
    }

    /** START-24: in blocking mode, or the child would see EAGAIN. */
    private int borrowed(int place, int number) throws ProcessException {
        try {
            Descriptors.nonBlocking(system, number, false);
            return lifted(number);
        } catch (ErrnoException failed) {
            throw BsdErrors.onFile(
                    "files[" + place + "]",
                    "descriptor " + number,
                    failed,
                    "; it must be open in this process until start has returned");
        }
    }

    /** A copy of a descriptor above the table. */
    private int lifted(int fd) throws ErrnoException {
        int copy = calls.fcntl(fd, profile.duplicateCloseOnExec, floor);
        opened.add(copy);
        return copy;
    }

    private int opened(Path path, int flags) throws ProcessException {
        byte[] bytes = encoder.encode(path);
        while (true) {
            try {
                int fd = calls.open(bytes, flags | profile.closeOnExec | profile.noTerminal, MODE);
                opened.add(fd);
                return fd >= floor ? fd : lifted(fd);
            } catch (ErrnoException failed) {
                if (failed.error() != Errno.EINTR) { // open(2) of a slow device; it made no progress
                    throw BsdErrors.onFile("open", path.toString(), failed, "");
                }
            }
        }
    }

    private int pipe(int place, boolean childReads) throws ProcessException {
        try {
            int[] ends = Descriptors.pipe(system);
            int child = childReads ? ends[0] : ends[1];
            int parent = childReads ? ends[1] : ends[0];
            opened.add(child);
            // from here on the channel owns its end
            parentEnds.put(place, PipeChannel.adopt(system, parent, !childReads));
            return child >= floor ? child : lifted(child);
        } catch (ErrnoException failed) {
            throw BsdErrors.of(failed);
        }
    }

    /** The steps that give the child exactly this table (START-16 to START-19). */
    void addTo(FileActions actions) {
        for (int place = 0; place < sources.length; place++) {
            if (sources[place] != CLOSED) {
                actions.dup2(sources[place], place);
            }
        }
    }

    /** Which places hold a file. */
    boolean[] filled() {
        boolean[] filled = new boolean[sources.length];
        for (int place = 0; place < filled.length; place++) {
            filled[place] = sources[place] != CLOSED;
        }
        return filled;
    }

    /** The parent's ends; they are the caller's from now on. */
    ParentEnds parentEnds() {
        return parentEnds.isEmpty() ? ParentEnds.NONE : new ParentEnds(parentEnds);
    }

    /** Closes the parent's ends of a child that was not started. */
    void abandonParentEnds() {
        for (ByteChannel end : parentEnds.values()) {
            ((PipeChannel) end).close();
        }
        parentEnds.clear();
    }

    @Override
    public void close() {
        for (int fd : opened) {
            Descriptors.close(calls, fd);
        }
        opened.clear();
    }
}
