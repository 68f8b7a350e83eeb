// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A block of native memory, freed by {@link #close()}. */
final class NativeBlock implements AutoCloseable {
    static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final long address;

    /** Holds the memory where the garbage collector frees it; null where {@link #close()} does. */
    private final @Nullable ByteBuffer collected;

    private NativeBlock(long address, @Nullable ByteBuffer collected) {
        this.address = address;
        this.collected = collected;
    }

    /** A block of this size, zeroed. */
    static NativeBlock zeroed(long size) {
        return new NativeBlock(allocate(size, true), null);
    }

    /** The same in memory that is freed when the block is no longer reachable. */
    static NativeBlock collectedZeroed(int size) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        return new NativeBlock(MEMORY.getDirectBufferAddress(buffer), buffer);
    }

    /** A block that holds these bytes and a NUL. */
    static NativeBlock string(byte[] bytes) {
        long address = allocate(bytes.length + 1L, false);
        MEMORY.putByteArray(address, bytes, 0, bytes.length);
        MEMORY.putByte(address + bytes.length, (byte) 0);
        return new NativeBlock(address, null);
    }

    /** A block that holds some of these bytes. */
    static NativeBlock ofBytes(byte[] bytes, int offset, int length) {
        long address = allocate(length, false);
        MEMORY.putByteArray(address, bytes, offset, length);
        return new NativeBlock(address, null);
    }

    /** A block that holds an array of pointers to strings, ended by a null pointer, and the strings behind it. */
    static NativeBlock strings(byte[][] strings) {
        long address = allocate(sizeOf(strings), false);
        put(address, strings);
        return new NativeBlock(address, null);
    }

    /** The same in memory that is freed when the block is no longer reachable. */
    static NativeBlock collectedStrings(byte[][] strings) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(sizeOf(strings)));
        long address = MEMORY.getDirectBufferAddress(buffer);
        put(address, strings);
        return new NativeBlock(address, buffer);
    }

    private static long sizeOf(byte[][] strings) {
        long size = (strings.length + 1L) * Long.BYTES;
        for (byte[] string : strings) {
            size += string.length + 1L;
        }
        return size;
    }

    private static void put(long address, byte[][] strings) {
        long text = address + (strings.length + 1L) * Long.BYTES;
        for (int i = 0; i < strings.length; i++) {
            byte[] string = strings[i];
            MEMORY.putLong(address + (long) i * Long.BYTES, text);
            MEMORY.putByteArray(text, string, 0, string.length);
            MEMORY.putByte(text + string.length, (byte) 0);
            text += string.length + 1L;
        }
        MEMORY.putLong(address + (long) strings.length * Long.BYTES, 0);
    }

    private static long allocate(long size, boolean clear) {
        long address = MEMORY.allocateMemory(size, clear);
        if (address == 0) {
            throw new OutOfMemoryError("no native memory for " + size + " bytes");
        }
        return address;
    }

    long address() {
        return address;
    }

    /** Reads the first bytes. */
    void getBytes(byte[] into, int length) {
        MEMORY.getByteArray(address, into, 0, length);
    }

    int getInt(long offset) {
        return MEMORY.getInt(address + offset);
    }

    long getLong(long offset) {
        return MEMORY.getLong(address + offset);
    }

    void putInt(long offset, int value) {
        MEMORY.putInt(address + offset, value);
    }

    void putLong(long offset, long value) {
        MEMORY.putLong(address + offset, value);
    }

    @Override
    public void close() {
        if (collected == null) {
            MEMORY.freeMemory(address);
        }
    }
}
