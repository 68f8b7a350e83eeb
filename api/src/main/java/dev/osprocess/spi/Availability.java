// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a backend's probe found: it can serve here, or why it cannot. */
public final class Availability {
    private static final Availability AVAILABLE = new Availability("", null);

    private final String cause;
    private final @Nullable Throwable failure;

    private Availability(String cause, @Nullable Throwable failure) {
        this.cause = cause;
        this.failure = failure;
    }

    /** The backend can serve here. */
    public static Availability available() {
        return AVAILABLE;
    }

    /**
     * The backend cannot serve here.
     *
     * @param cause why, for people: the call that failed, its error, and the remedy if there is one
     * @param failure what was thrown, if anything
     */
    public static Availability unavailable(String cause, @Nullable Throwable failure) {
        if (cause.isBlank()) {
            throw new IllegalArgumentException("an unavailable backend must say why");
        }
        return new Availability(cause, failure);
    }

    /** Whether the backend can serve here. */
    public boolean isAvailable() {
        return cause.isEmpty();
    }

    /** Why it cannot; empty if it can. */
    public String cause() {
        return cause;
    }

    /** What was thrown when it was tried, if anything. */
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public String toString() {
        return isAvailable() ? "available" : "unavailable: " + Objects.requireNonNull(cause);
    }
}
