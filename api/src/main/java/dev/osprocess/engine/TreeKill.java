// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.TreeKillReport;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kills a process with its descendants, as well as that can be done (SIG-21). From the top down each process is told to
 * stop and its children are listed, again and again until nobody new is found: a stop takes effect a moment later, and a
 * fork may be under way. A child is opened first, then looked up again among its parent's children while that parent has
 * not been reaped, so that no number is followed that was recycled in between. At the end all are killed, the deepest
 * first, so that none is woken by the end of a process above it.
 */
final class TreeKill {
    /** A tree that still grows after so many rounds is left as it is, and the report says so. */
    private static final int MOST_ROUNDS = 20;

    private static final String LEFT_OUT = "this JVM is among the descendants and was left out, with its own children";

    private static final String NOT_STOPPED =
            "processes cannot be stopped on this system, so a child that was started meanwhile may have been missed";

    private final LifeCycle root;
    private final ProcessBackend backend;
    private final Map<Long, Target> found = new LinkedHashMap<>();
    private final List<Long> reached = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<TreeKillReport.Means> means = EnumSet.noneOf(TreeKillReport.Means.class);

    TreeKill(LifeCycle root, ProcessBackend backend) {
        this.root = root;
        this.backend = backend;
    }

    TreeKillReport run() throws ProcessException {
        try {
            root.acquire("killTree"); // until the end, whatever other threads do to the object meanwhile
        } catch (ProcessDoneException finished) {
            return finished();
        }
        try {
            stopRoot();
            means.add(TreeKillReport.Means.WALK);
            try {
                freezeDescendants();
            } finally {
                killAll();
            }
            return TreeKillReport.of(means, reached, problems);
        } catch (ProcessDoneException finished) {
            killContainer(); // those whom it left behind are still in there
            return finished();
        } finally {
            root.releaseReference();
        }
    }

    private void stopRoot() throws ProcessException {
        try {
            root.signalHeld(Signal.STOP);
        } catch (UnsupportedFeatureException cannotStop) {
            if (!root.leadsGroup()) { // else its end ends those that were missed
                problems.add(NOT_STOPPED);
            }
        }
    }

    private TreeKillReport finished() {
        return TreeKillReport.of(
                means, reached, List.of("the process had finished; its children cannot be told any more"));
    }

    private void freezeDescendants() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int before = found.size();
            freezeChildrenOf(root.pid(), root.target());
            // what is found on the way is a parent in the next round
            for (Map.Entry<Long, Target> parent : new ArrayList<>(found.entrySet())) {
                freezeChildrenOf(parent.getKey(), parent.getValue());
            }
            if (found.size() == before) {
                return;
            }
        }
        problems.add("the tree still grew after " + MOST_ROUNDS + " rounds");
    }

    private void freezeChildrenOf(long pid, Target parent) {
        for (long child : childrenOf(pid)) {
            if (child == backend.currentPid()) {
                if (!problems.contains(LEFT_OUT)) {
                    problems.add(LEFT_OUT);
                }
            } else if (!found.containsKey(child)) {
                freeze(child, pid, parent);
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

    private void freeze(long child, long pid, Target parent) {
        Target target = null;
        boolean kept = false;
        try {
            target = backend.open(child);
            if (childrenOf(pid).contains(child) && parent.liveness() != Liveness.GONE) {
                found.put(child, target); // from here on it will be killed, and closed
                kept = true;
                target.signal(Signal.STOP);
            }
        } catch (UnsupportedFeatureException cannotStop) {
            // said for the root
        } catch (ProcessDoneException finished) {
            // it ended meanwhile: nothing to do
        } catch (ProcessException failed) {
            problems.add("process " + child + " was not stopped: " + failed.getMessage());
        } finally {
            if (target != null && !kept) {
                target.close();
            }
        }
    }

    private void killAll() throws ProcessException {
        killContainer();
        List<Map.Entry<Long, Target>> deepestFirst = new ArrayList<>(found.entrySet());
        Collections.reverse(deepestFirst);
        for (Map.Entry<Long, Target> entry : deepestFirst) {
            kill(entry.getKey(), entry.getValue());
        }
        if (root.leadsGroup()) {
            means.add(TreeKillReport.Means.GROUP);
            try {
                root.signalGroupHeld(Signal.KILL);
            } catch (ProcessDoneException finished) {
                // the leader was reaped meanwhile, or nobody is left
            } catch (ProcessException failed) {
                problems.add("the group was not killed: " + failed.getMessage());
            }
        }
        try {
            root.signalHeld(Signal.KILL);
            reached.add(root.pid());
        } catch (ProcessDoneException finished) {
            reached.add(root.pid()); // the group's KILL, or another thread's, was faster
        } catch (ProcessException failed) {
            problems.add("process " + root.pid() + " was not killed: " + failed.getMessage());
        }
    }

    /** First, because it also hits those who are being forked; what is left is outside of it. */
    private void killContainer() {
        if (root.target().hasContainer()) {
            try {
                root.target().killContainer();
                means.add(TreeKillReport.Means.CONTAINER);
            } catch (ProcessException failed) {
                problems.add("the container was not killed: " + failed.getMessage());
            }
        }
    }

    private void kill(long pid, Target target) {
        try {
            target.signal(Signal.KILL);
            reached.add(pid);
        } catch (ProcessDoneException finished) {
            reached.add(pid); // somebody was faster
        } catch (ProcessException | RuntimeException failed) { // the others must be killed all the same
            problems.add("process " + pid + " was not killed: " + failed.getMessage());
        } finally {
            target.close();
        }
    }
}
