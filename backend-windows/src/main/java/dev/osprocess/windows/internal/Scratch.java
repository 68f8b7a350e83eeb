// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;

/** Native memory for one call: given back all at once, and not before. */
final class Scratch implements AutoCloseable {
    private final List<Memory> blocks = new ArrayList<>();

    /** A block of zeros. */
    Memory zeroed(long size) {
        Memory block = new Memory(size);
        blocks.add(block);
        block.clear();
        return block;
    }

    /** These bytes. */
    Memory bytes(byte[] content) {
        Memory block = new Memory(Math.max(1, content.length));
        blocks.add(block);
        block.write(0, content, 0, content.length);
        return block;
    }

    /** This text in UTF-16, unit by unit, with the NUL that ends it. */
    Memory wide(String text) {
        byte[] units = new byte[(text.length() + 1) * Character.BYTES];
        for (int i = 0; i < text.length(); i++) {
            units[2 * i] = (byte) text.charAt(i);
            units[2 * i + 1] = (byte) (text.charAt(i) >>> 8);
        }
        return bytes(units);
    }

    /** These handles. */
    Memory handles(long... values) {
        Memory block = new Memory((long) values.length * Long.BYTES);
        blocks.add(block);
        block.write(0, values, 0, values.length);
        return block;
    }

    @Override
    public void close() {
        blocks.forEach(Memory::close);
    }
}
