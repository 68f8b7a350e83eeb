// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** An environment as the system takes it: entries of bytes, without the NUL at their end. */
final class EncodedEnvironment {
    private final byte[][] entries;

    EncodedEnvironment(byte[][] entries) {
        this.entries = entries;
    }

    /** The entries; not to be changed. */
    byte[][] entries() {
        return entries;
    }

    /** How many bytes the entries take, for error texts. */
    long bytes() {
        long sum = 0;
        for (byte[] entry : entries) {
            sum += entry.length + 1;
        }
        return sum;
    }
}
