// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.OsString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
    private static final byte[] LINE = "java\0Main\0run\0--\0caf\u00e9\0\0-x\0".getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void takesTheBytesOfWordsThatAreNotAscii() {
        assertEquals(
                List.of(
                        OsString.ofBytes((byte) 'c', (byte) 'a', (byte) 'f', (byte) 0xe9),
                        OsString.of(""),
                        OsString.of("-x")),
                RawArguments.match(List.of("caf\ufffd", "", "-x"), LINE));
    }

    @Test
    void keepsTheTextOfALineThatDoesNotMatch() {
        List<OsString> texts = List.of(OsString.of("caf\ufffd"), OsString.of("-y"));
        assertEquals(texts, RawArguments.match(List.of("caf\ufffd", "-y"), LINE));
        assertEquals(texts, RawArguments.match(List.of("caf\ufffd", "-y"), "-y\0".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(texts, RawArguments.match(List.of("caf\ufffd", "-y")));
    }
}
