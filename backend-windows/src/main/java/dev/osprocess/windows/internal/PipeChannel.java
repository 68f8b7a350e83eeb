// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;

/**
 * The parent's end of a child's pipe. A channel of the JDK cannot be made of a HANDLE. Closing never waits for a read or
 * write that is under way: that one is cancelled, and the handle closed by whoever is the last to use it, so that no call
 * can meet a handle that was closed and given to something else.
 */
final class PipeChannel implements ByteChannel {
    private static final int CHUNK = 64 * 1024;

    private final WindowsSyscalls calls;
    private final long handle;
    private final boolean reads;

    /** Reads and writes under way; guarded by this, which nobody holds during one. */
    private int users;

    private boolean open = true;

    PipeChannel(WindowsSyscalls calls, long handle, boolean reads) {
        this.calls = calls;
        this.handle = handle;
        this.reads = reads;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!reads) {
            throw new NonReadableChannelException();
        }
        byte[] chunk = new byte[Math.min(CHUNK, into.remaining())];
        enter();
        try {
            int count = calls.readFile(handle, chunk, 0, chunk.length);
            into.put(chunk, 0, count);
            return count;
        } catch (Win32Exception failed) {
            if (failed.error() == Win32Error.BROKEN_PIPE && isOpen()) {
                return -1; // every writer has closed its end
            }
            throw failure(failed);
        } finally {
            leave();
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (reads) {
            throw new NonWritableChannelException();
        }
        int written = 0;
        byte[] chunk = new byte[Math.min(CHUNK, from.remaining())];
        enter();
        try {
            while (from.hasRemaining()) { // each round takes something: a blocking pipe never takes nothing
                int length = Math.min(chunk.length, from.remaining());
                from.duplicate().get(chunk, 0, length);
                int count = calls.writeFile(handle, chunk, 0, length);
                from.position(from.position() + count);
                written += count;
                if (count == 0) {
                    return written;
                }
            }
            return written;
        } catch (Win32Exception failed) {
            throw failure(failed);
        } finally {
            leave();
        }
    }

    private IOException failure(Win32Exception failed) {
        return isOpen() ? new IOException(failed.getMessage(), failed) : new AsynchronousCloseException();
    }

    private synchronized void enter() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
        users++;
    }

    private void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = !open && users == 0;
        }
        if (last) {
            Handles.close(calls, handle);
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        boolean last;
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            last = users == 0;
            if (!last) {
                cancel(); // inside: its user cannot close the handle meanwhile
            }
        }
        if (last) {
            Handles.close(calls, handle);
        }
    }

    private void cancel() {
        try {
            calls.cancelIo(handle);
        } catch (Win32Exception nothingUnderWay) {
            // it has not begun yet, or is over: then it ends when the child closes its end
        }
    }
}
