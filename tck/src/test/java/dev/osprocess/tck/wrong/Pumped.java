// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A pipe's end that is read ahead by a thread of its own, which so knows when the last writer is gone. */
final class Pumped implements ByteChannel {
    private static final int END = -1;

    private final ByteChannel pipe;
    private final BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
    private volatile boolean ended;
    private volatile boolean closed;

    Pumped(ByteChannel pipe) {
        this.pipe = pipe;
        Thread thread = new Thread(this::pump, "osprocess-wrong pump");
        thread.setDaemon(true);
        thread.start();
    }

    private void pump() {
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            while (pipe.read(one) > 0) {
                read.add((int) one.get(0));
                one.clear();
            }
        } catch (IOException closedMeanwhile) {
            closed = true;
        }
        ended = true;
        read.add(END);
    }

    /** Whether nobody holds the other end any more. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        try {
            int next = read.take();
            if (next == END) {
                read.add(END);
                return END;
            }
            into.put((byte) next);
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new java.nio.channels.ClosedByInterruptException();
        }
    }

    @Override
    public int write(ByteBuffer from) {
        throw new java.nio.channels.NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        pipe.close();
    }
}
