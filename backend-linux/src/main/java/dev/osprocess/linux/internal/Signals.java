// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;

/** What sending a signal has in common, by pidfd and by number. */
final class Signals {
    private Signals() {}

    /** The number of a signal. */
    static int numberOf(Signal signal) {
        int number = LinuxSignals.number(signal);
        if (number < 0) {
            throw new UnsupportedFeatureException(
                    "the signal " + signal, LinuxBackend.NAME, "Linux has none of that name; see signal(7)");
        }
        return number;
    }

    /** ESRCH means that the process has finished (SIG-06); everything else stays what it is (SIG-07). */
    static ProcessException failed(ErrnoException failed, long pid) {
        return failed.errno() == Errno.ESRCH ? LinuxErrors.done(failed, pid) : LinuxErrors.onProcess(failed, pid);
    }
}
