// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.TreeKillReport;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.Target;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kills a process with its descendants, as well as that can be done (SIG-21). From the top down each process is stopped
 * before its children are listed, so that it cannot make new ones meanwhile; a child is opened first and then looked up
 * again among its parent's children, so that a number that was recycled in between is never followed. At the end all of
 * them are killed.
 */
final class TreeKill {
    private final LifeCycle root;
    private final ProcessBackend backend;
    private final Map<Long, Target> found = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<TreeKillReport.Means> means = EnumSet.noneOf(TreeKillReport.Means.class);

    TreeKill(LifeCycle root, ProcessBackend backend) {
        this.root = root;
        this.backend = backend;
    }

    TreeKillReport run() throws ProcessException {
        List<Long> reached = new ArrayList<>();
        try {
            root.signal(Signal.STOP);
        } catch (ProcessDoneException finished) {
            return TreeKillReport.of(
                    means, reached, List.of("the process had finished; its children cannot be told any more"));
        }
        try {
            means.add(TreeKillReport.Means.WALK);
            freezeChildrenOf(root.pid());
            if (root.leadsGroup()) {
                means.add(TreeKillReport.Means.GROUP);
                root.signalGroup(Signal.KILL);
            }
        } finally {
            try {
                if (root.kill()) {
                    reached.add(root.pid());
                }
            } finally {
                killFound(reached);
            }
        }
        return TreeKillReport.of(means, reached, problems);
    }

    private void freezeChildrenOf(long first) {
        List<Long> parents = new ArrayList<>(List.of(first));
        for (int i = 0; i < parents.size(); i++) {
            long parent = parents.get(i);
            for (long child : childrenOf(parent)) {
                if (!found.containsKey(child) && freeze(child, parent)) {
                    parents.add(child);
                }
            }
        }
    }

    private Set<Long> childrenOf(long parent) {
        try {
            return backend.childrenOf(parent);
        } catch (ProcessException failed) {
            problems.add("the children of " + parent + " could not be listed: " + failed.getMessage());
            return Set.of();
        }
    }

    private boolean freeze(long child, long parent) {
        try {
            Target target = backend.open(child);
            boolean kept = false;
            try {
                if (childrenOf(parent).contains(child)) {
                    target.signal(Signal.STOP);
                    found.put(child, target);
                    kept = true;
                }
            } finally {
                if (!kept) {
                    target.close();
                }
            }
            return kept;
        } catch (ProcessDoneException finished) {
            return false;
        } catch (ProcessException failed) {
            problems.add("process " + child + " was not reached: " + failed.getMessage());
            return false;
        }
    }

    private void killFound(List<Long> reached) {
        for (Map.Entry<Long, Target> entry : found.entrySet()) {
            Target target = entry.getValue();
            try {
                target.signal(Signal.KILL);
                reached.add(entry.getKey());
            } catch (ProcessDoneException finished) {
                // the group's KILL was faster
                reached.add(entry.getKey());
            } catch (ProcessException failed) {
                problems.add("process " + entry.getKey() + " was not killed: " + failed.getMessage());
            } finally {
                target.close();
            }
        }
    }
}
