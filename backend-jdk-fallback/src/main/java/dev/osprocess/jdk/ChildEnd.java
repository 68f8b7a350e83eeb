// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a child has ended, also where the JDK denies it. On Windows before version 20 it takes a child that exited with 259
 * for one that runs, for ever ({@code STILL_ACTIVE}, ID-16). But its wait is for the handle, returns at the end, and then
 * throws because there is no exit value: so from the first moment somebody waits there. That costs a thread of the JDK's,
 * which any wait would.
 */
final class ChildEnd {
    private final Process child;
    private volatile boolean deniedByTheJdk;

    private ChildEnd(Process child) {
        this.child = child;
    }

    static ChildEnd of(JdkHost host, Process child) {
        ChildEnd end = new ChildEnd(child);
        if (host.isWindows()) {
            end.whenEnded(() -> {});
        }
        return end;
    }

    boolean hasCome() {
        return deniedByTheJdk || !child.isAlive();
    }

    /** Has this run once the child has ended, on a thread of the JDK's. */
    void whenEnded(Runnable enqueue) {
        if (hasCome()) {
            enqueue.run(); // onExit() of one that has ended begins to watch the bare number, whoever has it now
            return;
        }
        var unused = child.onExit().whenComplete((ended, failure) -> {
            note(failure);
            enqueue.run();
        });
    }

    private void note(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof IllegalThreadStateException) {
            deniedByTheJdk = true;
        }
    }
}
