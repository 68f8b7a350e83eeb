// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Refuses text that the JDK would pass on with {@code ?} in it (START-05). It encodes names of files in
 * {@code sun.jnu.encoding}, and before version 18 arguments in the default charset: a text must mean the same bytes in
 * both, or the file that was checked is not the one that is started.
 */
final class TextCheck {
    private static final int FIRST_WITH_ONE_ENCODING = 18;

    private final List<Charset> charsets;

    /** For a JVM that uses these; none for one that passes text as it is. */
    TextCheck(List<Charset> charsets) {
        this.charsets = List.copyOf(charsets);
    }

    /** For this JVM on this host. */
    static TextCheck of(JdkHost host) {
        List<Charset> used = new ArrayList<>();
        if (!host.isWindows()) { // there the JDK hands over UTF-16
            String names = System.getProperty("sun.jnu.encoding", "");
            used.add(
                    !names.isEmpty() && Charset.isSupported(names) ? Charset.forName(names) : Charset.defaultCharset());
            if (Runtime.version().feature() < FIRST_WITH_ONE_ENCODING && !used.contains(Charset.defaultCharset())) {
                used.add(Charset.defaultCharset());
            }
        }
        return new TextCheck(used);
    }

    /**
     * Checks one text.
     *
     * @param what what it is, for the error; never the text itself, which may be a secret (ERR-15)
     */
    void check(String text, String what) {
        if (isAscii(text)) {
            return; // the same in every encoding that a JVM runs in
        }
        for (Charset charset : charsets) {
            checkIn(charset, text, what);
        }
        for (int i = 1; i < charsets.size(); i++) {
            if (!charsets.get(0).encode(text).equals(charsets.get(i).encode(text))) {
                throw new IllegalArgumentException(what + ": it means other bytes in "
                        + charsets.get(0).name() + " (names of files) than in "
                        + charsets.get(i).name() + " (arguments); start Java with both the same");
            }
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static void checkIn(Charset charset, String text, String what) {
        CharsetEncoder encoder = charset.newEncoder();
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            int width = Character.charCount(character);
            if (!encoder.canEncode(text.substring(i, i + width))) {
                throw new IllegalArgumentException(what + ": the character U+"
                        + Integer.toHexString(character).toUpperCase(Locale.ROOT) + " at index " + i
                        + " cannot be encoded in " + charset.name()
                        + ", and the JDK would pass a '?'; start Java in a UTF-8 locale");
            }
            i += width;
        }
    }
}
