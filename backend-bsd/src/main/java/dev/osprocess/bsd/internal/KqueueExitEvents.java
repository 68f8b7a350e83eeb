// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.NoChildException;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * Exit events by kqueue(2), EVFILT_PROC with NOTE_EXIT.
 *
 * <p>kqueue knows a process by its number, once for each number; so targets of one number share a registration. Its data is
 * a number of our own that never comes back: an event of a registration that is gone means nothing to anybody, and neither
 * does one of a descriptor that has a pid's number (WAIT-34).
 *
 * <p>An event may come before the child can be reaped: the engine then looks by deadline (WAIT-33). For a process that is
 * no child of ours the event itself is what tells, because its zombie may answer signals for ever. It is confirmed first,
 * since the number may have changed hands between the exit and the event: only an ended process answers a new registration
 * at once, by ESRCH (OpenBSD, macOS) or by an event (FreeBSD, DragonFly).
 */
final class KqueueExitEvents implements ExitEvents {
    /** The data of the pipe that wakes the watcher; registrations begin at 1. */
    private static final long WAKE = 0;

    private static final int BATCH = 256;
    private static final long PROOF_NANOS = 1_000_000_000;

    private final BsdSystem system;
    private final BsdSyscalls calls;
    private final BsdProfile.KernelEvents numbers;
    private final int kqueue;
    private final int wakeRead;
    private final int wakeWrite;

    /** Used by the watcher thread alone. */
    private final EventBatch batch = new EventBatch(BATCH);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Registration> byPid = new HashMap<>();
    private final Map<Long, Registration> byId = new HashMap<>();
    private long nextId = WAKE + 1;

    /** What the kernel watches under one number. */
    private static final class Registration {
        final int pid;
        final Map<Long, NumberTarget> targets = new LinkedHashMap<>();
        final long id;

        Registration(int pid, long id) {
            this.pid = pid;
            this.id = id;
        }

        boolean holdsForeign() {
            for (NumberTarget target : targets.values()) {
                if (target instanceof ForeignTarget) {
                    return true;
                }
            }
            return false;
        }
    }

    private KqueueExitEvents(
            BsdSystem system, BsdProfile.KernelEvents numbers, int kqueue, int wakeRead, int wakeWrite) {
        this.system = system;
        this.calls = system.calls();
        this.numbers = numbers;
        this.kqueue = kqueue;
        this.wakeRead = wakeRead;
        this.wakeWrite = wakeWrite;
    }

    static KqueueExitEvents open(BsdSystem system) throws ProcessException {
        try {
            return openOrFail(system);
        } catch (ErrnoException failed) {
            throw BsdErrors.of(failed);
        }
    }

    private static KqueueExitEvents openOrFail(BsdSystem system) throws ErrnoException {
        BsdSyscalls calls = system.calls();
        BsdProfile.KernelEvents numbers = system.profile().events;
        if (numbers == null) {
            throw new AssertionError("internal error: " + system.profile() + " has no kqueue");
        }
        int kqueue = -1;
        int[] wake = {-1, -1};
        try {
            kqueue = calls.kqueue();
            wake = Descriptors.pipe(system);
            Descriptors.nonBlocking(system, wake[0], true);
            Descriptors.nonBlocking(system, wake[1], true);
            calls.change(kqueue, wake[0], numbers.readable(), numbers.add(), 0, WAKE);
            return new KqueueExitEvents(system, numbers, kqueue, wake[0], wake[1]);
        } catch (ErrnoException failed) {
            Descriptors.close(calls, kqueue);
            Descriptors.close(calls, wake[0]);
            Descriptors.close(calls, wake[1]);
            throw failed;
        }
    }

    /**
     * Why exit events cannot be had here; empty if they can. Performs the calls once: a wake-up must come back as it was
     * sent, which also shows that struct kevent looks as we think, and this process must be watchable. For the probe.
     */
    static String obstacle(BsdSystem system) {
        if (system.profile().events == null) {
            return system.profile() + " has no kqueue";
        }
        try {
            KqueueExitEvents events = openOrFail(system);
            try {
                return events.prove();
            } finally {
                events.close();
            }
        } catch (ErrnoException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    private String prove() throws ErrnoException {
        int self = calls.getpid();
        calls.change(kqueue, self, numbers.process(), numbers.add(), numbers.exit(), nextId);
        calls.change(kqueue, self, numbers.process(), numbers.delete(), 0, 0);
        calls.write(wakeWrite, new byte[1], 1);
        int count = calls.events(kqueue, batch, PROOF_NANOS);
        boolean understood = count == 1
                && batch.idents[0] == wakeRead
                && batch.filters[0] == numbers.readable()
                && batch.data[0] == WAKE;
        return understood ? "" : "kevent(2) does not answer as the table of " + system.profile() + " says";
    }

    @Override
    public boolean add(long key, Target target) throws ProcessException {
        if (!(target instanceof NumberTarget held)) {
            return false;
        }
        lock.lock();
        try {
            Registration registration = byPid.get(held.pid);
            if (registration == null) {
                registration = new Registration(held.pid, nextId++);
                byPid.put(held.pid, registration);
                byId.put(registration.id, registration);
            }
            registration.targets.put(key, held);
            boolean added = false;
            try {
                // also for a number that is registered already: its process may have ended, and be another by now
                watch(registration);
                if (mayBeSilent(held)) {
                    return false; // WAIT-30; the registration, if no other target has it, is forgotten: its event says
                    // nothing
                }
                added = true;
                return true;
            } catch (ErrnoException failed) {
                if (failed.error() != Errno.ESRCH) {
                    throw BsdErrors.onProcess(failed, held.pid);
                }
                exited(List.of(held)); // it has ended already; some systems find no zombies
                return false;
            } finally {
                if (!added) {
                    forget(registration, key);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the process is a child of ours that has ended, where kqueue may not tell of that any more. */
    private boolean mayBeSilent(NumberTarget held) throws ProcessException {
        if (!system.profile().has(BsdTrait.ZOMBIES_MAY_BE_SILENT)) {
            return false;
        }
        try {
            return !ChildWaits.canPeek(system) || ChildWaits.peek(system, held.pid) != null;
        } catch (NoChildException stranger) {
            return false;
        }
    }

    private void watch(Registration registration) throws ErrnoException {
        calls.change(kqueue, registration.pid, numbers.process(), numbers.add(), numbers.exit(), registration.id);
    }

    /** Whether nothing is registered for this number any more. */
    private boolean forget(Registration registration, long key) {
        registration.targets.remove(key);
        if (!registration.targets.isEmpty()) {
            return false;
        }
        byPid.remove(registration.pid);
        byId.remove(registration.id);
        return true;
    }

    private static void exited(Iterable<NumberTarget> targets) {
        for (NumberTarget target : targets) {
            if (target instanceof ForeignTarget foreign) {
                foreign.exitSeen();
            }
        }
    }

    @Override
    public void remove(long key, Target target) {
        lock.lock();
        try {
            Registration registration = byPid.get((int) target.pid());
            if (registration != null && registration.targets.containsKey(key) && forget(registration, key)) {
                calls.change(kqueue, registration.pid, numbers.process(), numbers.delete(), 0, 0);
            }
        } catch (ErrnoException failed) {
            // the kernel takes a registration back by itself when its event was delivered or its process is gone
            if (failed.error() != Errno.ENOENT && failed.error() != Errno.ESRCH) {
                throw new AssertionError(
                        "internal error: kevent(EV_DELETE) of pid " + target.pid() + " failed", failed);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void await(long nanos, LongConsumer ended) throws ProcessException {
        try {
            int count = calls.events(kqueue, batch, nanos);
            for (int i = 0; i < count; i++) {
                if (batch.filters[i] == numbers.process()) {
                    ended((int) batch.idents[i], batch.data[i], ended);
                } else if (batch.filters[i] == numbers.readable() && batch.data[i] == WAKE) {
                    drain();
                }
            }
        } catch (ErrnoException failed) {
            if (failed.error() != Errno.EINTR) { // WAIT-08: returning early is allowed, the engine comes back
                throw BsdErrors.of(failed);
            }
        }
    }

    private void ended(int pid, long id, LongConsumer ended) {
        List<Long> keys;
        lock.lock();
        try {
            Registration registration = byId.get(id);
            if (registration == null || registration.pid != pid) {
                return;
            }
            if (registration.holdsForeign() && isEnded(system, pid)) {
                exited(registration.targets.values());
            }
            keys = new ArrayList<>(registration.targets.keySet());
        } finally {
            lock.unlock();
        }
        for (long key : keys) {
            ended.accept(key);
        }
    }

    /**
     * Whether an ended process, perhaps a zombie, has this number: asks a kqueue of its own. False also where that cannot be
     * found out; the engine looks by deadline then.
     */
    static boolean isEnded(BsdSystem system, int pid) {
        BsdProfile.KernelEvents numbers = system.profile().events;
        if (numbers == null || !system.kqueue().isEmpty()) {
            return false;
        }
        BsdSyscalls calls = system.calls();
        int probe = -1;
        try {
            probe = calls.kqueue();
            calls.change(probe, pid, numbers.process(), numbers.add(), numbers.exit(), WAKE);
            return calls.events(probe, new EventBatch(1), 0) == 1;
        } catch (ErrnoException failed) {
            return failed.error() == Errno.ESRCH;
        } finally {
            Descriptors.close(calls, probe);
        }
    }

    private void drain() throws ErrnoException {
        byte[] bytes = new byte[64];
        try {
            while (calls.read(wakeRead, bytes, bytes.length) == bytes.length) {
                // until the pipe is empty
            }
        } catch (ErrnoException failed) {
            if (failed.error() != Errno.EAGAIN && failed.error() != Errno.EINTR) {
                throw failed;
            }
        }
    }

    @Override
    public void wakeup() {
        boolean again = true;
        while (again) {
            try {
                calls.write(wakeWrite, new byte[1], 1);
                again = false;
            } catch (ErrnoException failed) {
                again = failed.error() == Errno.EINTR; // of a write that does not block: not for long
                if (!again && failed.error() != Errno.EAGAIN) { // EAGAIN: the pipe is full, so it is readable
                    throw new AssertionError("internal error: the pipe of the exit watcher is broken", failed);
                }
            }
        }
    }

    @Override
    public void close() {
        Descriptors.close(calls, kqueue);
        Descriptors.close(calls, wakeRead);
        Descriptors.close(calls, wakeWrite);
    }
}
