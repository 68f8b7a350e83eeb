// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static dev.osprocess.bsd.internal.NativeFunction.INT;
import static dev.osprocess.bsd.internal.NativeFunction.WORD;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * As much of kqueue(2) as this backend uses, over epoll and pidfds: so the watching of exits runs with real processes on
 * Linux too. It behaves as FreeBSD's: an event is told once, and registering a zombie tells of it at once.
 */
final class KqueueOnLinux {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int READABLE = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONGEST_MILLIS = 1_000_000;

    /** struct epoll_event is packed on x86-64 alone. */
    private static final int DATA_AT = System.getProperty("os.arch", "").equals("amd64") ? 4 : 8;

    private static final int EVENT_SIZE = DATA_AT + Long.BYTES;

    private final BsdProfile profile;
    private final BsdSyscalls calls;
    private final NativeFunction create;
    private final NativeFunction control;
    private final NativeFunction await;
    private final NativeFunction openPidfd;
    private final Map<Integer, Map<Long, Knote>> queues = new HashMap<>();
    private long nextToken = 1;

    /** What is registered; {@code fd} is a pidfd of ours, or the caller's descriptor. */
    private record Knote(long ident, int filter, int fd, long data) {}

    KqueueOnLinux(BsdProfile profile, BsdSyscalls calls) {
        this.profile = profile;
        this.calls = calls;
        this.create = NativeFunction.of(profile, "epoll_create1", INT);
        this.control = NativeFunction.of(profile, "epoll_ctl", INT, INT, INT, WORD);
        this.await = NativeFunction.of(profile, "epoll_wait", INT, WORD, INT, INT);
        this.openPidfd = NativeFunction.of(profile, "pidfd_open", INT, INT);
    }

    /** Whether this C library and this kernel have what it takes. */
    static boolean isPossible(BsdProfile profile, int self, BsdSyscalls calls) {
        if (NativeFunction.addressOf("pidfd_open") == 0) {
            return false;
        }
        try {
            calls.close((int) NativeFunction.of(profile, "pidfd_open", INT, INT).call(self, 0));
            return true;
        } catch (ErrnoException refused) {
            return false;
        }
    }

    private BsdProfile.KernelEvents numbers() {
        BsdProfile.KernelEvents numbers = profile.events;
        if (numbers == null) {
            throw new AssertionError("the profile of the tests has no kqueue");
        }
        return numbers;
    }

    private int check(NativeFunction function, long result) throws ErrnoException {
        if ((int) result < 0) {
            throw profile.failure(function.name(), NativeFunction.errno());
        }
        return (int) result;
    }

    private void control(int queue, int operation, int fd, long token) throws ErrnoException {
        try (NativeBlock event = NativeBlock.zeroed(EVENT_SIZE)) {
            event.putInt(0, READABLE);
            event.putLong(DATA_AT, token);
            check(control, control.call(queue, operation, fd, event.address()));
        }
    }

    synchronized int kqueue() throws ErrnoException {
        int queue = check(create, create.call(EPOLL_CLOEXEC));
        queues.put(queue, new HashMap<>());
        return queue;
    }

    private Map<Long, Knote> notes(int queue) throws ErrnoException {
        Map<Long, Knote> notes = queues.get(queue);
        if (notes == null) {
            throw profile.failure("kevent", Errno.EBADF);
        }
        return notes;
    }

    synchronized void change(int queue, long ident, int filter, int flags, long data) throws ErrnoException {
        Map<Long, Knote> notes = notes(queue);
        for (Iterator<Map.Entry<Long, Knote>> all = notes.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Knote> each = all.next();
            Knote note = each.getValue();
            if (note.ident() == ident && note.filter() == filter) {
                if (flags == numbers().delete()) {
                    all.remove();
                    takeBack(queue, note);
                } else {
                    each.setValue(new Knote(ident, filter, note.fd(), data));
                }
                return;
            }
        }
        if (flags == numbers().delete()) {
            throw profile.failure("kevent", Errno.ENOENT);
        }
        int fd = filter == numbers().process() ? pidfd((int) ident) : (int) ident;
        long token = nextToken++;
        notes.put(token, new Knote(ident, filter, fd, data));
        boolean added = false;
        try {
            control(queue, ADD, fd, token);
            added = true;
        } finally {
            if (!added) {
                notes.remove(token);
                closePidfd(filter, fd);
            }
        }
    }

    private int pidfd(int pid) throws ErrnoException {
        long fd = openPidfd.call(pid, 0);
        if ((int) fd >= 0) {
            return (int) fd;
        }
        ErrnoException failed = profile.failure("kevent", NativeFunction.errno());
        // of a thread that is no process, Linux says EINVAL or ENOENT
        throw failed.error() == Errno.EINVAL || failed.error() == Errno.ENOENT
                ? profile.failure("kevent", Errno.ESRCH)
                : failed;
    }

    private void takeBack(int queue, Knote note) throws ErrnoException {
        control(queue, DELETE, note.fd(), 0);
        closePidfd(note.filter(), note.fd());
    }

    private void closePidfd(int filter, int fd) throws ErrnoException {
        if (filter == numbers().process()) {
            calls.close(fd);
        }
    }

    /** Not in one piece with the wait: whoever changes something must not wait for who awaits. */
    int events(int queue, EventBatch batch, long nanos) throws ErrnoException {
        int millis = nanos < 0 ? -1 : (int) Math.min(LONGEST_MILLIS, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        List<Long> tokens = new ArrayList<>();
        try (NativeBlock events = NativeBlock.zeroed((long) EVENT_SIZE * batch.capacity())) {
            int count = check(await, await.call(queue, events.address(), batch.capacity(), millis));
            for (int i = 0; i < count; i++) {
                tokens.add(events.getLong((long) i * EVENT_SIZE + DATA_AT));
            }
        }
        return take(queue, tokens, batch);
    }

    private synchronized int take(int queue, List<Long> tokens, EventBatch batch) throws ErrnoException {
        Map<Long, Knote> notes = notes(queue);
        int count = 0;
        for (long token : tokens) {
            Knote note = notes.get(token);
            if (note != null) { // taken back meanwhile
                batch.idents[count] = note.ident();
                batch.filters[count] = note.filter();
                batch.data[count++] = note.data();
                if (note.filter() == numbers().process()) {
                    notes.remove(token);
                    takeBack(queue, note);
                }
            }
        }
        return count;
    }

    /** What a queue holds goes with it. */
    synchronized void closing(int fd) throws ErrnoException {
        Map<Long, Knote> notes = queues.remove(fd);
        if (notes != null) {
            for (Knote note : notes.values()) {
                closePidfd(note.filter(), note.fd());
            }
        }
    }
}
