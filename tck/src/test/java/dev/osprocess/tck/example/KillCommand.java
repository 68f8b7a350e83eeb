// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.io.IOException;
import java.util.Set;

/** The other half of the seam: {@code kill(1)}. */
final class KillCommand {
    private static final int HIGHEST = 64;
    private static final int FIRST_REAL_TIME = 34;

    /** Names that other systems have. */
    private static final Set<String> UNKNOWN = Set.of("EMT", "INFO");

    /** Sends it; false if kill(1) says that it could not. */
    boolean send(Signal signal, long pid) throws ProcessException {
        String word = "-" + wordOf(signal, pid); // not below: a ProcessException is an IOException
        try {
            Process kill = new ProcessBuilder("/bin/kill", word, Long.toString(pid))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.getOutputStream().close();
            return uninterruptibly(kill) == 0;
        } catch (IOException failed) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "kill")
                    .pid(pid)
                    .detail("kill(1) could not be run")
                    .cause(failed)
                    .build();
        }
    }

    private static String wordOf(Signal signal, long pid) throws ProcessException {
        if (UNKNOWN.contains(signal.name())) {
            throw new UnsupportedFeatureException(
                    "the signal " + signal.name(), ExampleBackend.NAME, "use one that Linux has");
        }
        int number = signal.number().orElse(0);
        if (signal.realTimeOffset().isPresent()) {
            number = FIRST_REAL_TIME + signal.realTimeOffset().getAsInt();
        }
        if (number < 0 || number > HIGHEST) {
            throw ProcessException.builder(ErrorKind.INVALID, "kill")
                    .pid(pid)
                    .nativeError("EINVAL", 22)
                    .detail("this system has no signal " + number)
                    .build();
        }
        return signal.number().isPresent() || signal.realTimeOffset().isPresent()
                ? Integer.toString(number)
                : signal.name();
    }

    /** CONC-12: sending a signal does not react to interrupts. */
    private static int uninterruptibly(Process process) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
