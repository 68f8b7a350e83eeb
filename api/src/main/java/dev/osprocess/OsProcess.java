// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import dev.osprocess.engine.Discovery;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.engine.Reclaimer;
import java.lang.ref.Reference;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A process of the operating system: a child that {@link #start} made, or one that {@link #find} opened.
 *
 * <p>An object is held by a kernel handle where the system has one ({@link #mode()}), and then it names one process for
 * ever: whatever becomes of the number, no signal and no wait can reach another process (ID-12).
 *
 * <p>Wait for it, {@linkplain #close() close} it or {@linkplain #release() release} it. An object that is dropped
 * without any of these is treated as closed when the garbage collector finds it (D4).
 *
 * <p>All methods may be called from any threads at once (CONC-01). Only {@code waitFor} and {@link #stop} wait for a
 * process, and only they react to interrupts (CONC-12); {@link #start} may take as long as the system needs to open files
 * and to load the program.
 */
public final class OsProcess implements AutoCloseable {
    static {
        FrontDoor.install(new Door());
    }

    private final LifeCycle life;

    private OsProcess(LifeCycle life) {
        this.life = life;
        Reclaimer.register(this, life);
    }

    private static final class Door extends FrontDoor {
        @Override
        protected OsProcess front(LifeCycle life) {
            return new OsProcess(life);
        }
    }

    /** Does nothing: that this class is loaded is what the caller wants. For the engine. */
    public static void loaded() {}

    // ---- making ----

    /**
     * Starts a program with all defaults: this process's directory and environment, and its standard streams 0, 1 and 2.
     *
     * @see #start(String, List, ProcessAttributes)
     */
    public static OsProcess start(String program, List<String> arguments) throws ProcessException {
        return start(program, arguments, ProcessAttributes.defaults());
    }

    /**
     * Starts a program on the calling thread and returns when it is in place (START-30). Nothing is searched in PATH and
     * no shell is involved: the program is the file of this name (START-01).
     *
     * @param program the file to run; relative to the child's directory
     * @param arguments all of them as the program sees them, its own name ({@code argv[0]}) first; if empty, the
     *     program's name
     * @param attributes how it is born
     * @throws ProcessException if it could not be started: then nothing was, and nothing is left behind (START-25,
     *     START-26); with {@link ErrorKind#INVALID} for a NUL in a name, an argument or the environment (START-06)
     * @throws UnsupportedFeatureException if the backend cannot do what was asked for
     * @throws IllegalArgumentException if text cannot be encoded for the system (START-05)
     * @throws NoBackendException if no backend can serve here
     */
    public static OsProcess start(String program, List<String> arguments, ProcessAttributes attributes)
            throws ProcessException {
        return new OsProcess(Discovery.engine().start(OsString.of(program), Engine.osStrings(arguments), attributes));
    }

    /** The same for a program and arguments that no Java string can say. */
    public static OsProcess start(OsString program, List<OsString> arguments, ProcessAttributes attributes)
            throws ProcessException {
        return new OsProcess(Discovery.engine().start(program, List.copyOf(arguments), attributes));
    }

    /**
     * Opens the process of this number. If there is none, or the number is a thread's, the object is
     * {@link ProcessStatus#DONE} from birth and reaches nobody, whoever gets the number later (ID-05, ID-15); so it is
     * for a number that no process id of the system can be (ID-09).
     *
     * <p>A process that was found is never reaped through this object, also if it is a child of this JVM (D18). Where no
     * kernel handle can be opened, the object is in {@link ProcessMode#PID pid mode}.
     *
     * @throws IllegalArgumentException if the pid is 0 or negative (ID-07, ID-08)
     * @throws ProcessException if it is there and cannot be opened
     */
    public static OsProcess find(long pid) throws ProcessException {
        return new OsProcess(Discovery.engine().find(pid));
    }

    /** The same, empty if there is no such process. */
    public static Optional<OsProcess> findLive(long pid) throws ProcessException {
        LifeCycle life = Discovery.engine().findLive(pid);
        return life == null ? Optional.empty() : Optional.of(new OsProcess(life));
    }

    /**
     * Opens the process that this identity names, also in another JVM than the one that took it (D16). If that process is
     * gone the object is {@link ProcessStatus#DONE} from birth, even if its number is in use again.
     *
     * @throws ProcessException with {@link ErrorKind#UNSUPPORTED} where the system tells nothing to compare
     */
    public static OsProcess find(ProcessIdentity identity) throws ProcessException {
        return new OsProcess(Discovery.engine().find(identity));
    }

    /**
     * This JVM's own process. Unlike an object from {@link #find(long)} it lets you signal yourself (SIG-26); nobody can
     * wait for their own end.
     */
    public static OsProcess current() throws ProcessException {
        return new OsProcess(Discovery.engine().current());
    }

    /** This process's id. */
    public static long currentPid() {
        return Discovery.engine().backend().currentPid();
    }

    /** The id of this process's parent; a hint, because it may have ended and its number may be in use again (ID-03). */
    public static long parentPid() {
        return Discovery.engine().backend().parentPid();
    }

    // ---- asking ----

    /** The process id. Never changes (D4); after this object let go, it may be somebody else's. */
    public long pid() {
        return life.pid();
    }

    /** Whether a kernel handle or the number alone holds it. Never changes. */
    public ProcessMode mode() {
        return life.mode();
    }

    /** What this object can be used for now. */
    public ProcessStatus status() {
        return life.status();
    }

    /**
     * What the system says of the process now; {@link Liveness#GONE} once the status is {@link ProcessStatus#DONE}.
     *
     * @throws ProcessReleasedException if this object was released
     */
    public Liveness liveness() throws ProcessException {
        try {
            return life.liveness();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Which process this is, in a form to keep (D16). Read from the system at the first call, so ask while it lives; later
     * calls give the same.
     *
     * @throws ProcessDoneException if it was never asked for and the process is gone
     * @throws ProcessReleasedException if it was never asked for and this object was released
     */
    public ProcessIdentity identity() throws ProcessException {
        try {
            return life.identity();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** How it ended, if this object knows it already. Never blocks, never asks the system, never throws. */
    public Optional<ProcessState> state() {
        return Optional.ofNullable(life.state());
    }

    // ---- waiting ----

    /**
     * Waits until the process has ended and tells how. Any number of threads may wait, and again later: one reaps, all get
     * the same state (WAIT-13, D3). Stopping and continuing is no end (WAIT-09). Parks the thread, also a virtual one;
     * does not depend on the child's pipes (WAIT-31).
     *
     * <p>A process that is not our child is waited for as well; how it ended is known where the system tells (D17), else
     * the state's cause is {@link ExitCause#UNKNOWN}.
     *
     * @throws InterruptedException if the thread was interrupted; nothing is lost, and the child is untouched (WAIT-23)
     * @throws ProcessException with {@link ErrorKind#INVALID} if this is the JVM's own process (D17)
     * @throws NoChildException if somebody else took the state of our child (WAIT-18)
     * @throws ProcessDoneException if the process was gone when it was found
     * @throws ProcessReleasedException if this object was released before this call (WAIT-05)
     */
    public ProcessState waitFor() throws ProcessException, InterruptedException {
        try {
            return life.waitFor();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits at most this long; empty if the process has not ended by then. Zero and less look once. Nothing is lost by a
     * timeout, and an end exactly at the deadline is seen (WAIT-24).
     *
     * @throws InterruptedException see {@link #waitFor()}, as for all errors
     */
    public Optional<ProcessState> waitFor(Duration timeout) throws ProcessException, InterruptedException {
        try {
            return Optional.ofNullable(life.waitFor(timeout));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * A future of the end, without a thread per process. Each call gives a fresh one: cancelling it affects nobody
     * (WAIT-28). It completes after the status is {@link ProcessStatus#DONE} and the child is reaped (WAIT-27), on a
     * daemon thread of the library that may block; with the exceptions that {@link #waitFor()} would throw. If the end is
     * known already the future is complete when this returns.
     *
     * @throws ProcessReleasedException at once, if this object was released before this call
     */
    public CompletableFuture<ProcessState> onExit() {
        try {
            return life.onExit(null);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * The same, completed on this executor. It is called on a daemon thread of the library, which takes its place if it
     * rejects the task: neither callbacks nor executors run on the thread that watches for exits.
     */
    public CompletableFuture<ProcessState> onExit(Executor executor) {
        try {
            return life.onExit(Objects.requireNonNull(executor, "executor"));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until this child is stopped, by {@code STOP}, a terminal or itself, and takes the system's report of it: each stop
     * is told once, here or to a {@link dev.osprocess.raw.ProcessCalls#waitPid wait by number}. The child is not reaped, and its end
     * stays where it is. A stop that was followed by {@code CONT} before anybody asked is not told any more.
     *
     * <p>The system has no event for this, so the calling thread looks again and again, every 5 to 50 ms.
     *
     * @param timeout how long to wait; zero and less look once
     * @return the signal that stopped it; empty if it was not stopped in this time
     * @throws ProcessDoneException if it ends instead
     * @throws InterruptedException if the thread was interrupted; nothing is lost
     * @throws ProcessException with {@link ErrorKind#INVALID} if this object did not start the process: the system tells the
     *     parent alone
     * @throws UnsupportedFeatureException if the backend cannot tell
     * @throws ProcessReleasedException if this object was released
     */
    public Optional<Signal> awaitStop(Duration timeout) throws ProcessException, InterruptedException {
        try {
            return Optional.ofNullable(life.awaitStop(timeout));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until this child goes on after a stop, and takes the report of it; in everything else as {@link #awaitStop}.
     *
     * @return whether it went on in this time
     */
    public boolean awaitContinue(Duration timeout) throws ProcessException, InterruptedException {
        try {
            return life.awaitContinue(timeout);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- signalling ----

    /**
     * Sends a signal to this process, and never to another one. Does not wait for its effect (SIG-19).
     *
     * @throws ProcessDoneException if the process has finished (SIG-03, SIG-06); a zombie that nobody has waited for yet
     *     takes signals without effect (SIG-08)
     * @throws ProcessException with {@link ErrorKind#PERMISSION} if the system refuses (SIG-07), or
     *     {@link ErrorKind#INVALID} for a number that it does not know, and for this JVM itself (SIG-26)
     * @throws UnsupportedFeatureException if the backend cannot send it
     * @throws ProcessReleasedException if this object was released before this call (SIG-04)
     */
    public void signal(Signal signal) throws ProcessException {
        Objects.requireNonNull(signal, "signal"); // SIG-13
        try {
            life.signal(signal);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Ends the process at once: {@code KILL} on Unix, TerminateProcess on Windows (SIG-10). Does not wait.
     *
     * @return false if it had finished already, which is a normal race (D6)
     * @throws ProcessException if the system refuses
     * @throws ProcessReleasedException if this object was released before this call
     */
    public boolean kill() throws ProcessException {
        try {
            return life.kill();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sends a signal to the process group that this child leads: itself and whoever it started and did not leave the group
     * (SIG-20). Only for a child that was started as the leader of a group of its own, and only until it is waited for:
     * afterwards the group's number may be another's.
     *
     * @throws ProcessDoneException if this process was waited for, or nobody is left in the group
     * @throws ProcessException with {@link ErrorKind#INVALID} if this process leads no group of its own
     * @throws UnsupportedFeatureException if the backend knows no groups
     */
    public void signalGroup(Signal signal) throws ProcessException {
        Objects.requireNonNull(signal, "signal");
        try {
            life.signalGroup(signal);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Ends the process politely, then by force: {@code TERM} (and {@code CONT}, so that a stopped process can take it), up
     * to {@code grace} for it to end, then {@code KILL}, and up to ten seconds for the system to end it (SIG-22, SIG-23).
     * Where there is no {@code TERM} it begins with {@code KILL}.
     *
     * @return the step that ended it, and its state
     * @throws InterruptedException if the thread was interrupted while it waited; what was sent is sent
     * @throws IllegalArgumentException if the grace is negative
     */
    public StopReport stop(Duration grace) throws ProcessException, InterruptedException {
        try {
            return life.stop(grace);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Kills the process and its descendants, as well as the system allows, and reports whom it reached (SIG-21). A
     * descendant that was handed to another parent before, as daemons are, is reached only through a group that this
     * process leads.
     *
     * @throws UnsupportedFeatureException if the backend cannot list children
     */
    public TreeKillReport killTree() throws ProcessException {
        try {
            return life.killTree();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- using ----

    /**
     * Lends the kernel handle to a function. It stays open until the function returns, whatever other threads do to this
     * object (HND-04); no lock is held meanwhile (HND-08).
     *
     * @param type the backend's handle type, for instance {@code Pidfd}
     * @param function what to do with it; do not close the handle and do not keep it
     * @return what the function gave back
     * @throws NoHandleException if there is no handle of this type (HND-02)
     * @throws ProcessDoneException if the process has finished and was waited for (HND-03)
     * @throws ProcessReleasedException if this object was released before this call
     * @throws X what the function threw, unchanged (HND-05)
     */
    public <H extends NativeHandle, R, X extends Exception> R withHandle(
            Class<H> type, HandleFunction<? super H, R, X> function) throws ProcessException, X {
        try {
            return life.withHandle(type, function);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * This process's end of the pipe at a place of the child's descriptor table: to write to where the child reads, and
     * the reverse. The caller closes it; closing or releasing the object does not. The same channel at every call. On Linux
     * it is a {@link java.nio.channels.FileChannel}: a thread that is interrupted while it reads or writes closes it.
     *
     * @throws IllegalArgumentException if there is no pipe at this place
     */
    public ByteChannel pipe(int place) {
        ByteChannel end = life.pipe(place);
        if (end == null) {
            throw new IllegalArgumentException(
                    "no pipe at place " + place + ": set it by ProcessAttributes.files(…) with ChildFile.pipe()");
        }
        return end;
    }

    // ---- giving up ----

    /**
     * Gives up this object's hold on the process, as Go's Release does: kills nothing, reaps nothing, never blocks
     * (REL-01). A child that nobody waits for stays a zombie after its end until this JVM ends (REL-02): use
     * {@link #close()} to have it reaped.
     * Calls that are under way, and futures that were taken before, end with the true state (REL-04).
     *
     * @return the status before; a second call, and one after DONE, does nothing (REL-03)
     */
    public ProcessStatus release() {
        try {
            return life.release();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Never kills the process (unless {@link OnClose#KILL_AND_REAP} was asked for) and never waits for it: gives up this
     * object's hold as {@link #release()} does, and lets the library reap a child that nobody has waited for, when it
     * ends, so that no zombie stays behind. {@code close()} of the JDK's Process ends the process; this does not (REL-07).
     */
    @Override
    public void close() {
        try {
            life.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** The pid and the status, for logs; no arguments, no environment (ERR-15). */
    @Override
    public String toString() {
        ProcessState ended = life.state();
        return "process " + pid() + " (" + (ended != null ? ended.toString() : status().toString()) + ")";
    }
}
