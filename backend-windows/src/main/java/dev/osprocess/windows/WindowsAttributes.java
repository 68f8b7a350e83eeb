// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows;

import dev.osprocess.SystemAttributes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a Windows child can be given at birth beside the attributes of every system (START-43, START-44, START-46). */
public final class WindowsAttributes implements SystemAttributes {
    // winbase.h, process creation flags
    private static final int CREATE_SUSPENDED = 0x00000004;
    private static final int DETACHED_PROCESS = 0x00000008;
    private static final int CREATE_NEW_CONSOLE = 0x00000010;
    private static final int CREATE_NEW_PROCESS_GROUP = 0x00000200;
    private static final int CREATE_NO_WINDOW = 0x08000000;

    private final int creationFlags;
    private final boolean hideWindow;
    private final boolean newJob;
    private final boolean endWithJvm;
    private final long parentProcess;
    private final List<Long> inheritedHandles;
    private final Optional<String> commandLine;

    private WindowsAttributes(Builder builder) {
        creationFlags = builder.creationFlags;
        hideWindow = builder.hideWindow;
        newJob = builder.newJob;
        endWithJvm = builder.endWithJvm;
        parentProcess = builder.parentProcess;
        inheritedHandles = List.copyOf(builder.inheritedHandles);
        commandLine = Optional.ofNullable(builder.commandLine);
    }

    /** Begins with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String backend() {
        return "windows";
    }

    /** The creation flags that were asked for, by name or by number, OR-ed. */
    public int creationFlags() {
        return creationFlags;
    }

    /** Whether the child leads a console process group of its own. */
    public boolean isNewProcessGroup() {
        return (creationFlags & CREATE_NEW_PROCESS_GROUP) != 0;
    }

    /** Whether the child keeps this process's console. */
    public boolean sharesConsole() {
        return (creationFlags & (DETACHED_PROCESS | CREATE_NEW_CONSOLE | CREATE_NO_WINDOW)) == 0;
    }

    /** Whether the child gets a console of its own, whose handles are its standard streams unless files are given. */
    public boolean isNewConsole() {
        return (creationFlags & CREATE_NEW_CONSOLE) != 0;
    }

    /** Whether its first window is not to be shown. */
    public boolean isHideWindow() {
        return hideWindow;
    }

    /** Whether the child and its descendants form a job object. */
    public boolean isNewJob() {
        return newJob;
    }

    /** Whether the child and its descendants end when this JVM does. */
    public boolean isEndWithJvm() {
        return endWithJvm;
    }

    /** A handle of the process that is to be the parent; 0 for this one. */
    public long parentProcess() {
        return parentProcess;
    }

    /** Handles of this process that the child inherits beside its standard streams. */
    public List<Long> inheritedHandles() {
        return inheritedHandles;
    }

    /** The raw command line, if the arguments are not to be quoted. */
    public Optional<String> commandLine() {
        return commandLine;
    }

    /** Collects {@link WindowsAttributes}. */
    public static final class Builder {
        private int creationFlags;
        private boolean hideWindow;
        private boolean newJob;
        private boolean endWithJvm;
        private long parentProcess;
        private final Set<Long> inheritedHandles = new LinkedHashSet<>();

        @org.jspecify.annotations.Nullable
        private String commandLine;

        private Builder() {}

        /**
         * The child leads a console process group of its own (CREATE_NEW_PROCESS_GROUP): Ctrl-C does not reach it, and
         * {@code signal(Signal.INT)} sends it Ctrl-Break as long as it shares this process's console (SIG-11).
         */
        public Builder newProcessGroup() {
            return creationFlags(CREATE_NEW_PROCESS_GROUP);
        }

        /** A console program gets a console without a window (CREATE_NO_WINDOW). */
        public Builder noWindow() {
            return creationFlags(CREATE_NO_WINDOW);
        }

        /** A console program gets no console (DETACHED_PROCESS). */
        public Builder detached() {
            return creationFlags(DETACHED_PROCESS);
        }

        /**
         * A console program gets a console of its own (CREATE_NEW_CONSOLE). Unless {@code files} is set, its standard
         * streams are that console's.
         */
        public Builder newConsole() {
            return creationFlags(CREATE_NEW_CONSOLE);
        }

        /** The first window that the program opens is not shown, if it follows the hint (SW_HIDE). */
        public Builder hideWindow() {
            this.hideWindow = true;
            return this;
        }

        /** The child does not run until {@link WindowsHandle#resume()} (CREATE_SUSPENDED). */
        public Builder suspended() {
            return creationFlags(CREATE_SUSPENDED);
        }

        /**
         * The child is born into a job object of its own, and so are its descendants: {@code signalGroup(Signal.KILL)}
         * and {@code killTree()} end them all at once, and the CPU times of its end are those of the whole job.
         */
        public Builder newJob() {
            this.newJob = true;
            return this;
        }

        /**
         * The child and its descendants end when this JVM does, however that ends (a job object that kills on close;
         * START-38).
         */
        public Builder endWithJvm() {
            this.endWithJvm = true;
            return this;
        }

        /** Further creation flags of CreateProcess, OR-ed with the ones that are set and needed (START-46). */
        public Builder creationFlags(int flags) {
            this.creationFlags |= flags;
            return this;
        }

        /**
         * Another process becomes the parent. Its handle, with PROCESS_CREATE_PROCESS and PROCESS_DUP_HANDLE, is borrowed
         * until start has returned.
         *
         * @throws IllegalArgumentException if the handle is 0
         */
        public Builder parentProcess(long handle) {
            if (handle == 0) {
                throw new IllegalArgumentException("parent process: 0 is not a handle");
            }
            this.parentProcess = handle;
            return this;
        }

        /**
         * The child inherits this handle, with the same value. It must be inheritable, and is borrowed until start has
         * returned. No other handle of this process but its standard streams reaches the child (START-44).
         *
         * @throws IllegalArgumentException if the handle is 0
         */
        public Builder inheritHandle(long handle) {
            if (handle == 0) {
                throw new IllegalArgumentException("inherited handle: 0 is not a handle");
            }
            inheritedHandles.add(handle);
            return this;
        }

        /**
         * The child's command line, as it is; the arguments are ignored (START-43). Whoever builds one from what others
         * wrote has to quote it by the rules of the program that reads it, and a batch file's are cmd.exe's.
         */
        public Builder commandLine(String raw) {
            this.commandLine = Objects.requireNonNull(raw, "raw");
            return this;
        }

        /**
         * The attributes.
         *
         * @throws IllegalStateException if two of detached, newConsole and noWindow were asked for, or handles to inherit
         *     beside another parent: a child inherits from its parent
         */
        public WindowsAttributes build() {
            int consoles = creationFlags & (DETACHED_PROCESS | CREATE_NEW_CONSOLE | CREATE_NO_WINDOW);
            if (Integer.bitCount(consoles) > 1) {
                throw new IllegalStateException("detached(), newConsole() and noWindow() exclude each other");
            }
            if (parentProcess != 0 && !inheritedHandles.isEmpty()) {
                throw new IllegalStateException(
                        "inheritHandle() and parentProcess() exclude each other: a child inherits from its parent");
            }
            return new WindowsAttributes(this);
        }
    }
}
