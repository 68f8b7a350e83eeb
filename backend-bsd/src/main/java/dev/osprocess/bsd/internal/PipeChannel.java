// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * This process's end of a child's pipe. The JDK has no public way to make a channel of a descriptor, and /dev/fd is not
 * everywhere, so this one reads and writes by itself. The end is in non-blocking mode, which the child's end does not
 * share; a thread that has to wait does so in poll(2), and looks every 100 ms whether the channel was closed.
 */
final class PipeChannel implements ByteChannel {
    private static final int CHUNK = 8192;
    private static final int CLOSE_CHECK_MILLIS = 100;

    /** Set in {@link #users} once it is closed. */
    private static final int CLOSED = 1 << 30;

    private final BsdSystem system;
    private final int fd;
    private final boolean reads;

    /** How many calls use the descriptor, and whether the channel is closed; the last one out closes the descriptor. */
    private final AtomicInteger users = new AtomicInteger();

    private PipeChannel(BsdSystem system, int fd, boolean reads) {
        this.system = system;
        this.fd = fd;
        this.reads = reads;
    }

    /** A channel over this end, which is the channel's from now on, also if this fails. */
    static PipeChannel adopt(BsdSystem system, int fd, boolean reads) throws ErrnoException {
        boolean done = false;
        try {
            Descriptors.nonBlocking(system, fd, true);
            done = true;
            return new PipeChannel(system, fd, reads);
        } finally {
            if (!done) {
                Descriptors.close(system.calls(), fd);
            }
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!reads) {
            throw new NonReadableChannelException();
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        byte[] chunk = new byte[Math.min(CHUNK, into.remaining())];
        enter();
        try {
            while (true) {
                int count = tryRead(chunk);
                if (count > 0) {
                    into.put(chunk, 0, count);
                }
                if (count != 0) {
                    return count;
                }
                await(system.profile().pollIn);
            }
        } catch (ErrnoException failed) {
            throw new IOException(failed.getMessage(), failed);
        } finally {
            leave();
        }
    }

    /** How much was read; −1 at the end; 0 if nothing is there yet. */
    private int tryRead(byte[] chunk) throws ErrnoException {
        try {
            int count = system.calls().read(fd, chunk, chunk.length);
            return count == 0 ? -1 : count;
        } catch (ErrnoException failed) {
            return notYet(failed);
        }
    }

    private static int notYet(ErrnoException failed) throws ErrnoException {
        if (failed.error() == Errno.EAGAIN || failed.error() == Errno.EINTR) {
            return 0;
        }
        throw failed;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (reads) {
            throw new NonWritableChannelException();
        }
        int written = 0;
        enter();
        try {
            while (from.hasRemaining()) {
                byte[] chunk = new byte[Math.min(CHUNK, from.remaining())];
                from.get(from.position(), chunk);
                int count = tryWrite(chunk);
                from.position(from.position() + count);
                written += count;
                if (count == 0) {
                    await(system.profile().pollOut);
                }
            }
            return written;
        } catch (ErrnoException failed) {
            throw new IOException(failed.getMessage(), failed);
        } finally {
            leave();
        }
    }

    private int tryWrite(byte[] chunk) throws ErrnoException {
        try {
            return system.calls().write(fd, chunk, chunk.length);
        } catch (ErrnoException failed) {
            return notYet(failed);
        }
    }

    private void await(int events) throws ErrnoException, AsynchronousCloseException {
        int ready;
        do {
            if (!isOpen()) {
                throw new AsynchronousCloseException();
            }
            ready = Descriptors.poll(system.calls(), fd, events, CLOSE_CHECK_MILLIS);
        } while (ready == 0);
    }

    private void enter() throws ClosedChannelException {
        while (true) {
            int now = users.get();
            if ((now & CLOSED) != 0) {
                throw new ClosedChannelException();
            }
            if (users.compareAndSet(now, now + 1)) {
                return;
            }
        }
    }

    private void leave() {
        if (users.decrementAndGet() == CLOSED) {
            Descriptors.close(system.calls(), fd);
        }
    }

    @Override
    public boolean isOpen() {
        return (users.get() & CLOSED) == 0;
    }

    @Override
    public void close() {
        int before = users.getAndUpdate(now -> now | CLOSED);
        if (before == 0) {
            Descriptors.close(system.calls(), fd);
        }
    }
}
