// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What {@link OsProcess#killTree()} reached (SIG-21). Following parents to children is best effort on every system: a
 * process that was handed to another parent before is not seen, and the report does not pretend that it was.
 */
public final class TreeKillReport {
    /** By what means processes were reached. */
    public enum Means {
        /** The process group that the process leads. */
        GROUP,
        /**
         * A container of the system that the process was given for its own, as {@code LinuxAttributes.ownCgroup} does:
         * everybody in it, also those that were handed to another parent.
         */
        CONTAINER,
        /** From parents to children, each stopped before its children were listed. */
        WALK
    }

    private final Set<Means> means;
    private final List<Long> reached;
    private final List<String> problems;

    private TreeKillReport(Set<Means> means, List<Long> reached, List<String> problems) {
        this.means = means;
        this.reached = reached;
        this.problems = problems;
    }

    /** A report. For the engine, and for tests of programs that read one. */
    public static TreeKillReport of(Set<Means> means, List<Long> reached, List<String> problems) {
        Set<Means> copy = EnumSet.noneOf(Means.class);
        copy.addAll(means);
        return new TreeKillReport(Set.copyOf(copy), List.copyOf(reached), List.copyOf(problems));
    }

    /** The means that were used. */
    public Set<Means> means() {
        return means;
    }

    /** The pids that KILL was sent to one by one, the process itself among them; members of the group may be more. */
    public List<Long> reached() {
        return reached;
    }

    /** What went wrong on the way, for people: processes that could not be listed, opened or killed. */
    public List<String> problems() {
        return problems;
    }

    /**
     * Whether the system vouches that nobody escaped. Neither a group nor a walk can; a container can, for everybody who
     * stayed in it: a process that may write to another cgroup could have left.
     */
    public boolean isComplete() {
        return means.contains(Means.CONTAINER) && problems.isEmpty();
    }

    @Override
    public String toString() {
        return "killed " + reached.size() + " processes by " + means
                + (problems.isEmpty() ? "" : ", problems: " + problems);
    }
}
