// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi.unix;

import dev.osprocess.OsString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Text as the system takes it: bytes in the encoding of file names, as the JVM sees it. Where that is plain ASCII (the C
 * locale, common in containers), UTF-8 is used, which says the same for ASCII and something for the rest. What cannot be
 * encoded is an error that names the place, never a {@code ?} (START-05). Immutable.
 */
public final class TextEncoder {
    private final Charset charset;

    /** For text in this encoding. */
    public TextEncoder(Charset charset) {
        this.charset = charset;
    }

    /** For this JVM. */
    public static TextEncoder ofPlatform() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (name.equals("UTF-8") || name.equals("ANSI_X3.4-1968") || !Charset.isSupported(name)) {
            return new TextEncoder(StandardCharsets.UTF_8);
        }
        Charset platform = Charset.forName(name);
        return new TextEncoder(platform.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : platform);
    }

    /**
     * The bytes.
     *
     * @param what what it is, for the error; never the text itself, which may be a secret (ERR-15)
     * @throws IllegalArgumentException if it is text that cannot be encoded; it names {@code what} and the index
     */
    public byte[] encode(OsString string, String what) {
        String text = string.text();
        if (text == null) {
            byte[] bytes = string.bytes();
            return bytes == null ? new byte[0] : bytes;
        }
        return encode(text, what);
    }

    /** The bytes of a text; as {@link #encode(OsString, String)}. */
    public byte[] encode(String text, String what) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return encodeWith(charset.newEncoder(), text, what);
            }
            bytes[i] = (byte) c;
        }
        return bytes;
    }

    private byte[] encodeWith(CharsetEncoder encoder, String text, String what) {
        encoder.onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer in = CharBuffer.wrap(text);
        ByteBuffer out = ByteBuffer.allocate((int) Math.ceil(text.length() * (double) encoder.maxBytesPerChar()) + 8);
        CoderResult result = encoder.encode(in, out, true);
        if (!result.isError()) {
            result = encoder.flush(out);
        }
        if (result.isError()) {
            throw new IllegalArgumentException(what + ": the character U+"
                    + Integer.toHexString(text.charAt(in.position())).toUpperCase(java.util.Locale.ROOT)
                    + " at index " + in.position() + " cannot be encoded in " + charset.name()
                    + "; pass OsString.ofBytes(…) for exact bytes");
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The name of a path, byte for byte. */
    public byte[] encode(Path path) {
        return encode(OsString.of(path), "path");
    }
}
