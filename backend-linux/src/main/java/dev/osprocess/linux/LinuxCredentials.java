// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * As whom a child runs: user, group, and supplementary groups, by number (START-35). Real, effective and saved ids are all
 * set, so there is no way back.
 */
public final class LinuxCredentials {
    private static final long LAST_ID = 0xFFFF_FFFEL;
    private static final int MOST_GROUPS = 65_536;

    private final long user;
    private final long group;
    private final @Nullable List<Long> groups;

    private LinuxCredentials(long user, long group, @Nullable List<Long> groups) {
        this.user = checked("user", user);
        this.group = checked("group", group);
        this.groups = groups;
    }

    private static long checked(String what, long id) {
        if (id < 0 || id > LAST_ID) {
            throw new IllegalArgumentException(what + " id " + id + ": must be 0 to " + LAST_ID);
        }
        return id;
    }

    /**
     * This user and group, and exactly these supplementary groups; without any, none.
     *
     * @throws IllegalArgumentException if a number is no id, or there are more groups than the system takes
     */
    public static LinuxCredentials of(long user, long group, long... groups) {
        if (groups.length > MOST_GROUPS) {
            throw new IllegalArgumentException(groups.length + " groups: the system takes " + MOST_GROUPS);
        }
        return new LinuxCredentials(
                user,
                group,
                Arrays.stream(groups).map(id -> checked("group", id)).boxed().collect(Collectors.toUnmodifiableList()));
    }

    /**
     * This user and group, with the supplementary groups of this process: for who may not change them. They are rights that
     * the child keeps.
     *
     * @throws IllegalArgumentException if a number is no id
     */
    public static LinuxCredentials keepingGroups(long user, long group) {
        return new LinuxCredentials(user, group, null);
    }

    /** The user's id. */
    public long user() {
        return user;
    }

    /** The group's id. */
    public long group() {
        return group;
    }

    /** The supplementary groups; empty if this process's are kept. */
    public Optional<List<Long>> groups() {
        return Optional.ofNullable(groups);
    }

    @Override
    public String toString() {
        return "user " + user + ", group " + group + (groups == null ? "" : ", groups " + groups);
    }
}
