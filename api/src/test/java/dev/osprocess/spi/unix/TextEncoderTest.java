// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.OsString;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextEncoderTest {
    private final TextEncoder utf8 = new TextEncoder(StandardCharsets.UTF_8);
    private final TextEncoder latin1 = new TextEncoder(StandardCharsets.ISO_8859_1);

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u007f", "\u0080", "é", "€", "😀", "a😀b€", "\uFFFF", "\u00ad \u202e"})
    void start05_textIsUtf8(String text) {
        assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), utf8.encode(text, "x"));
    }

    @Test
    void start05_textIsLatin1WhereThatIsTheEncoding() {
        assertArrayEquals(bytes(0x61, 0xE9, 0xFF), latin1.encode("aéÿ", "x"));
    }

    @ParameterizedTest
    @CsvSource({"€,0,20AC", "abc€,3,20AC", "éé😀,2,D83D"})
    void start05_whatLatin1LacksIsAnErrorThatNamesThePlaceAndNeverAQuestionMark(String text, int at, String hex) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> latin1.encode(text, "argument 5"));
        assertTrue(
                String.valueOf(failure.getMessage())
                        .startsWith("argument 5: the character U+" + hex + " at index " + at
                                + " cannot be encoded in ISO-8859-1"),
                failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0,D800", "1,DC00", "6,DBFF"})
    void start05_anUnpairedSurrogateIsAnErrorThatNamesThePlace(int at, String hex) {
        String text = "x".repeat(at) + (char) Integer.parseInt(hex, 16) + "y";
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> utf8.encode(text, "program"));
        assertTrue(String.valueOf(failure.getMessage()).contains("U+" + hex + " at index " + at), failure.getMessage());
    }

    @Test
    void start05_aSurrogateAtTheVeryEndIsNotDropped() {
        assertThrows(IllegalArgumentException.class, () -> utf8.encode("abc\uD83D", "x"));
    }

    @Test
    void err15_theTextIsNotInTheMessage() {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class, () -> latin1.encode(OsString.of("hunter2€tail"), "argument 1"));
        String message = String.valueOf(failure.getMessage());
        assertFalse(message.contains("hunter2") || message.contains("tail") || message.contains("€"), message);
        assertTrue(message.contains("OsString.ofBytes"), message);
    }

    @Test
    void start05_bytesPassAsTheyAre() {
        byte[] raw = bytes(0xFF, 0xFE, 0x80, 0x41);
        assertArrayEquals(raw, latin1.encode(OsString.ofBytes(raw), "x"));
        assertArrayEquals(new byte[0], utf8.encode(OsString.ofBytes(), "x"));
    }

    @Test
    void aPathOfAsciiIsItsText() {
        assertArrayEquals("rel/a b%20".getBytes(StandardCharsets.US_ASCII), utf8.encode(Path.of("rel/a b%20")));
    }

    @Test
    void aPathKeepsItsBytesAlsoWhereItsTextLosesThem() {
        // the JVM decodes names in sun.jnu.encoding, and keeps the bytes of what it read
        Path odd = Path.of(java.net.URI.create("file:///tmp/%FFx%20%C3%A9%25"));
        assertArrayEquals(
                bytes('/', 't', 'm', 'p', '/', 0xFF, 'x', ' ', 0xC3, 0xA9, '%'),
                latin1.encode(odd),
                "sun.jnu.encoding is " + System.getProperty("sun.jnu.encoding"));
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8,UTF-8",
        "ANSI_X3.4-1968,UTF-8", // the C locale
        "US-ASCII,UTF-8",
        "ASCII,UTF-8",
        "ISO-8859-1,ISO-8859-1",
        "ISO-8859-15,ISO-8859-15",
        "no-such-charset,UTF-8"
    })
    void start05_theEncodingIsTheOneOfFileNamesAndUtf8InTheCLocale(String jnu, String used) {
        String before = System.getProperty("sun.jnu.encoding", "UTF-8");
        System.setProperty("sun.jnu.encoding", jnu);
        try {
            byte[] expected = "é".getBytes(Charset.forName(used));
            assertArrayEquals(expected, TextEncoder.ofPlatform().encode("é", "x"));
        } finally {
            System.setProperty("sun.jnu.encoding", before);
        }
        assertEquals(before, System.getProperty("sun.jnu.encoding"));
    }
}
