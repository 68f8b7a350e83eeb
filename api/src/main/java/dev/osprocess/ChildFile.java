// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the child finds at one place of its descriptor table (see {@link ProcessAttributes.Builder#files(ChildFile...)}).
 * Files named by a path are opened by start in this process, relative to this process's directory, and closed again
 * before it returns.
 */
public final class ChildFile {
    /** What kind of thing it is. */
    public enum Kind {
        /** This process's own standard stream {@link ChildFile#number()}. */
        INHERIT,
        /** The null device. */
        NULL_DEVICE,
        /** A file to read. */
        READ,
        /** A file to write, made or emptied first. */
        WRITE,
        /** A file to append to, made if missing. */
        APPEND,
        /** A descriptor of this process by number. */
        DESCRIPTOR,
        /** A new pipe that the child reads. */
        PIPE_TO_CHILD,
        /** A new pipe that the child writes. */
        PIPE_FROM_CHILD,
        /** A new pipe in the direction that its place suggests: place 0 reads, the others write. */
        PIPE,
        /** Nothing: the descriptor is closed in the child. */
        CLOSED
    }

    private static final ChildFile NULL_DEVICE = new ChildFile(Kind.NULL_DEVICE, -1, null);
    private static final ChildFile CLOSED = new ChildFile(Kind.CLOSED, -1, null);
    private static final ChildFile PIPE = new ChildFile(Kind.PIPE, -1, null);
    private static final ChildFile PIPE_TO_CHILD = new ChildFile(Kind.PIPE_TO_CHILD, -1, null);
    private static final ChildFile PIPE_FROM_CHILD = new ChildFile(Kind.PIPE_FROM_CHILD, -1, null);

    private final Kind kind;
    private final int number;
    private final @Nullable Path path;

    private ChildFile(Kind kind, int number, @Nullable Path path) {
        this.kind = kind;
        this.number = number;
        this.path = path;
    }

    /**
     * This process's own standard stream: 0 input, 1 output, 2 error. One that is closed here is closed there.
     *
     * @throws IllegalArgumentException for any other number; see {@link #descriptor(int)}
     */
    public static ChildFile inherit(int stream) {
        if (stream < 0 || stream > 2) {
            throw new IllegalArgumentException("stream " + stream + ": must be 0, 1 or 2; use descriptor(" + stream
                    + ") for any other open descriptor");
        }
        return new ChildFile(Kind.INHERIT, stream, null);
    }

    /** The null device. At place 0 it is there to read, and at its end at once; at the others to write, and writes vanish. */
    public static ChildFile nullDevice() {
        return NULL_DEVICE;
    }

    /** A file that the child reads from its beginning. */
    public static ChildFile readFrom(Path path) {
        return new ChildFile(Kind.READ, -1, Objects.requireNonNull(path, "path"));
    }

    /**
     * A file that the child writes: made if missing (mode 0666 less the umask), emptied if there, also if the start fails
     * afterwards, as with a shell.
     */
    public static ChildFile writeTo(Path path) {
        return new ChildFile(Kind.WRITE, -1, Objects.requireNonNull(path, "path"));
    }

    /** A file that the child appends to: made if missing, every write goes to its end. */
    public static ChildFile appendTo(Path path) {
        return new ChildFile(Kind.APPEND, -1, Objects.requireNonNull(path, "path"));
    }

    /**
     * An open descriptor of this process, by its number (Unix). It is borrowed: the caller keeps it open until start has
     * returned, and still owns it afterwards. The open file behind it is put into blocking mode, because the child would
     * otherwise see EAGAIN; a channel of this process that shares it becomes blocking as well (START-24).
     *
     * @throws IllegalArgumentException if the number is negative; use {@link #closed()} to leave a place empty
     */
    public static ChildFile descriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor " + number + ": must be 0 or more; use closed() for none");
        }
        return new ChildFile(Kind.DESCRIPTOR, number, null);
    }

    /**
     * A new pipe: at place 0 the child reads what the parent writes, at any other place the parent reads what the child
     * writes. {@link OsProcess#pipe(int)} gives the parent's end.
     */
    public static ChildFile pipe() {
        return PIPE;
    }

    /** A new pipe that the child reads and the parent writes, at any place of the table. */
    public static ChildFile pipeToChild() {
        return PIPE_TO_CHILD;
    }

    /** A new pipe that the child writes and the parent reads, at any place of the table. */
    public static ChildFile pipeFromChild() {
        return PIPE_FROM_CHILD;
    }

    /** Nothing: this descriptor is closed in the child, so that reading it fails (START-17). Not the null device. */
    public static ChildFile closed() {
        return CLOSED;
    }

    /** What kind of thing it is. For backends. */
    public Kind kind() {
        return kind;
    }

    /** The number of an inherited stream or a descriptor; −1 for others. For backends. */
    public int number() {
        return number;
    }

    /** The path of a file; null for others. For backends. */
    public @Nullable Path path() {
        return path;
    }

    /** Whether it is a pipe of either direction. For backends. */
    public boolean isPipe() {
        return kind == Kind.PIPE || kind == Kind.PIPE_TO_CHILD || kind == Kind.PIPE_FROM_CHILD;
    }

    /** For a pipe at this place of the table: whether the child is the one that reads. For backends. */
    public boolean childReads(int place) {
        return kind == Kind.PIPE_TO_CHILD || (kind == Kind.PIPE && place == 0);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case INHERIT, DESCRIPTOR -> kind + " " + number;
            case READ, WRITE, APPEND -> kind + " " + path;
            default -> kind.toString();
        };
    }
}
