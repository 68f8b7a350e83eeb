// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import com.kenai.jffi.MemoryIO;

/** A block of native memory, freed by {@link #close()}. */
final class NativeBlock implements AutoCloseable {
    static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final long address;

    private NativeBlock(long address) {
        this.address = address;
    }

    /** A block of this size, zeroed. */
    static NativeBlock zeroed(long size) {
        return new NativeBlock(allocate(size, true));
    }

    /** A block that holds these bytes and a NUL. */
    static NativeBlock string(byte[] bytes) {
        long address = allocate(bytes.length + 1L, false);
        MEMORY.putByteArray(address, bytes, 0, bytes.length);
        MEMORY.putByte(address + bytes.length, (byte) 0);
        return new NativeBlock(address);
    }

    /** A block that holds an array of pointers to strings, ended by a null pointer, and the strings behind it. */
    static NativeBlock strings(byte[][] strings) {
        long size = (strings.length + 1L) * Long.BYTES;
        for (byte[] string : strings) {
            size += string.length + 1L;
        }
        long address = allocate(size, false);
        long text = address + (strings.length + 1L) * Long.BYTES;
        for (int i = 0; i < strings.length; i++) {
            byte[] string = strings[i];
            MEMORY.putLong(address + (long) i * Long.BYTES, text);
            MEMORY.putByteArray(text, string, 0, string.length);
            MEMORY.putByte(text + string.length, (byte) 0);
            text += string.length + 1L;
        }
        MEMORY.putLong(address + (long) strings.length * Long.BYTES, 0);
        return new NativeBlock(address);
    }

    private static long allocate(long size, boolean clear) {
        long address = MEMORY.allocateMemory(Math.max(size, 1), clear);
        if (address == 0) {
            throw new OutOfMemoryError("no native memory for " + size + " bytes");
        }
        return address;
    }

    long address() {
        return address;
    }

    short getShort(long offset) {
        return MEMORY.getShort(address + offset);
    }

    int getInt(long offset) {
        return MEMORY.getInt(address + offset);
    }

    long getLong(long offset) {
        return MEMORY.getLong(address + offset);
    }

    void getBytes(long offset, byte[] into, int length) {
        MEMORY.getByteArray(address + offset, into, 0, length);
    }

    void putShort(long offset, int value) {
        MEMORY.putShort(address + offset, (short) value);
    }

    void putInt(long offset, int value) {
        MEMORY.putInt(address + offset, value);
    }

    void putLong(long offset, long value) {
        MEMORY.putLong(address + offset, value);
    }

    void putBytes(long offset, byte[] from, int length) {
        MEMORY.putByteArray(address + offset, from, 0, length);
    }

    @Override
    public void close() {
        MEMORY.freeMemory(address);
    }
}
