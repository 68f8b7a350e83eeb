// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import dev.osprocess.engine.Discovery;
import java.util.List;

/** The backends of this JVM, for reports and for the kit. Programs need none of this. */
public final class Backends {
    private Backends() {}

    /**
     * One backend that was found, or one provider that failed.
     *
     * @param name its name; {@code a provider} for one that could not be made
     * @param order its place; the lowest available one is taken
     * @param availability whether it can serve here, or why not
     * @param backend the backend, or null if its provider failed
     */
    public record Found(
            String name,
            int order,
            Availability availability,
            @org.jspecify.annotations.Nullable ProcessBackend backend) {}

    /** Every backend that was found, in order, each probed. */
    public static List<Found> found() {
        return Discovery.found();
    }

    /**
     * The backend that {@code OsProcess} uses.
     *
     * @throws dev.osprocess.NoBackendException if there is none, with every cause
     */
    public static ProcessBackend selected() {
        return Discovery.selected();
    }
}
