// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A program name, argument, environment entry or directory as the system takes it: text, or the raw bytes that no Java
 * string can say (START-05). Text is encoded by the backend; a character that cannot be encoded is an error that names
 * its position, never a {@code ?}.
 */
public final class OsString {
    /** What the JDK puts into the text of a path for bytes that it cannot decode. */
    private static final char UNDECODABLE = '\uFFFD';

    private final @Nullable String text;
    private final byte @Nullable [] bytes;

    private OsString(@Nullable String text, byte @Nullable [] bytes) {
        this.text = text;
        this.bytes = bytes;
    }

    /** This text. */
    public static OsString of(String text) {
        return new OsString(Objects.requireNonNull(text, "text"), null);
    }

    /**
     * The name of this path, byte for byte: where Java holds bytes in it that no text can say, they are taken from its
     * URI.
     */
    public static OsString of(Path path) {
        String text = path.toString();
        return text.indexOf(UNDECODABLE) < 0
                ? of(text)
                : ofBytes(undoPercents(path.toUri().getRawPath()));
    }

    private static byte[] undoPercents(String raw) {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.put((byte) Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.put((byte) c);
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** These bytes, as they are. Only for backends with the capability {@code RAW_BYTES}; others refuse. */
    public static OsString ofBytes(byte... bytes) {
        return new OsString(null, bytes.clone());
    }

    /** The text, or null if this was made from bytes. For backends. */
    public @Nullable String text() {
        return text;
    }

    /** A copy of the bytes, or null if this was made from text. For backends. */
    public byte @Nullable [] bytes() {
        return bytes == null ? null : bytes.clone();
    }

    /** The index of the first NUL, which no system call can take; −1 if there is none (START-06). */
    public int indexOfNul() {
        if (text != null) {
            return text.indexOf('\0');
        }
        byte[] raw = Objects.requireNonNull(bytes);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OsString that && Objects.equals(text, that.text) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return text != null ? text.hashCode() : Arrays.hashCode(bytes);
    }

    /** The text; for bytes, their reading as UTF-8, with replacement characters where they are none. */
    @Override
    public String toString() {
        return text != null ? text : new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }
}
