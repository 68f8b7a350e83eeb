// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a process failed. Branch on {@link #kind()}; show {@link #getMessage()}. The text names the operation,
 * what it was done to, and the system's own error with its number: {@code chdir /nope: ENOENT (2) no such file or
 * directory} (ERR-02, ERR-03). It never holds arguments or the environment (ERR-15), and it is the same under every
 * locale (ERR-12).
 */
public class ProcessException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final String operation;
    private final @Nullable String path;
    private final long pid;
    private final @Nullable String nativeName;
    private final int nativeNumber;
    private final @Nullable String detail;

    private ProcessException(Builder builder) {
        this(builder, builder.kind);
    }

    ProcessException(Builder builder, ErrorKind kind) {
        super(builder.text(), builder.cause);
        this.kind = kind;
        this.operation = builder.operation;
        this.path = builder.path;
        this.pid = builder.pid;
        this.nativeName = builder.nativeName;
        this.nativeNumber = builder.nativeNumber;
        this.detail = builder.detail;
    }

    /**
     * Begins an exception for an operation. For backends.
     *
     * @param kind what went wrong
     * @param operation what was being done: {@code fork/exec}, {@code chdir}, or the name of the native call
     */
    public static Builder builder(ErrorKind kind, String operation) {
        return new Builder(kind, operation);
    }

    /** What went wrong. */
    public final ErrorKind kind() {
        return kind;
    }

    /** What was being done: {@code fork/exec}, {@code chdir}, {@code open}, a method of this library, or a native call. */
    public final String operation() {
        return operation;
    }

    /** The file that it was done to, if it was one; for a descriptor, {@code descriptor 9}. */
    public final Optional<String> path() {
        return Optional.ofNullable(path);
    }

    /** The process that it was done to, if it was a process. */
    public final OptionalLong pid() {
        return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /** The system's name of the error, for instance {@code ENOENT}, where the system gave one. */
    public final Optional<String> nativeName() {
        return Optional.ofNullable(nativeName);
    }

    /** The system's number of the error ({@code errno}, or {@code GetLastError}), where the system gave one. */
    public final OptionalInt nativeNumber() {
        return nativeName == null ? OptionalInt.empty() : OptionalInt.of(nativeNumber);
    }

    /** What it means and what to do about it: the last part of the text. */
    public final Optional<String> detail() {
        return Optional.ofNullable(detail);
    }

    /** The same failure for another caller: with that caller's stack trace, and this one as its cause. For the engine. */
    public final ProcessException forAnotherCaller() {
        Builder copy = new Builder(kind, operation);
        copy.path = path;
        copy.pid = pid;
        copy.nativeName = nativeName;
        copy.nativeNumber = nativeNumber;
        copy.detail = detail;
        copy.cause = this;
        return copy.build();
    }

    /** Collects the parts of a {@link ProcessException}. For backends. */
    public static final class Builder {
        private final ErrorKind kind;
        private final String operation;
        private @Nullable String path;
        private long pid = -1;
        private @Nullable String nativeName;
        private int nativeNumber;
        private @Nullable String detail;
        private @Nullable Throwable cause;

        Builder(ErrorKind kind, String operation) {
            this.kind = kind;
            this.operation = operation;
        }

        /** The file that the operation was done to. */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /** The process that the operation was done to. */
        public Builder pid(long pid) {
            this.pid = pid;
            return this;
        }

        /** The system's own error: its name and number; its text follows by {@link #detail}. */
        public Builder nativeError(String name, int number) {
            this.nativeName = name;
            this.nativeNumber = number;
            return this;
        }

        /** What it means and what to do about it: the last part of the text. */
        public Builder detail(String detail) {
            this.detail = detail;
            return this;
        }

        /** The failure underneath. */
        public Builder cause(@Nullable Throwable cause) {
            this.cause = cause;
            return this;
        }

        /** The exception; {@link ErrorKind#ALREADY_DONE}, NO_CHILD and NO_HANDLE have classes of their own. */
        public ProcessException build() {
            return switch (kind) {
                case ALREADY_DONE -> new ProcessDoneException(this);
                case NO_CHILD -> new NoChildException(this);
                case NO_HANDLE -> new NoHandleException(this);
                default -> new ProcessException(this);
            };
        }

        String text() {
            StringBuilder text = new StringBuilder(operation);
            if (path != null) {
                text.append(' ').append(path);
            }
            if (pid >= 0) {
                text.append(" pid ").append(pid);
            }
            if (nativeName != null) {
                text.append(": ")
                        .append(nativeName)
                        .append(" (")
                        .append(nativeNumber)
                        .append(')');
            }
            if (detail != null) {
                text.append(nativeName == null ? ": " : " ").append(detail);
            }
            if (nativeName == null) { // no system's own error to look up, so say where to read on
                text.append(" [").append(kind.help()).append(']');
            }
            return text.toString();
        }
    }
}
