// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.ProcessException;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The child's three standard streams on their way into the child: opened here, in this process, so that an error names the
 * right file and comes before anything is started. What the child gets are duplicates that can be inherited, made for this
 * start alone and named in its list of handles, so that nothing else reaches it (START-44). {@link #close()} closes all of
 * this side after CreateProcess, whatever became of it.
 */
final class FileTable implements AutoCloseable {
    private static final int STREAMS = 3;
    private static final int[] STANDARD = {
        WindowsAbi.STD_INPUT_HANDLE, WindowsAbi.STD_OUTPUT_HANDLE, WindowsAbi.STD_ERROR_HANDLE
    };
    /** What a child has that never set its files (D7). */
    private static final List<ChildFile> DEFAULT =
            List.of(ChildFile.inherit(0), ChildFile.inherit(1), ChildFile.inherit(2));

    private final WindowsSyscalls calls;

    /** The process whose handles the child inherits: its parent. */
    private final long owner;

    private final long[] streams = new long[STREAMS];
    private final List<Long> opened = new ArrayList<>();
    private final Map<Integer, PipeChannel> parentEnds = new HashMap<>();

    private FileTable(WindowsSyscalls calls, long owner) {
        this.calls = calls;
        this.owner = owner;
    }

    /** Opens what is named; nothing stays open if that fails. */
    static FileTable open(
            WindowsSyscalls calls, @org.jspecify.annotations.Nullable List<ChildFile> files, long parentProcess)
            throws ProcessException {
        List<ChildFile> all = files == null ? DEFAULT : files;
        if (all.size() > STREAMS) {
            throw new AssertionError(
                    "internal error: " + all.size() + " files, and the backend declared no more than 3");
        }
        FileTable table = new FileTable(calls, parentProcess == 0 ? WindowsAbi.CURRENT_PROCESS : parentProcess);
        boolean complete = false;
        try {
            for (int i = 0; i < all.size(); i++) {
                long source = table.source(i, all.get(i));
                if (source != 0) { // START-17: none is none
                    table.streams[i] = table.inheritable(source);
                }
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

    private long source(int place, ChildFile file) throws ProcessException {
        return switch (file.kind()) {
            case CLOSED -> 0;
            case INHERIT -> inherited(file.number());
            case NULL_DEVICE ->
                opened(
                        "NUL",
                        place == 0 ? WindowsAbi.GENERIC_READ : WindowsAbi.GENERIC_WRITE,
                        WindowsAbi.OPEN_EXISTING);
            case READ -> opened(pathOf(file), WindowsAbi.GENERIC_READ, WindowsAbi.OPEN_EXISTING);
            case WRITE -> opened(pathOf(file), WindowsAbi.GENERIC_WRITE, WindowsAbi.CREATE_ALWAYS);
            case APPEND ->
                // the right to append, and none to write elsewhere: every write goes to the end
                opened(
                        pathOf(file),
                        WindowsAbi.FILE_APPEND_DATA | WindowsAbi.FILE_READ_ATTRIBUTES | WindowsAbi.SYNCHRONIZE,
                        WindowsAbi.OPEN_ALWAYS);
            case PIPE, PIPE_TO_CHILD, PIPE_FROM_CHILD -> pipe(place, file.childReads(place));
            case DESCRIPTOR -> throw new AssertionError("internal error: a descriptor, and the backend declared none");
        };
    }

    private static String pathOf(ChildFile file) {
        Path path = file.path();
        if (path == null) {
            throw new AssertionError("internal error: " + file.kind() + " without a path");
        }
        return Paths.file(path.toAbsolutePath().toString());
    }

    /** A standard stream that is closed here is closed there. */
    private long inherited(int stream) {
        long handle = calls.standardHandle(STANDARD[stream]);
        return handle == WindowsAbi.INVALID_HANDLE_VALUE ? 0 : handle;
    }

    private long opened(String path, int access, int disposition) throws ProcessException {
        try {
            long handle = calls.createFile(path, access, WindowsAbi.FILE_SHARE_ALL, disposition);
            opened.add(handle);
            return handle;
        } catch (Win32Exception failed) {
            throw WindowsErrors.onFile(WindowsErrors.kind(failed.error()), "open", path, failed, "");
        }
    }

    private long pipe(int place, boolean childReads) throws ProcessException {
        long[] ends = new long[2];
        try {
            calls.createPipe(ends);
        } catch (Win32Exception failed) {
            throw WindowsErrors.of(failed);
        }
        long child = childReads ? ends[0] : ends[1];
        long parent = childReads ? ends[1] : ends[0];
        opened.add(child);
        parentEnds.put(place, new PipeChannel(calls, parent, !childReads));
        return child;
    }

    private long inheritable(long source) throws ProcessException {
        try {
            return calls.duplicateHandle(
                    WindowsAbi.CURRENT_PROCESS, source, owner, 0, true, WindowsAbi.DUPLICATE_SAME_ACCESS);
        } catch (Win32Exception failed) {
            throw WindowsErrors.of(failed);
        }
    }

    /** The three streams for STARTUPINFO. */
    long[] streams() {
        return streams.clone();
    }

    /** The parent's ends of the pipes; they are the caller's from now on. */
    Map<Integer, ByteChannel> parentEnds() {
        return Map.copyOf(parentEnds);
    }

    /** Closes the parent's ends of a child that was not started. */
    void abandonParentEnds() {
        parentEnds.values().forEach(PipeChannel::close);
        parentEnds.clear();
    }

    @Override
    public void close() {
        for (int i = 0; i < STREAMS; i++) {
            closeDuplicate(streams[i]);
            streams[i] = 0;
        }
        for (long handle : opened) {
            Handles.close(calls, handle);
        }
        opened.clear();
    }

    private void closeDuplicate(long handle) {
        if (owner == WindowsAbi.CURRENT_PROCESS) {
            Handles.close(calls, handle);
        } else if (handle != 0) {
            try {
                calls.duplicateHandle(owner, handle, 0, 0, false, WindowsAbi.DUPLICATE_CLOSE_SOURCE);
            } catch (Win32Exception gone) {
                // that process has ended, and its handles with it
            }
        }
    }
}
