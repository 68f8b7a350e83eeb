// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi.unix;

import org.jspecify.annotations.Nullable;

/**
 * An environment as a Unix system takes it: entries of bytes, without the NUL at their end. Immutable but for one slot, in
 * which a binding keeps the native form that it made of it.
 */
public final class EncodedEnvironment {
    private final byte[][] entries;
    private volatile @Nullable Object kept;

    EncodedEnvironment(byte[][] entries) {
        this.entries = entries;
    }

    /** The entries; not to be changed. */
    public byte[][] entries() {
        return entries;
    }

    /** How many bytes the entries take, for error texts. */
    public long bytes() {
        long sum = 0;
        for (byte[] entry : entries) {
            sum += entry.length + 1;
        }
        return sum;
    }

    /** What a binding kept here; null at first. */
    public @Nullable Object kept() {
        return kept;
    }

    /** Keeps an immutable native form for the next start; of two threads either one's is right. */
    public void keep(Object form) {
        kept = form;
    }
}
