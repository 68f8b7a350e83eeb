// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import java.util.List;

/** Starts a process with this library, has it watched, and comes to its end while that process lives (REL-14). */
public final class LeavingMain {
    private LeavingMain() {}

    /** {@code PROGRAM ARGUMENT…}: the command to start. */
    public static void main(String[] command) throws Exception {
        OsProcess process = OsProcess.start(
                command[0],
                List.of(command),
                ProcessAttributes.builder()
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build());
        if (process.onExit().isDone()) { // it is watched from here on
            throw new IllegalStateException(process + " was to outlive this JVM");
        }
    }
}
