// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;

/** Opens the process that a word of the command line names. */
final class Processes {
    private Processes() {}

    /**
     * Opens it; DONE from birth if it is gone.
     *
     * @param word a pid, or an identity as {@code osprocess identity} prints it
     * @throws IllegalArgumentException if it is neither
     */
    static OsProcess find(String word) throws ProcessException {
        if (word.indexOf(':') >= 0) {
            return OsProcess.find(ProcessIdentity.parse(word));
        }
        return OsProcess.find(pid(word));
    }

    private static long pid(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(
                    "'" + word
                            + "' is no process id: write a number, or an identity as printed by "
                            + "'osprocess identity PID'",
                    noNumber);
        }
    }
}
