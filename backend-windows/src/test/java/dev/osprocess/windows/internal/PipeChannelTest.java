// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The parent's end of a pipe. */
final class PipeChannelTest {
    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private PipeChannel channel(boolean reads) throws Win32Exception {
        long[] ends = new long[2];
        calls.createPipe(ends);
        calls.closeHandle(ends[reads ? 1 : 0]);
        return new PipeChannel(calls, ends[reads ? 0 : 1], reads);
    }

    @Test
    void whatTheChildWroteIsReadUpToItsEnd() throws Exception {
        PipeChannel channel = channel(true);
        calls.toRead.add(new byte[] {1, 2, 3});
        ByteBuffer buffer = ByteBuffer.allocate(8);
        assertEquals(3, channel.read(buffer));
        assertArrayEquals(new byte[] {1, 2, 3}, java.util.Arrays.copyOf(buffer.array(), 3));
        assertEquals(-1, channel.read(buffer)); // ERROR_BROKEN_PIPE
        channel.close();
        channel.close();
        assertEquals(List.of(), calls.openBesideStreams());
        assertThrows(ClosedChannelException.class, () -> channel.read(buffer));
        assertFalse(channel.isOpen());
    }

    @Test
    void everythingIsWrittenInPieces() throws Exception {
        PipeChannel channel = channel(false);
        assertEquals(150_000, channel.write(ByteBuffer.wrap(new byte[150_000])));
        assertEquals(3, calls.written.size());
        calls.fail("WriteFile", Win32Error.NO_DATA);
        IOException failed = assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertEquals("WriteFile: ERROR_NO_DATA (232) the pipe is being closed", failed.getMessage());
    }

    @Test
    void eachEndHasOneDirection() throws Exception {
        assertThrows(NonReadableChannelException.class, () -> channel(false).read(ByteBuffer.allocate(1)));
        assertThrows(NonWritableChannelException.class, () -> channel(true).write(ByteBuffer.allocate(1)));
    }
}
