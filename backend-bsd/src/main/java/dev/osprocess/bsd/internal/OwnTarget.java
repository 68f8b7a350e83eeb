// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.unix.ParentEnds;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A child that we started: the number stays its own until we reap it, and the engine lets no signal through once we do
 * (D2).
 */
final class OwnTarget extends NumberTarget {
    private final ParentEnds pipes;
    private final boolean leadsGroup;

    OwnTarget(BsdSystem system, int pid, ParentEnds pipes, boolean leadsGroup) {
        super(system, pid);
        this.pipes = pipes;
        this.leadsGroup = leadsGroup;
    }

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        return ChildWaits.reap(system, pid);
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        int number = system.profile().signals.number(signal);
        checkStillOurs("kill");
        try {
            system.calls().kill(pid, number);
        } catch (ErrnoException failed) {
            if (failed.error() != Errno.ESRCH) {
                throw BsdErrors.onProcess(failed, pid); // SIG-07
            }
            if (!ChildWaits.canPeek(system) || checkStillOurs("kill") == null) {
                throw BsdErrors.done(failed, pid); // SIG-06
            }
            // SIG-08: it has ended and is not reaped; OpenBSD alone says ESRCH then
        }
    }

    @Override
    public boolean leadsGroup() {
        return leadsGroup;
    }

    @Override
    public void signalGroup(Signal signal) throws ProcessException {
        int number = system.profile().signals.number(signal);
        ProcessState leader = checkStillOurs("kill");
        try {
            system.calls().kill(-pid, number);
        } catch (ErrnoException failed) {
            boolean zombiesOnly = failed.error() == Errno.EPERM
                    && system.profile().has(BsdTrait.ZOMBIE_GROUP_ANSWERS_EPERM)
                    && (leader != null || checkStillOurs("kill") != null);
            if (failed.error() == Errno.ESRCH || zombiesOnly) {
                throw BsdErrors.done(failed, pid); // SIG-20
            }
            throw BsdErrors.onProcess(failed, pid);
        }
    }

    /**
     * While it is our child its number is its own; somebody else may have reaped it behind our back (WAIT-18).
     *
     * @return its state if it has ended
     */
    private @Nullable ProcessState checkStillOurs(String operation) throws ProcessException {
        try {
            return ChildWaits.peek(system, pid);
        } catch (NoChildException taken) {
            throw BsdErrors.gone(operation, pid, "the process has finished already");
        }
    }

    @Override
    public Liveness liveness() throws ProcessException {
        try {
            if (ChildWaits.peek(system, pid) != null) {
                return Liveness.EXITED;
            }
            // without a way to look, only OpenBSD's answer for a zombie is left: we have not reaped it
            return ChildWaits.canPeek(system) || exists() ? Liveness.RUNNING : Liveness.EXITED;
        } catch (NoChildException taken) {
            return Liveness.GONE;
        } catch (ErrnoException failed) {
            throw BsdErrors.onProcess(failed, pid);
        }
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        long start = StartTimes.of(system, pid);
        checkStillOurs("identity");
        return StartTimes.identity(system, pid, start);
    }

    @Override
    public @Nullable ByteChannel pipe(int place) {
        return pipes.at(place);
    }
}
