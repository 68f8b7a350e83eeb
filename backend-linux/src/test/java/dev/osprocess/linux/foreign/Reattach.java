// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.foreign;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessStatus;
import dev.osprocess.linux.ChildJvm;

/** The main program of {@link IdentityTest}: finds a process by the text of its identity, in another JVM, and kills it. */
public final class Reattach {
    private Reattach() {}

    /** Argument: the identity. Says what it sees. */
    public static void main(String[] args) throws Exception {
        ProcessIdentity identity = ProcessIdentity.parse(args[0]);
        try (OsProcess found = OsProcess.find(identity)) {
            ChildJvm.say(found.status());
            if (found.status() == ProcessStatus.OK) {
                ChildJvm.say(found.liveness());
                ChildJvm.say(found.identity().equals(identity) ? "equal" : found.identity());
                ChildJvm.say(found.kill() ? "killed" : "gone");
            }
        }
    }
}
