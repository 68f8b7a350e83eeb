// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * One process as the system holds it. The engine calls {@link #close()} exactly once, after every other call has
 * returned; until then the handle stays open. All calls but {@link #close()} may come from several threads at once,
 * except that {@link #collect()} never runs twice at the same time, and for a child in strategy {@link Strategy#PID}
 * never beside {@link #signal}, {@link #liveness()} or {@link #identity()}, also not beside those of another target of
 * the same number.
 */
public interface Target {
    /** The process id. Never changes. */
    long pid();

    /** How the process is held. Never changes (STATE-16). */
    Strategy strategy();

    /** The kernel handle, to be lent; null unless the strategy is {@link Strategy#HANDLE}. */
    @Nullable
    NativeHandle handle();

    /**
     * The state of the process if it has ended, else null. Never blocks. For a child that {@link ProcessBackend#start}
     * made, the call that returns the state reaps it; for a process that was opened by number it never reaps and never
     * takes the state from whoever is entitled to it (D17, D18).
     *
     * <p>Null although an exit event came is fine (the event may be early, WAIT-33; the truth may take a moment, D17): the
     * engine asks again and again, at first after 1 ms, later every 50 ms.
     *
     * @throws NoChildException if this is our child and somebody else took its state (WAIT-18); the engine ends the
     *     object
     * @throws ProcessException for any other failure; the object stays usable, the waiters get it (STATE-12)
     */
    @Nullable
    ProcessState collect() throws ProcessException;

    /**
     * Sends a signal.
     *
     * @throws ProcessDoneException if the process has been reaped (ESRCH: SIG-06)
     * @throws ProcessException for any other failure, with the system's own error (SIG-07)
     * @throws dev.osprocess.UnsupportedFeatureException if the system has no such signal
     */
    void signal(Signal signal) throws ProcessException;

    /** Whether this child was started as the leader of a process group of its own. */
    default boolean leadsGroup() {
        return false;
    }

    /**
     * Sends a signal to the group that this child leads. Called only if {@link #leadsGroup()}, and never beside
     * {@link #collect()}: the leader is not reaped, so the group's number is its own (SIG-20).
     *
     * @throws ProcessDoneException if nobody is left in the group
     */
    default void signalGroup(Signal signal) throws ProcessException {
        throw new AssertionError("internal error: this process leads no group");
    }

    /**
     * The signal that stopped this child, if it was stopped and nobody was told yet; takes that report, and never reaps. Never
     * blocks. Called only for children that {@link ProcessBackend#start} made, with
     * {@link Capability#STOP_REPORTS}, and not beside {@link #collect()} in strategy {@link Strategy#PID}.
     *
     * @return null if there is nothing to report, also after its end
     */
    default @Nullable Signal takeStop() throws ProcessException {
        throw new AssertionError("internal error: STOP_REPORTS is declared without takeStop");
    }

    /** Whether this child goes on after a stop and nobody was told yet; takes that report. As {@link #takeStop()}. */
    default boolean takeContinue() throws ProcessException {
        throw new AssertionError("internal error: STOP_REPORTS is declared without takeContinue");
    }

    /**
     * Whether the system keeps this child and its descendants in a container that is theirs alone and can be killed as a
     * whole: a cgroup.
     */
    default boolean hasContainer() {
        return false;
    }

    /** Kills everybody in that container. Called only if {@link #hasContainer()}. */
    default void killContainer() throws ProcessException {
        throw new AssertionError("internal error: this process has no container");
    }

    /** What the system says of it now. Does not consume anything. */
    Liveness liveness() throws ProcessException;

    /**
     * Which process this is (D16).
     *
     * @throws ProcessDoneException if it is too late to say
     */
    ProcessIdentity identity() throws ProcessException;

    /** The parent's end of the pipe at this place of the child's table; null if there is none. The engine hands it out. */
    default @Nullable ByteChannel pipe(int place) {
        return null;
    }

    /**
     * Gives the handle back. Kills nothing, reaps nothing, never blocks, never throws for a handle that the system finds
     * wrong: it has nobody to tell.
     */
    void close();
}
