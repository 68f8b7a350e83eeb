// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.NoChildException;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Children by number, as the first os package had them, kept apart from those that objects own: their ends are never taken
 * here (D18, OLD-15, OLD-20).
 */
public final class Numbers {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Engine engine;

    /**
     * Shared by starts, so that each child stands among the owned ones before a wait by number can look; alone for such a
     * look, which does not block, and is put off while a start is under way: no start ever waits for another (START-48).
     */
    private final StampedLock births = new StampedLock();

    /** One look at a time, so that a number is not taken twice. */
    private final ReentrantLock looks = new ReentrantLock();

    /** Children that {@link #forkExec} made and nobody has waited for: they are no newborns, whatever is being started. */
    private final Set<Long> bare = ConcurrentHashMap.newKeySet();

    /** Children whose objects let go without a reap: nobody's, and still not to be waited for by number. */
    private final Set<Long> released = ConcurrentHashMap.newKeySet();

    Numbers(Engine engine) {
        this.engine = engine;
    }

    /** Begins a start; give the stamp to {@link #endBirth}. */
    long beginBirth() {
        return births.readLock();
    }

    /** Ends what {@link #beginBirth} began. */
    void endBirth(long stamp) {
        births.unlockRead(stamp);
    }

    /** This number is a newborn's: whoever had it is gone. */
    void born(long pid) {
        released.remove(pid);
    }

    /** A child was let go without being reaped. */
    void released(long pid) {
        if (engine.has(Capability.WAIT_BY_NUMBER)) {
            released.add(pid);
        }
    }

    /** Starts a child that is held by nothing. */
    public long forkExec(
            OsString argv0,
            List<OsString> argv,
            List<OsString> environment,
            @Nullable OsString directory,
            List<ChildFile> files)
            throws ProcessException {
        for (int place = 0; place < files.size(); place++) {
            switch (files.get(place).kind()) {
                case PIPE, PIPE_TO_CHILD, PIPE_FROM_CHILD ->
                    throw new IllegalArgumentException(
                            "files[" + place
                                    + "] is a pipe, and a bare pid has no end of it to give; use descriptor(n) or OsProcess.start");
                default -> {}
            }
        }
        ProcessAttributes.Builder attributes =
                ProcessAttributes.builder().environmentRaw(environment).files(files);
        if (directory != null) {
            attributes.directory(directory);
        }
        StartRequest request = engine.checked(argv0, argv, attributes.build());
        long stamp = beginBirth();
        try {
            Target target = engine.backend().start(request);
            long pid = target.pid();
            born(pid);
            engine.owners().remove(pid); // somebody else reaped that child, or its number would not be free
            bare.add(pid);
            target.close();
            return pid;
        } finally {
            endBirth(stamp);
        }
    }

    /** Waits by number. */
    public WaitMessage waitPid(long pid, Set<WaitOption> options) throws ProcessException, InterruptedException {
        engine.require(Capability.WAIT_BY_NUMBER, "start with OsProcess.start and wait for the object");
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            WaitMessage message = lookOnce(pid, options);
            if (message != null) {
                return message;
            }
            if (options.contains(WaitOption.NO_HANG)) {
                return WaitMessage.nothing();
            }
            TimeUnit.NANOSECONDS.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    /** Null if there is nothing to report, or it cannot be told apart from a newborn's yet. */
    private @Nullable WaitMessage lookOnce(long pid, Set<WaitOption> options) throws ProcessException {
        looks.lock();
        try {
            if (bare.contains(pid)) {
                return take(pid, options);
            }
            refuseOwned(pid);
            long stamp = births.tryWriteLock(); // never queued: starts would queue behind it
            if (stamp == 0) {
                return null;
            }
            try {
                refuseOwned(pid);
                return take(pid, options);
            } finally {
                births.unlockWrite(stamp);
            }
        } finally {
            looks.unlock();
        }
    }

    private @Nullable WaitMessage take(long pid, Set<WaitOption> options) throws ProcessException {
        try {
            WaitMessage message = engine.backend().waitByNumber(pid, options);
            if (message != null && (message.exited() || message.signaled())) {
                bare.remove(message.pid());
            }
            return message;
        } catch (NoChildException taken) {
            bare.remove(pid);
            throw taken;
        }
    }

    private void refuseOwned(long pid) throws ProcessException {
        if (pid > 0 && (engine.owners().containsKey(pid) || released.contains(pid))) {
            throw refusal(
                    pid,
                    "this child was started by OsProcess.start, and its end is the object's; wait through that object");
        }
        int owned = engine.owners().size() + released.size();
        if (pid <= 0 && owned > 0) {
            throw refusal(
                    pid,
                    "OsProcess objects started " + owned
                            + " of this process's children, whose ends this could take; wait"
                            + " for a child by its own pid");
        }
    }

    private static ProcessException refusal(long pid, String detail) {
        return ProcessException.builder(ErrorKind.INVALID, "wait")
                .pid(pid)
                .detail(detail)
                .build();
    }
}
