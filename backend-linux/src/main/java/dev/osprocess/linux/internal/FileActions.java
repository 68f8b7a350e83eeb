// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the child does to its descriptors and directory before the new program runs, in order
 * (posix_spawn_file_actions_addopen(3) and its family).
 */
final class FileActions extends NativeForm {
    /** One step. */
    static final class Step {
        private final Kind kind;
        private final int from;
        private final int to;
        private final byte @Nullable [] path;

        private Step(Kind kind, int from, int to, byte @Nullable [] path) {
            this.kind = kind;
            this.from = from;
            this.to = to;
            this.path = path;
        }

        Kind kind() {
            return kind;
        }

        /** The descriptor that the step begins with. */
        int from() {
            return from;
        }

        /** The descriptor that a DUP2 makes. */
        int to() {
            return to;
        }

        /** The directory of a CHDIR; not to be changed. */
        byte @Nullable [] path() {
            return path;
        }

        @Override
        public String toString() {
            return kind + " " + from + (kind == Kind.DUP2 ? " to " + to : "");
        }
    }

    /** What a step does. */
    enum Kind {
        /** dup2(from, to); where both are equal the descriptor only loses close-on-exec. */
        DUP2,
        /** close(from); a descriptor that is closed already is fine. */
        CLOSE,
        /** chdir(path). */
        CHDIR,
        /** Closes {@code from} and everything above it. */
        CLOSE_FROM
    }

    private final List<Step> steps = new ArrayList<>();
    private final boolean reusable;

    /**
     * No steps yet.
     *
     * @param reusable whether these steps hold no descriptor of one start alone, so that their native form may be kept
     */
    FileActions(boolean reusable) {
        this.reusable = reusable;
    }

    boolean isReusable() {
        return reusable;
    }

    List<Step> steps() {
        return steps;
    }

    FileActions dup2(int from, int to) {
        steps.add(new Step(Kind.DUP2, from, to, null));
        return this;
    }

    FileActions close(int number) {
        steps.add(new Step(Kind.CLOSE, number, -1, null));
        return this;
    }

    FileActions chdir(byte[] path) {
        steps.add(new Step(Kind.CHDIR, -1, -1, path));
        return this;
    }

    FileActions closeFrom(int number) {
        steps.add(new Step(Kind.CLOSE_FROM, number, -1, null));
        return this;
    }
}
