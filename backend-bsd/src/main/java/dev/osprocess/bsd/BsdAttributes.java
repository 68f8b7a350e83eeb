// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd;

import dev.osprocess.SystemAttributes;

/**
 * What a child on a BSD or macOS can be given at birth beside the attributes of every system. All of it is in place before the new
 * program runs, and so before start returns (START-32).
 */
public final class BsdAttributes implements SystemAttributes {
    private static final int NO_GROUP = -1;

    private final boolean newSession;
    private final int processGroup;

    private BsdAttributes(Builder builder) {
        newSession = builder.newSession;
        processGroup = builder.processGroup;
    }

    /** Begins with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String backend() {
        return "bsd";
    }

    /** Whether the child leads a session of its own. */
    public boolean isNewSession() {
        return newSession;
    }

    /** The process group that the child joins: 0 for one of its own, −1 for this process's. */
    public int processGroup() {
        return processGroup;
    }

    /** Whether the child leads a process group of its own. */
    public boolean leadsGroup() {
        return newSession || processGroup == 0;
    }

    /** Collects {@link BsdAttributes}. */
    public static final class Builder {
        private boolean newSession;
        private int processGroup = NO_GROUP;

        private Builder() {}

        /**
         * The child leads a new session, and so a new process group, without a controlling terminal (START-31). Only macOS
         * can do so in posix_spawn(2); elsewhere the start is refused.
         */
        public Builder newSession() {
            this.newSession = true;
            return this;
        }

        /** The child leads a new process group (setpgid(2), START-32). */
        public Builder newProcessGroup() {
            this.processGroup = 0;
            return this;
        }

        /**
         * The child joins this process group of the session.
         *
         * @throws IllegalArgumentException if the group is 0 or negative
         */
        public Builder joinProcessGroup(int group) {
            if (group <= 0) {
                throw new IllegalArgumentException(
                        "process group " + group + ": must be 1 or more; use newProcessGroup() for one of its own");
            }
            this.processGroup = group;
            return this;
        }

        /**
         * The attributes.
         *
         * @throws IllegalStateException if a new session and a group to join were both asked for (START-31)
         */
        public BsdAttributes build() {
            if (newSession && processGroup > 0) {
                throw new IllegalStateException("newSession() and joinProcessGroup(" + processGroup
                        + ") exclude each other: a session leader leads its own group");
            }
            return new BsdAttributes(this);
        }
    }
}
