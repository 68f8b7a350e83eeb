// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** One of the JDK's streams as the channel that the front hands out. */
final class PipeEnd implements ByteChannel {
    private final @Nullable ReadableByteChannel in;
    private final @Nullable OutputStream stream;
    private final @Nullable WritableByteChannel out;

    private PipeEnd(@Nullable ReadableByteChannel in, @Nullable OutputStream stream) {
        this.in = in;
        this.stream = stream;
        this.out = stream == null ? null : Channels.newChannel(stream);
    }

    static PipeEnd from(InputStream stream) {
        return new PipeEnd(Channels.newChannel(stream), null);
    }

    static PipeEnd to(OutputStream stream) {
        return new PipeEnd(null, stream);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (in == null) {
            throw new NonReadableChannelException();
        }
        return in.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (out == null || stream == null) {
            throw new NonWritableChannelException();
        }
        int written = out.write(from);
        stream.flush(); // the JDK buffers
        return written;
    }

    @Override
    public boolean isOpen() {
        return in != null ? in.isOpen() : out != null && out.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
        if (out != null) {
            out.close();
        }
    }
}
