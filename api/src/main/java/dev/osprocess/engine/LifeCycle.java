// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ErrorKind;
import dev.osprocess.HandleFunction;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.OnClose;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.StopReport;
import dev.osprocess.TreeKillReport;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import java.lang.ref.Cleaner;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The life of one process object: its status, the count of its handle's users, the claim on its end, and who waits for
 * it. This is what the watcher and the Cleaner hold; neither holds the {@code OsProcess}, or that would never be dropped
 * (D13).
 *
 * <p>Every use of the target is bracketed by a reference (STATE-08), which comes back on every path (STATE-09).
 */
public final class LifeCycle {
    private static final AtomicIntegerFieldUpdater<LifeCycle> END_REQUESTS =
            AtomicIntegerFieldUpdater.newUpdater(LifeCycle.class, "endRequests");

    private final Engine engine;
    private final Target target;
    private final StatusWord status;
    private final HandleCount handle;
    private final ReapClaim claim;
    private final Termination termination;

    /** The claim whose lock protects this number from being freed under a signal; null where nothing needs it. */
    private final @Nullable ReapClaim numberPinnedBy;

    private final boolean started;
    private final OnClose onClose;
    private final @Nullable Throwable created;

    private volatile boolean maySignalSelf;
    private volatile @Nullable ProcessIdentity identity;

    /** How many times KILL or TERM was sent, or is being sent (PS-18). */
    private volatile int endRequests;

    private volatile Cleaner.@Nullable Cleanable cleanable;

    private LifeCycle(
            Engine engine,
            Target target,
            ReapClaim claim,
            @Nullable ReapClaim numberPinnedBy,
            boolean started,
            OnClose onClose,
            ProcessStatus first) {
        this.engine = engine;
        this.target = target;
        this.status = new StatusWord(first);
        this.handle = new HandleCount(new CloseTarget(engine, target, claim, started));
        this.claim = claim;
        this.numberPinnedBy = numberPinnedBy;
        this.started = started;
        this.onClose = onClose;
        this.termination = new Termination(this, engine, target, claim, started);
        this.created = Leaks.placeOfCreation(target.pid());
    }

    /** The life of a child that was just started: it alone has the claim on its end (D18). */
    static LifeCycle ofStarted(Engine engine, Target target, OnClose onClose) {
        ReapClaim claim = new ReapClaim(target.strategy());
        return new LifeCycle(
                engine,
                target,
                claim,
                target.strategy() == Strategy.PID ? claim : null,
                true,
                onClose,
                ProcessStatus.OK);
    }

    /**
     * The life of a process that was opened by number; it never reaps.
     *
     * @param owner the claim of the object that started it, if it is a child of ours that is not reaped yet
     */
    static LifeCycle ofFound(Engine engine, Target target, @Nullable ReapClaim owner) {
        ReapClaim claim = new ReapClaim(Strategy.HANDLE); // serialises looking; there is nothing to reap
        return new LifeCycle(
                engine,
                target,
                claim,
                target.strategy() == Strategy.PID ? owner : null,
                false,
                OnClose.REAP_LATER,
                ProcessStatus.OK);
    }

    /** The life of a process that was gone when it was looked for: DONE from birth, without a handle (STATE-13, D5). */
    static LifeCycle ofGone(Engine engine, Target none, ProcessDoneException gone) {
        ReapClaim claim = new ReapClaim(Strategy.HANDLE);
        LifeCycle life = new LifeCycle(engine, none, claim, null, false, OnClose.REAP_LATER, ProcessStatus.DONE);
        life.termination.neverKnown(gone);
        life.handle.release();
        return life;
    }

    /** The same life, whose caller said that it means its own process. */
    LifeCycle allowingSignalsToSelf() {
        maySignalSelf = true;
        return this;
    }

    Target target() {
        return target;
    }

    ReapClaim claim() {
        return claim;
    }

    /** The pid. Never changes (D4). */
    public long pid() {
        return target.pid();
    }

    /** What the process is held by. */
    public ProcessMode mode() {
        return target.strategy() == Strategy.HANDLE ? ProcessMode.HANDLE : ProcessMode.PID;
    }

    /** The status now. */
    public ProcessStatus status() {
        return status.get();
    }

    /** The recorded state, if there is one. Never blocks, never asks the system. */
    public @Nullable ProcessState state() {
        return termination.state();
    }

    /** Whether this object started the process. */
    boolean isStarted() {
        return started;
    }

    /** Whether the caller said that it means its own process (SIG-26). */
    boolean maySignalSelf() {
        return maySignalSelf;
    }

    /** The parent's end of a pipe of the child. */
    public @Nullable ByteChannel pipe(int place) {
        return target.pipe(place);
    }

    /** How many use the handle, for tests. */
    public int references() {
        return handle.get();
    }

    // ---- waiting ----

    /** Waits for the end (WAIT-01). */
    public ProcessState waitFor() throws ProcessException, InterruptedException {
        return termination.waitFor();
    }

    /** Waits for the end, at most this long; null if it has not come (WAIT-24). */
    public @Nullable ProcessState waitFor(Duration timeout) throws ProcessException, InterruptedException {
        return termination.waitFor(timeout);
    }

    /** A fresh future of the end (D9). */
    public CompletableFuture<ProcessState> onExit(@Nullable Executor executor) {
        return termination.onExit(executor);
    }

    /** The end was recorded: the status leaves OK, and the owner's reference goes. Called inside the claim. */
    void ended() {
        if (status.leaveOk(ProcessStatus.DONE)) {
            giveUpOwnReference();
        }
    }

    /** Whether KILL or TERM was sent (PS-18). */
    boolean wasAskedToEnd() {
        return endRequests > 0;
    }

    // ---- using ----

    /** Takes a reference, if the handle is not closed. */
    boolean tryAcquire() {
        return handle.tryAcquire();
    }

    /** Gives a reference back. */
    void releaseReference() {
        handle.release();
    }

    /** Sends a signal (SIG-01). */
    public void signal(Signal signal) throws ProcessException {
        acquire("signal");
        try {
            engine.refuseSignalToSelf(this, signal);
            Lock pinned = pinNumber();
            try {
                checkNumber("signal");
                send(signal, false);
            } finally {
                unpin(pinned);
            }
        } finally {
            handle.release();
        }
    }

    /** The same for a caller that holds a reference since the status was OK, whatever it is now. */
    void signalHeld(Signal signal) throws ProcessException {
        Lock pinned = pinNumber();
        try {
            if (numberPinnedBy != null && numberPinnedBy.isSettled()) {
                throw done("signal");
            }
            send(signal, false);
        } finally {
            unpin(pinned);
        }
    }

    private void send(Signal signal, boolean toGroup) throws ProcessException {
        boolean asksToEnd = asksToEnd(signal);
        if (asksToEnd) {
            END_REQUESTS.incrementAndGet(
                    this); // before it is sent: the end may be seen before the call returns (PS-18)
        }
        boolean sent = false;
        try {
            if (toGroup) {
                target.signalGroup(signal);
            } else {
                target.signal(signal);
            }
            sent = true;
        } finally {
            if (asksToEnd && !sent) {
                END_REQUESTS.decrementAndGet(this);
            }
        }
    }

    /**
     * Keeps the number from being freed while it is used (WAIT-15, SIG-16); {@link #checkNumber} comes next.
     *
     * @return what to {@link #unpin}; null where a handle or somebody else protects the process
     */
    private @Nullable Lock pinNumber() {
        if (numberPinnedBy == null) {
            return null;
        }
        Lock pinned = numberPinnedBy.signalLock();
        pinned.lock();
        return pinned;
    }

    /** Says why a pinned number must not be used any more, if it must not. */
    private void checkNumber(String operation) throws ProcessException {
        if (numberPinnedBy != null) {
            if (!status.isOk()) {
                throw whyNotOk(operation);
            }
            if (numberPinnedBy.isSettled()) {
                throw done(operation);
            }
        }
    }

    private static void unpin(@Nullable Lock pinned) {
        if (pinned != null) {
            pinned.unlock();
        }
    }

    /** Whether the process leads a group of its own, made at its start. */
    boolean leadsGroup() {
        return started && target.leadsGroup();
    }

    /**
     * Sends a signal to the group that this child leads (SIG-20). The claim on its end is held meanwhile, so that the
     * leader is not reaped and the group's number stays its own.
     */
    public void signalGroup(Signal signal) throws ProcessException {
        if (!leadsGroup()) {
            throw ProcessException.builder(ErrorKind.INVALID, "signalGroup")
                    .pid(pid())
                    .detail(
                            "this process was not started as the leader of a process group of its own; start it so, for instance"
                                    + " by LinuxAttributes.newProcessGroup()")
                    .build();
        }
        acquire("signalGroup");
        try {
            signalGroupHeld(signal);
        } finally {
            handle.release();
        }
    }

    /** The same for a caller that holds a reference. */
    void signalGroupHeld(Signal signal) throws ProcessException {
        if (!claim.begin()) {
            throw done("signalGroup");
        }
        try {
            send(signal, true);
        } finally {
            claim.end(false);
        }
    }

    /** TERM, a time of grace, KILL (SIG-22). */
    public StopReport stop(Duration grace) throws ProcessException, InterruptedException {
        return new StopLadder(this).stop(grace);
    }

    /** KILL for this process and its descendants (SIG-21). */
    public TreeKillReport killTree() throws ProcessException {
        engine.refuseTreeKill(this);
        return new TreeKill(this, engine.backend()).run();
    }

    /** Waits for a stop of this child; null if none came in time. */
    public @Nullable Signal awaitStop(Duration timeout) throws ProcessException, InterruptedException {
        return new StopWait(this, engine, "awaitStop").await(target::takeStop, timeout);
    }

    /** Waits for this child to go on after a stop; false if it did not in time. */
    public boolean awaitContinue(Duration timeout) throws ProcessException, InterruptedException {
        StopWait wait = new StopWait(this, engine, "awaitContinue");
        return wait.await(() -> target.takeContinue() ? Boolean.TRUE : null, timeout) != null;
    }

    /** A look at the target by a caller that holds nothing yet. */
    <R> @Nullable R look(String operation, StopWait.Look<R> look) throws ProcessException {
        acquire(operation);
        try {
            Lock pinned = pinNumber();
            try {
                checkNumber(operation);
                return look.take();
            } finally {
                unpin(pinned);
            }
        } finally {
            handle.release();
        }
    }

    /** KILL and TERM, by name or by the numbers that they have on every Unix (kill(1)). */
    private static boolean asksToEnd(Signal signal) {
        return signal.equals(Signal.KILL)
                || signal.equals(Signal.TERM)
                || signal.equals(Signal.of(9))
                || signal.equals(Signal.of(15));
    }

    /** Sends KILL; false if the process had finished (D6). */
    public boolean kill() throws ProcessException {
        try {
            signal(Signal.KILL);
            return true;
        } catch (ProcessDoneException finished) {
            return false;
        }
    }

    /** What the system says of it now (ID-14). */
    public Liveness liveness() throws ProcessException {
        if (status.get() == ProcessStatus.DONE) {
            return Liveness.GONE;
        }
        try {
            acquire("liveness");
        } catch (ProcessDoneException meanwhile) {
            return Liveness.GONE;
        }
        try {
            return askLiveness();
        } finally {
            handle.release();
        }
    }

    private Liveness askLiveness() throws ProcessException {
        Lock pinned = pinNumber();
        try {
            checkNumber("liveness");
            return target.liveness();
        } catch (ProcessDoneException meanwhile) {
            return Liveness.GONE;
        } finally {
            unpin(pinned);
        }
    }

    /** Which process this is (D16); read once. */
    public ProcessIdentity identity() throws ProcessException {
        ProcessIdentity known = identity;
        if (known != null) {
            return known;
        }
        acquire("identity");
        try {
            Lock pinned = pinNumber(); // or a newcomer's would be kept for ever
            try {
                checkNumber("identity");
                known = target.identity();
            } finally {
                unpin(pinned);
            }
            identity = known;
            return known;
        } finally {
            handle.release();
        }
    }

    /** Lends the handle (HND-01). */
    public <H extends NativeHandle, R, X extends Exception> R withHandle(
            Class<H> type, HandleFunction<? super H, R, X> function) throws ProcessException, X {
        NativeHandle lent = target.handle();
        if (lent == null && mode() == ProcessMode.HANDLE) {
            throw done("withHandle"); // gone before a handle could be opened
        }
        if (lent == null) {
            throw noHandle("this process is held by its number (pid mode)");
        }
        if (!type.isInstance(lent)) {
            throw noHandle(
                    "the handle is a " + lent.kind() + " (" + lent.getClass().getName() + "), not a " + type.getName());
        }
        acquire("withHandle");
        try {
            return function.apply(type.cast(lent));
        } finally {
            handle.release();
        }
    }

    private ProcessException noHandle(String detail) {
        return ProcessException.builder(ErrorKind.NO_HANDLE, "withHandle")
                .pid(pid())
                .detail(detail)
                .build();
    }

    /** Takes a reference, or says why there is none to take (STATE-04, STATE-05). */
    void acquire(String operation) throws ProcessException {
        if (!status.isOk()) {
            throw whyNotOk(operation);
        }
        if (!handle.tryAcquire()) {
            if (status.isOk()) {
                throw new AssertionError(
                        "internal error: the handle of pid " + pid() + " is closed while the status is OK");
            }
            throw whyNotOk(operation);
        }
    }

    private ProcessException whyNotOk(String operation) {
        if (status.get() == ProcessStatus.RELEASED) {
            throw new ProcessReleasedException(operation, pid());
        }
        return done(operation);
    }

    private ProcessException done(String operation) {
        return Engine.done(operation, pid());
    }

    // ---- giving up ----

    /** Gives up this object's hold (REL-01); the status before. */
    public ProcessStatus release() {
        if (status.leaveOk(ProcessStatus.RELEASED)) {
            giveUpOwnReference();
            termination.released();
            return ProcessStatus.OK;
        }
        return status.get();
    }

    /** Release, and a child that nobody has reaped goes to the watcher (D4). */
    public void close() {
        try {
            if (started && status.isOk()) {
                handOver();
            }
        } finally {
            release();
        }
    }

    private void handOver() {
        try {
            termination.handOver();
            if (onClose == OnClose.KILL_AND_REAP) {
                kill();
            }
        } catch (ProcessDoneException | ProcessReleasedException meanwhile) {
            // somebody was faster: nothing is left to hand over
        } catch (ProcessException failure) {
            Log.warning("close of pid " + pid() + ": the child was not killed and lives on", failure);
        }
    }

    /** What the Cleaner runs: after a release or an end it does nothing (REL-09), else it closes (D4, REL-08). */
    void dropped() {
        if (!status.isOk()) {
            return;
        }
        if (!termination.isWatched()) {
            Leaks.report(pid(), created);
        }
        close();
    }

    /** Called once, by the front that this life belongs to. */
    void cleanedBy(Cleaner.Cleanable registered) {
        cleanable = registered;
        if (!status.isOk()) {
            registered.clean(); // it ended before it was registered
        }
    }

    /** Called by the one that moved the status: first the Cleaner forgets us (STATE-14), then the reference goes. */
    private void giveUpOwnReference() {
        Cleaner.Cleanable registered = cleanable;
        if (registered != null) {
            registered.clean(); // runs dropped(), which sees that the status has left OK and does nothing
        }
        handle.release();
    }

    /** After the last use nobody can reap any more, so nobody is the owner (REL-15). */
    private static final class CloseTarget implements Runnable {
        private final Engine engine;
        private final Target target;
        private final ReapClaim claim;
        private final boolean started;

        CloseTarget(Engine engine, Target target, ReapClaim claim, boolean started) {
            this.engine = engine;
            this.target = target;
            this.claim = claim;
            this.started = started;
        }

        @Override
        public void run() {
            if (started && !claim.isSettled()) {
                engine.numbers()
                        .released(target.pid()); // before it leaves the owners: a wait by number sees one of them
            }
            engine.owners().remove(target.pid(), claim);
            try {
                target.close();
            } catch (RuntimeException | Error failure) { // REL-13: said once, and nobody who waits is left behind
                Log.warning("the handle of pid " + target.pid() + " could not be closed", failure);
            }
        }
    }
}
