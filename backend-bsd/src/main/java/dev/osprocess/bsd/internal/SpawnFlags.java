// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** How the child's signals, group and session begin (posix_spawnattr_setflags(3)): an empty signal mask always. */
final class SpawnFlags {
    private final int bits;
    private final int group;
    private final byte[] defaults;
    private final boolean leadsGroup;

    /**
     * Flags.
     *
     * @param bits the system's flags
     * @param group the process group to join, 0 for a new one; only where the flags say so
     * @param defaults the signals that get their default disposition, as a sigset_t; only where the flags say so
     * @param leadsGroup whether the child leads a process group of its own
     */
    SpawnFlags(int bits, int group, byte[] defaults, boolean leadsGroup) {
        this.bits = bits;
        this.group = group;
        this.defaults = defaults;
        this.leadsGroup = leadsGroup;
    }

    int bits() {
        return bits;
    }

    int group() {
        return group;
    }

    /** Not to be changed. */
    byte[] defaults() {
        return defaults;
    }

    boolean leadsGroup() {
        return leadsGroup;
    }
}
