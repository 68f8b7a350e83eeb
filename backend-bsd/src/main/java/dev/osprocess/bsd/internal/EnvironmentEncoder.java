// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.OsString;
import dev.osprocess.spi.ChildEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Encodes environments, each once: the encoded form stays with the environment that it was made of. */
final class EnvironmentEncoder {
    private final BsdSyscalls calls;
    private final TextEncoder encoder;

    /** This process's own, read once: a JVM cannot change it. */
    private volatile @Nullable EncodedEnvironment inherited;

    EnvironmentEncoder(BsdSyscalls calls, TextEncoder encoder) {
        this.calls = calls;
        this.encoder = encoder;
    }

    EncodedEnvironment encode(ChildEnvironment environment) {
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
            known = new EncodedEnvironment(calls.environment());
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
