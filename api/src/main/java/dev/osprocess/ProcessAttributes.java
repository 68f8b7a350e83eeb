// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import dev.osprocess.spi.ChildEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a child is born: directory, environment, files, and what one system alone can give. Immutable, and worth keeping
 * for many starts: what a backend encodes for one start it keeps here for the next.
 */
public final class ProcessAttributes {
    private static final ProcessAttributes DEFAULTS = builder().build();

    private final @Nullable OsString directory;
    private final ChildEnvironment environment;
    private final @Nullable List<ChildFile> files;
    private final @Nullable SystemAttributes system;
    private final OnClose onClose;

    private ProcessAttributes(Builder builder) {
        directory = builder.directory;
        environment = builder.environment;
        files = builder.files;
        system = builder.system;
        onClose = builder.onClose;
    }

    /** All defaults: this process's directory and environment, and its three standard streams. */
    public static ProcessAttributes defaults() {
        return DEFAULTS;
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the child begins, if not in this process's directory. */
    public Optional<OsString> directory() {
        return Optional.ofNullable(directory);
    }

    /** What the child's environment is made of. For backends. */
    public ChildEnvironment environment() {
        return environment;
    }

    /** The child's descriptor table, if it was set. */
    public Optional<List<ChildFile>> files() {
        return Optional.ofNullable(files);
    }

    /** What one system alone can give, if anything was set. */
    public Optional<SystemAttributes> system() {
        return Optional.ofNullable(system);
    }

    /** What {@link OsProcess#close()} does to a child that still runs. */
    public OnClose onClose() {
        return onClose;
    }

    /** Collects {@link ProcessAttributes}. Each method replaces what an earlier call of it set. */
    public static final class Builder {
        private @Nullable OsString directory;
        private ChildEnvironment environment = ChildEnvironment.inherited();
        private @Nullable List<ChildFile> files;
        private @Nullable SystemAttributes system;
        private OnClose onClose = OnClose.REAP_LATER;

        private Builder() {}

        /**
         * The child's working directory; this process's own never changes (START-11). On Unix a relative program name is
         * looked up from here (START-12). An empty path means this process's directory.
         */
        public Builder directory(Path path) {
            return directory(OsString.of(path));
        }

        /** The same for a directory whose name no Java string can say. */
        public Builder directory(OsString path) {
            this.directory = path.toString().isEmpty() ? null : path;
            return this;
        }

        /**
         * Exactly these variables, in the order of the map. An empty map gives the child none (START-08).
         *
         * @throws IllegalArgumentException if a name is empty or holds {@code =} or NUL, or a value holds NUL
         */
        public Builder environment(Map<String, String> variables) {
            List<OsString> entries = new ArrayList<>(variables.size());
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                ChildEnvironment.checkVariable(variable.getKey(), variable.getValue());
                entries.add(OsString.of(variable.getKey() + "=" + variable.getValue()));
            }
            this.environment = ChildEnvironment.exactly(entries);
            return this;
        }

        /**
         * Exactly these entries, as they are and in this order: duplicates and entries without {@code =} are passed as
         * they are (START-09). An empty list gives the child none (START-08).
         */
        public Builder environment(List<String> entries) {
            List<OsString> copy = new ArrayList<>(entries.size());
            for (String entry : entries) {
                copy.add(OsString.of(entry));
            }
            this.environment = ChildEnvironment.exactly(copy);
            return this;
        }

        /** The same for entries that no Java string can say. */
        public Builder environmentRaw(List<OsString> entries) {
            this.environment = ChildEnvironment.exactly(entries);
            return this;
        }

        /** This process's own environment, the default (START-07). */
        public Builder inheritEnvironment() {
            this.environment = ChildEnvironment.inherited();
            return this;
        }

        /**
         * This process's own environment with these changes. The function is run now, on a copy; what it does not touch
         * reaches the child byte for byte, also where it is not text.
         *
         * @throws IllegalArgumentException as {@link #environment(Map)}
         */
        public Builder inheritEnvironment(Consumer<? super Map<String, String>> edit) {
            Map<String, String> before = System.getenv();
            Map<String, String> after = new TreeMap<>(before);
            edit.accept(after);
            this.environment = ChildEnvironment.edited(before, after);
            return this;
        }

        /**
         * The child's descriptor table: {@code files[i]} is its descriptor i. Exact: a place that is not given, or
         * {@link ChildFile#closed()}, is closed in the child, and so is everything that is not listed (D7, START-16,
         * START-19). No argument at all closes everything. If this is never called the child has 0, 1 and 2 of this process.
         */
        public Builder files(ChildFile... table) {
            return files(Arrays.asList(table));
        }

        /** The same from a list. */
        public Builder files(List<ChildFile> table) {
            this.files = List.copyOf(table);
            return this;
        }

        /** What one system alone can give, for instance {@code LinuxAttributes}. Other backends refuse to start. */
        public Builder system(SystemAttributes attributes) {
            this.system = Objects.requireNonNull(attributes, "attributes");
            return this;
        }

        /** What {@link OsProcess#close()} does to the child if it still runs; by default it lives on. */
        public Builder onClose(OnClose action) {
            this.onClose = Objects.requireNonNull(action, "action");
            return this;
        }

        /** The attributes. */
        public ProcessAttributes build() {
            return new ProcessAttributes(this);
        }
    }
}
