// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.group;

import dev.osprocess.OsProcess;
import dev.osprocess.TreeKillReport;
import dev.osprocess.linux.ChildJvm;

/** A main program of {@link KillTreeTest}: kills the tree that it is in itself, and says what became of that. */
public final class AncestorKiller {
    private AncestorKiller() {}

    /** No arguments. */
    public static void main(String[] args) throws Exception {
        try (OsProcess parent = OsProcess.find(OsProcess.parentPid())) {
            TreeKillReport report = parent.killTree();
            ChildJvm.say(report.reached());
            ChildJvm.say(report.problems().size());
        }
    }
}
