// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ErrorKind;
import dev.osprocess.OnClose;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** One backend with what the engine keeps for it: the watcher, the dispatcher, and who owns which child. */
public final class Engine {
    private final ProcessBackend backend;
    private final Set<Capability> capabilities;
    private final StartCheck check;
    private final Strategy strategyOfGone;
    private final long self;
    private final ExitDispatcher dispatcher;
    private final ExitWatcher watcher;

    /** Every child from its spawn to its reap, and who has the claim on it (D18). */
    private final ConcurrentHashMap<Long, ReapClaim> owners = new ConcurrentHashMap<>();

    private final Numbers numbers = new Numbers(this);

    private Engine(ProcessBackend backend, Set<Capability> capabilities, ThreadFactory watcherThreads)
            throws ProcessException {
        this.backend = backend;
        this.capabilities = Set.copyOf(capabilities);
        this.check = new StartCheck(backend, capabilities);
        this.strategyOfGone = capabilities.contains(Capability.HANDLE) ? Strategy.HANDLE : Strategy.PID;
        this.self = backend.currentPid();
        this.dispatcher = new ExitDispatcher(backend.name());
        this.watcher = new ExitWatcher(backend.name(), backend.exitEvents(), dispatcher, watcherThreads);
        this.dispatcher.relievedBy(watcher);
        // What holds a child, and its end, is loaded before there is one: later there may be no descriptor to read a
        // class
        // with, or no thread to be had (CONC-15).
        Reclaimer.ready();
        GoneTarget example = new GoneTarget(self, Strategy.PID);
        LifeCycle.ofStarted(this, example, OnClose.REAP_LATER).release();
        numbers.born(self); // the example was nobody's child
        Ending unused = Ending.of(ProcessState.unknown(self));
    }

    /**
     * An engine over an available backend. Its watcher stands before the first spawn, so that exhaustion cannot strand a
     * child (D9).
     */
    public static Engine over(ProcessBackend backend) throws ProcessException {
        return over(backend, EngineThreads.named("osprocess-" + backend.name() + "-exit-watcher"));
    }

    /** The same with a watcher thread of the caller's making, for tests. */
    public static Engine over(ProcessBackend backend, ThreadFactory watcherThreads) throws ProcessException {
        return new Engine(backend, backend.capabilities(), watcherThreads);
    }

    /** The backend below. */
    public ProcessBackend backend() {
        return backend;
    }

    ExitWatcher watcher() {
        return watcher;
    }

    ExitDispatcher dispatcher() {
        return dispatcher;
    }

    /** Children that are not reaped yet, and the claims on them. */
    ConcurrentHashMap<Long, ReapClaim> owners() {
        return owners;
    }

    /** How many children are not reaped yet, for tests. */
    public int unreaped() {
        return owners.size();
    }

    /** How many objects are being watched, for tests. */
    public int watched() {
        return watcher.watched();
    }

    /** Starts a program on the calling thread (D8). */
    public LifeCycle start(OsString program, List<OsString> arguments, ProcessAttributes attributes)
            throws ProcessException {
        StartRequest request = check.check(program, arguments, attributes);
        long birth = numbers.beginBirth();
        try {
            Target target = backend.start(request);
            LifeCycle life = LifeCycle.ofStarted(this, target, attributes.onClose());
            owners.put(target.pid(), life.claim());
            numbers.born(target.pid());
            return life;
        } finally {
            numbers.endBirth(birth);
        }
    }

    /** What a start would be asked for, if nothing speaks against it (START-52). */
    StartRequest checked(OsString program, List<OsString> arguments, ProcessAttributes attributes)
            throws ProcessException {
        return check.check(program, arguments, attributes);
    }

    /** Refuses what this backend lacks, before anything is done (START-52). */
    void require(Capability capability, String remedy) {
        if (!has(capability)) {
            throw StartCheck.refusal(backend, capability, remedy);
        }
    }

    /** Whether the backend can do this. */
    boolean has(Capability capability) {
        return capabilities.contains(capability);
    }

    /** Children by number, apart from those that objects own. */
    public Numbers numbers() {
        return numbers;
    }

    /** Opens a process by number; DONE from birth if there is none (D5). */
    public LifeCycle find(long pid) throws ProcessException {
        checkPid(pid);
        try {
            return opened(pid);
        } catch (ProcessDoneException gone) {
            return LifeCycle.ofGone(this, new GoneTarget(pid, strategyOfGone), gone);
        }
    }

    /** Opens a process by number; null if there is none (D5). */
    public @Nullable LifeCycle findLive(long pid) throws ProcessException {
        checkPid(pid);
        try {
            return opened(pid);
        } catch (ProcessDoneException gone) {
            return null;
        }
    }

    private LifeCycle opened(long pid) throws ProcessException {
        while (true) {
            ReapClaim owner = owners.get(pid);
            if (owner == null) {
                return LifeCycle.ofFound(this, backend.open(pid), null);
            }
            // While we hold this our child is not reaped, so the number is its own and not yet a newcomer's (D18).
            Lock pinned = owner.signalLock();
            pinned.lock();
            try {
                if (!owner.isSettled()) {
                    return LifeCycle.ofFound(this, backend.open(pid), owner);
                }
            } finally {
                pinned.unlock();
            }
            owners.remove(pid, owner);
        }
    }

    /** This JVM's own process, for a caller that means it (SIG-26). */
    public LifeCycle current() throws ProcessException {
        return opened(self).allowingSignalsToSelf();
    }

    /** Opens the process that this names, or says that it is gone (D16): open first, then read, then compare. */
    public LifeCycle find(ProcessIdentity identity) throws ProcessException {
        LifeCycle life = find(identity.pid());
        boolean same = false;
        try {
            same = life.identity().denotesSameProcess(identity);
        } catch (ProcessDoneException ended) {
            same = false;
        } finally {
            if (!same) {
                life.release();
            }
        }
        if (same) {
            return life;
        }
        ProcessException gone = ProcessException.builder(ErrorKind.ALREADY_DONE, "find")
                .pid(identity.pid())
                .detail("the process of this identity is gone; its number is free, or somebody else's")
                .build();
        return LifeCycle.ofGone(this, new GoneTarget(identity.pid(), strategyOfGone), (ProcessDoneException) gone);
    }

    /** ID-07, ID-08: neither the caller's own group, nor everybody, nor another group. */
    private static void checkPid(long pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException(
                    "pid " + pid + ": must be 1 or more; a group is signalled through its leader");
        }
    }

    /** D17: nobody can see its own end. */
    void refuseWaitForSelf(LifeCycle life) throws ProcessException {
        if (life.pid() == self && !life.isStarted()) {
            throw ProcessException.builder(ErrorKind.INVALID, "waitFor")
                    .pid(self)
                    .detail("this is the JVM itself; a process cannot wait for its own end")
                    .build();
        }
    }

    /** SIG-26: a wrong pid must not end the JVM. */
    void refuseSignalToSelf(LifeCycle life, Signal signal) throws ProcessException {
        if (life.pid() == self && !life.isStarted() && !life.maySignalSelf() && !signal.equals(Signal.of(0))) {
            throw ProcessException.builder(ErrorKind.INVALID, "signal")
                    .pid(self)
                    .detail("this is the JVM itself; use OsProcess.current() if that is what you mean")
                    .build();
        }
    }

    /** Refuses, before anything is sent, what a tree kill cannot do here (START-52, SIG-26). */
    void refuseTreeKill(LifeCycle life) throws ProcessException {
        if (life.pid() == self && !life.isStarted()) {
            throw ProcessException.builder(ErrorKind.INVALID, "killTree")
                    .pid(self)
                    .detail("this is the JVM itself; a process cannot kill its own tree")
                    .build();
        }
        require(Capability.CHILDREN, "kill the process itself, or start it in a group of its own");
    }

    /** The error for a process that has finished. */
    static ProcessException done(String operation, long pid) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, operation)
                .pid(pid)
                .detail("the process has finished already")
                .build();
    }

    /** Each as an {@link OsString}. */
    public static List<OsString> osStrings(List<String> texts) {
        List<OsString> all = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            all.add(OsString.of(texts.get(i)));
        }
        return all;
    }

    /**
     * Ends the threads of an engine that a test made for itself.
     *
     * @throws IllegalStateException if the watcher does not end in bounded time, with the place where it is
     */
    public void stop() throws InterruptedException {
        dispatcher.shutdown();
        watcher.stop();
    }
}
