// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi.unix;

import dev.osprocess.OsString;
import dev.osprocess.spi.ChildEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Encodes environments for a Unix system, each once: the encoded form stays with the environment that it was made of
 * (START-07 to START-10). Safe for use by many threads.
 */
public final class EnvironmentEncoder {
    private final Supplier<byte[][]> own;
    private final TextEncoder encoder;

    /** This process's own, read once: a JVM cannot change it. */
    private volatile @Nullable EncodedEnvironment inherited;

    /**
     * @param own reads this process's own environment, as entries without the NUL at their end; called at most a few times
     * @param encoder encodes names and entries that were given as text
     */
    public EnvironmentEncoder(Supplier<byte[][]> own, TextEncoder encoder) {
        this.own = own;
        this.encoder = encoder;
    }

    /**
     * The environment in bytes: what is inherited byte for byte, then what is added, in its order, duplicates too.
     *
     * @throws IllegalArgumentException if a text cannot be encoded; it names the place (START-05)
     */
    public EncodedEnvironment encode(ChildEnvironment environment) {
        Object kept = environment.encoded();
        if (kept instanceof EncodedEnvironment encoded) {
            return encoded;
        }
        EncodedEnvironment encoded = encodeAnew(environment);
        environment.keepEncoded(encoded);
        return encoded;
    }

    private EncodedEnvironment encodeAnew(ChildEnvironment environment) {
        if (environment.inherits()
                && environment.removed().isEmpty()
                && environment.entries().isEmpty()) {
            return inherited();
        }
        List<byte[]> entries = new ArrayList<>();
        if (environment.inherits()) {
            Set<Name> removed = new HashSet<>();
            for (String name : environment.removed()) {
                removed.add(new Name(encoder.encode(name, "environment variable name")));
            }
            for (byte[] entry : inherited().entries()) {
                if (!removed.contains(Name.of(entry))) {
                    entries.add(entry);
                }
            }
        }
        int place = 0;
        for (OsString entry : environment.entries()) {
            entries.add(encoder.encode(entry, "environment entry " + place++));
        }
        return new EncodedEnvironment(entries.toArray(new byte[0][]));
    }

    private EncodedEnvironment inherited() {
        EncodedEnvironment known = inherited;
        if (known == null) {
            known = new EncodedEnvironment(own.get());
            inherited = known;
        }
        return known;
    }

    /** The bytes of a variable's name, comparable. */
    private static final class Name {
        private final byte[] bytes;

        Name(byte[] bytes) {
            this.bytes = bytes;
        }

        static Name of(byte[] entry) {
            int end = 0;
            while (end < entry.length && entry[end] != '=') {
                end++;
            }
            return new Name(Arrays.copyOf(entry, end));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Name that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
