// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries once, on this very process, what the backend needs: a JVM may have no ProcessHandle, or forbid it. */
final class JdkProbe {
    private final JdkSystem system;
    private final Availability availability;
    private final Set<Capability> capabilities;

    private JdkProbe(JdkSystem system, Availability availability, Set<Capability> capabilities) {
        this.system = system;
        this.availability = availability;
        this.capabilities = capabilities;
    }

    static JdkProbe run(JdkSystem system) {
        try {
            ProcessHandle self = system.calls().current();
            if (system.calls().of(self.pid()).isEmpty()) {
                return unavailable(
                        system,
                        "ProcessHandle.of does not find this very process (pid " + self.pid()
                                + "): is /proc mounted, and of this pid namespace?",
                        null);
            }
            EnumSet<Capability> can = EnumSet.noneOf(Capability.class);
            if (self.supportsNormalTermination()) {
                can.add(Capability.SIGNAL_TERM);
            }
            if (system.host().isWindows()) {
                can.add(Capability.EXACT_CAUSE); // there are no signals to mistake an exit code for
            }
            return new JdkProbe(system, Availability.available(), Collections.unmodifiableSet(can));
        } catch (UnsupportedOperationException | SecurityException | LinkageError failed) {
            return unavailable(system, "this JVM does not give its processes away: " + failed, failed);
        }
    }

    private static JdkProbe unavailable(JdkSystem system, String cause, @Nullable Throwable failure) {
        return new JdkProbe(system, Availability.unavailable(cause, failure), Set.of());
    }

    JdkSystem system() {
        return system;
    }

    Availability availability() {
        return availability;
    }

    Set<Capability> capabilities() {
        return capabilities;
    }
}
