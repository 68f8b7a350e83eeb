// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A process that was found. Its start time, taken when it was found, is compared before each use: another start time
 * means that the number has passed to a stranger (ID-13). This narrows the race and does not close it. An unknown start
 * time is no difference.
 */
final class ForeignTarget extends NumberTarget {
    private final long start;

    /** The system told of its exit: where zombies answer signals, nothing else would. */
    private volatile boolean exitSeen;

    ForeignTarget(BsdSystem system, int pid) {
        super(system, pid);
        this.start = StartTimes.of(system, pid);
    }

    /** Its exit was reported, and the report was confirmed. */
    void exitSeen() {
        exitSeen = true;
    }

    /** What a look at the number as a child of ours found. */
    private record OwnLook(boolean ours, @Nullable ProcessState state) {}

    private OwnLook lookAsParent() throws ProcessException {
        if (!ChildWaits.canPeek(system)) {
            return new OwnLook(false, null);
        }
        try {
            return new OwnLook(true, ChildWaits.peek(system, pid));
        } catch (NoChildException stranger) {
            return new OwnLook(false, null);
        }
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        OwnLook look = lookAsParent();
        if (isStranger()) {
            return ProcessState.unknown(pid);
        }
        if (look.ours()) {
            return look.state(); // D18: its owner reaps; null also for a moment after its exit (WAIT-33)
        }
        return exitSeen || !isThere() ? ProcessState.unknown(pid) : null;
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        int number = system.profile().signals.number(signal);
        if (isStranger()) {
            throw BsdErrors.gone("kill", pid, "the process has finished; its number is somebody else's");
        }
        try {
            system.calls().kill(pid, number);
        } catch (ErrnoException failed) {
            if (failed.error() != Errno.ESRCH) {
                throw BsdErrors.onProcess(failed, pid);
            }
            if (lookAsParent().state() == null) {
                throw BsdErrors.done(failed, pid);
            }
            // SIG-08: our own child, ended and not reaped; OpenBSD alone says ESRCH then
        }
    }

    @Override
    public Liveness liveness() throws ProcessException {
        OwnLook look = lookAsParent();
        if (isStranger()) {
            return Liveness.GONE;
        }
        if (look.ours()) {
            return look.state() != null ? Liveness.EXITED : Liveness.RUNNING;
        }
        if (!isThere()) {
            return Liveness.GONE;
        }
        // a zombie answers signals on most of these systems, and no event tells of it while nobody waits (ID-14)
        return exitSeen || KqueueExitEvents.isEnded(system, pid) ? Liveness.EXITED : Liveness.RUNNING;
    }

    private boolean isThere() throws ProcessException {
        try {
            return exists();
        } catch (ErrnoException failed) {
            throw BsdErrors.onProcess(failed, pid);
        }
    }

    private boolean isStranger() {
        if (start == StartTimes.UNKNOWN) {
            return false;
        }
        long now = StartTimes.of(system, pid);
        return now != StartTimes.UNKNOWN && now != start;
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        if (isStranger() || (!isThere() && !lookAsParent().ours())) {
            throw BsdErrors.gone("identity", pid, "the process has finished already");
        }
        return StartTimes.identity(system, pid, start);
    }
}
