// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/**
 * How the child's signals, group and session begin (posix_spawnattr_setflags(3)): an empty signal mask always, the
 * default disposition for the signals of {@code defaults}.
 */
final class SpawnFlags extends NativeForm {
    /** The child stays in this process's group. */
    static final int SAME_GROUP = -1;

    private final long defaults;
    private final boolean newSession;
    private final int processGroup;

    /**
     * Flags.
     *
     * @param defaults the signals that get their default disposition: bit n−1 for signal n
     * @param newSession whether the child leads a new session
     * @param processGroup 0 for a new group, a group to join, or {@link #SAME_GROUP}
     */
    SpawnFlags(long defaults, boolean newSession, int processGroup) {
        this.defaults = defaults;
        this.newSession = newSession;
        this.processGroup = processGroup;
    }

    long defaults() {
        return defaults;
    }

    boolean newSession() {
        return newSession;
    }

    int processGroup() {
        return processGroup;
    }

    /** Whether the child leads a process group of its own. */
    boolean leadsGroup() {
        return newSession || processGroup == 0;
    }
}
