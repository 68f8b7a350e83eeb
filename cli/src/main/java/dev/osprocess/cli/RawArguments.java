// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsString;
import dev.osprocess.spi.Backends;
import dev.osprocess.spi.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program's arguments as they were typed. A JVM decodes its arguments by the locale and loses what the locale
 * cannot say (all but ASCII under {@code LANG=C}); on Linux the bytes are still in {@code /proc/self/cmdline}.
 */
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private RawArguments() {}

    /** These words, which are the last ones of this process's own command line; in a list that can be changed. */
    static List<OsString> of(List<String> words) {
        if (!isAscii(words)
                && Files.isReadable(COMMAND_LINE)
                && Backends.selected().capabilities().contains(Capability.RAW_BYTES)) {
            try {
                return match(words, Files.readAllBytes(COMMAND_LINE));
            } catch (IOException unreadable) {
                return texts(words);
            }
        }
        return texts(words);
    }

    /** The last words of a command line in the system's form; the text of the words if they do not match it. */
    static List<OsString> match(List<String> words, byte... commandLine) {
        List<OsString> raw = new ArrayList<>(words.size());
        int end = commandLine.length;
        for (int i = words.size() - 1; i >= 0; i--) {
            int from = end - 1; // at the NUL that ends this word
            while (from > 0 && commandLine[from - 1] != 0) {
                from--;
            }
            if (from < 0) {
                return texts(words);
            }
            String word = words.get(i);
            byte[] bytes = Arrays.copyOfRange(commandLine, from, end - 1);
            if (isAscii(word)) {
                if (!Arrays.equals(bytes, word.getBytes(StandardCharsets.US_ASCII))) {
                    return texts(words);
                }
                raw.add(0, OsString.of(word));
            } else {
                raw.add(0, OsString.ofBytes(bytes));
            }
            end = from;
        }
        return raw;
    }

    private static List<OsString> texts(List<String> words) {
        List<OsString> texts = new ArrayList<>(words.size());
        for (String word : words) {
            texts.add(OsString.of(word));
        }
        return texts;
    }

    private static boolean isAscii(List<String> words) {
        for (String word : words) {
            if (!isAscii(word)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
