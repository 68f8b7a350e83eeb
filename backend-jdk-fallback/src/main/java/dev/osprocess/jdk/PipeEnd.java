// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import org.jspecify.annotations.Nullable;

/**
 * This process's end of a pipe, over the JDK's stream: a thread that is interrupted goes on reading or writing, as with
 * any stream.
 */
final class PipeEnd implements ByteChannel {
    private static final int MOST_AT_ONCE = 64 * 1024;

    private final @Nullable InputStream in;
    private final @Nullable OutputStream out;
    private volatile boolean closed;

    private PipeEnd(@Nullable InputStream in, @Nullable OutputStream out) {
        this.in = in;
        this.out = out;
    }

    static PipeEnd reading(InputStream in) {
        return new PipeEnd(in, null);
    }

    static PipeEnd writing(OutputStream out) {
        return new PipeEnd(null, out);
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        if (in == null) {
            throw new NonReadableChannelException();
        }
        checkOpen();
        byte[] bytes = new byte[Math.min(buffer.remaining(), MOST_AT_ONCE)];
        int count = in.read(bytes);
        if (count > 0) {
            buffer.put(bytes, 0, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
        if (out == null) {
            throw new NonWritableChannelException();
        }
        checkOpen();
        byte[] bytes = new byte[Math.min(buffer.remaining(), MOST_AT_ONCE)];
        buffer.duplicate().get(bytes);
        out.write(bytes);
        out.flush(); // the JDK's stream keeps bytes back, a channel does not
        buffer.position(buffer.position() + bytes.length);
        return bytes.length;
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        if (in != null) {
            in.close();
        }
        if (out != null) {
            out.close();
        }
    }
}
