// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * What the child does to its descriptors and directory before the new program runs, in order
 * (posix_spawn_file_actions_addopen(3) and its family).
 */
final class FileActions {
    /** One step. */
    sealed interface Step {}

    /** dup2(from, to), of two different numbers: that of one on itself does not clear close-on-exec everywhere. */
    record Dup2(int from, int to) implements Step {}

    /** close(number), of one that is open: of a closed one it fails the start on DragonFly. */
    record Close(int number) implements Step {}

    /** chdir(path), by the file action of this name. */
    static final class Chdir implements Step {
        private final byte[] path;
        private final String function;

        private Chdir(byte[] path, String function) {
            this.path = path;
            this.function = function;
        }

        /** Not to be changed. */
        byte[] path() {
            return path;
        }

        String function() {
            return function;
        }
    }

    /** Closes this number and everything above it. */
    record CloseFrom(int number) implements Step {}

    private final List<Step> steps = new ArrayList<>();

    List<Step> steps() {
        return steps;
    }

    FileActions dup2(int from, int to) {
        if (from == to) {
            throw new AssertionError("internal error: dup2(" + from + ", " + to + ") as a file action");
        }
        steps.add(new Dup2(from, to));
        return this;
    }

    FileActions close(int number) {
        steps.add(new Close(number));
        return this;
    }

    FileActions chdir(byte[] path, String function) {
        steps.add(new Chdir(path, function));
        return this;
    }

    FileActions closeFrom(int number) {
        steps.add(new CloseFrom(number));
        return this;
    }
}
