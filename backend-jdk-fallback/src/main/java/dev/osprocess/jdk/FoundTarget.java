// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that somebody else started. How it ended the JDK does not tell, so the state's cause is unknown, never an
 * invented 0 (D17, WAIT-07). The engine looks for its end: {@link ProcessHandle#onExit()} would look less often, and hold
 * a thread for each.
 */
final class FoundTarget extends JdkTarget {
    private final @Nullable Instant started;

    /** Once seen, for ever: a newcomer of this number is none of ours. */
    private volatile boolean gone;

    FoundTarget(JdkSystem system, ProcessHandle process) {
        super(system, process);
        this.started = process.info().startInstant().orElse(null);
    }

    @Override
    boolean isGone() {
        if (!gone && !process.isAlive() && !bearerMayBeTheSame()) {
            gone = true;
        }
        return gone;
    }

    /**
     * The JDK calls a process dead also when it could read its start time before and cannot now. Unknown is not a
     * mismatch (ID-13).
     */
    private boolean bearerMayBeTheSame() {
        Optional<ProcessHandle> bearer = system.calls().of(pid());
        if (bearer.isEmpty()) {
            return false;
        }
        Instant theirs = bearer.get().info().startInstant().orElse(null);
        return started == null || theirs == null || started.equals(theirs);
    }

    /** Whether it has ended, and its parent has not asked how: the JDK calls that alive. */
    private boolean isZombie() {
        return system.proc().isZombie(pid());
    }

    @Override
    public @Nullable ProcessState collect() {
        return isGone() || isZombie() ? ProcessState.unknown(pid()) : null;
    }

    @Override
    public Liveness liveness() {
        if (isGone()) {
            return Liveness.GONE;
        }
        return isZombie() ? Liveness.EXITED : Liveness.RUNNING;
    }

    @Override
    public void close() {
        // a number needs no closing
    }
}
