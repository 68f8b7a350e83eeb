// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Objects that were dropped without wait, close or release: counted always, and named with the place of their creation
 * when {@code -Ddev.osprocess.leaks=trace} is set (D13, REL-12). The library cleans up behind them either way.
 */
public final class Leaks {
    /** Set to {@code trace} to have each leak named. */
    public static final String PROPERTY = "dev.osprocess.leaks";

    private static final AtomicLong COUNT = new AtomicLong();

    private Leaks() {}

    /** Where an object is being made, if that is to be remembered. */
    static @Nullable Throwable placeOfCreation(long pid) {
        return "trace".equals(System.getProperty(PROPERTY)) ? new Created(pid) : null;
    }

    static void report(long pid, @Nullable Throwable created) {
        COUNT.incrementAndGet();
        if (created != null) {
            Log.warning(
                    "an OsProcess for pid " + pid
                            + " was dropped without waitFor(), close() or release(); it was made at the place below",
                    created);
        }
    }

    /** How many there were in this JVM. */
    public static long count() {
        return COUNT.get();
    }

    private static final class Created extends Throwable {
        private static final long serialVersionUID = 1L;

        Created(long pid) {
            super("the OsProcess for pid " + pid + " was made here");
        }
    }
}
