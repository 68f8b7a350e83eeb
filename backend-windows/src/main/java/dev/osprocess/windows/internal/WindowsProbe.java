// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.spi.Availability;
import org.jspecify.annotations.Nullable;

/** Finds out once whether this backend works here, by performing its calls on this process itself (ADR 0005). */
final class WindowsProbe {
    private final Availability availability;
    private final @Nullable WindowsSyscalls calls;

    private WindowsProbe(Availability availability, @Nullable WindowsSyscalls calls) {
        this.availability = availability;
        this.calls = calls;
    }

    Availability availability() {
        return availability;
    }

    /** The seam; only where available. */
    WindowsSyscalls calls() {
        if (calls == null) {
            throw new IllegalStateException("the Windows backend is not available: " + availability.cause());
        }
        return calls;
    }

    /** Probes this JVM. Never throws; touches nothing native on another system. */
    static WindowsProbe run() {
        return run(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static WindowsProbe run(String os, String arch) {
        if (!os.startsWith("Windows")) {
            return unavailable("this is " + os + ", not Windows", null);
        }
        if (!arch.equals("amd64") && !arch.equals("aarch64")) {
            return unavailable(
                    "a JVM of architecture " + arch + " is not known to this backend (amd64 and aarch64 are)", null);
        }
        try {
            return of(new JnaSyscalls());
        } catch (RuntimeException | LinkageError failed) {
            return unavailable("JNA cannot be used: " + failed, failed);
        }
    }

    /** Probes over this seam. */
    static WindowsProbe of(WindowsSyscalls calls) {
        long self = 0;
        try {
            self = calls.openProcess(FoundTarget.RIGHTS, calls.currentProcessId());
            calls.timesOf(self);
            int result = calls.waitForSingleObject(self, 0);
            if (result != WindowsAbi.WAIT_TIMEOUT) {
                return unavailable(
                        "WaitForSingleObject says of this process, which runs: 0x" + Integer.toHexString(result), null);
            }
            return new WindowsProbe(Availability.available(), calls);
        } catch (Win32Exception failed) {
            return unavailable("on this process itself " + failed.getMessage(), failed);
        } finally {
            Handles.close(calls, self);
        }
    }

    private static WindowsProbe unavailable(String cause, @Nullable Throwable failure) {
        return new WindowsProbe(Availability.unavailable(cause, failure), null);
    }
}
