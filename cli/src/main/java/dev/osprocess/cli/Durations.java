// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import java.time.DateTimeException;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h30m}; also {@code PT5S}. */
final class Durations implements ITypeConverter<Duration> {
    private static final String[] UNITS = {"d", "h", "m", "s", "ms"};
    private static final long[] MILLIS = {86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L};

    @Override
    public Duration convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
    }

    /**
     * Reads a duration, 0 or more.
     *
     * @throws IllegalArgumentException if it is not of that form, with what the form is
     */
    static Duration parse(String text) {
        try {
            Duration read = text.startsWith("P") || text.startsWith("p")
                    ? Duration.parse(text)
                    : Duration.ofMillis(millis(text));
            if (read.isNegative()) {
                throw malformed(text);
            }
            return read;
        } catch (DateTimeException | ArithmeticException unreadable) {
            throw malformed(text);
        }
    }

    private static long millis(String text) {
        long total = 0;
        int at = 0;
        int unit = -1; // of the part before: the next one must be smaller
        do {
            int digits = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            int letters = at;
            while (at < text.length() && !isDigit(text.charAt(at))) {
                at++;
            }
            int next = indexOf(text.substring(letters, at));
            if (digits == letters || letters - digits > 18 || next <= unit) {
                throw malformed(text);
            }
            unit = next;
            long part = Math.multiplyExact(Long.parseLong(text.substring(digits, letters)), MILLIS[unit]);
            total = Math.addExact(total, part);
        } while (at < text.length());
        return total;
    }

    private static int indexOf(String unit) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(unit)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not a duration: write 500ms, 5s, 2m, 1h30m or PT5S (units d, h, m, s, ms)");
    }

    /** The shortest way to write it: {@code 1h30m}, {@code 500ms}. */
    static String text(Duration duration) {
        long rest = duration.toMillis();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < UNITS.length; i++) {
            long count = rest / MILLIS[i];
            rest %= MILLIS[i];
            if (count > 0) {
                text.append(count).append(UNITS[i]);
            }
        }
        return text.length() == 0 ? "0s" : text.toString();
    }

    /** In seconds with three places: {@code 0.012}. */
    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        StringBuilder text = new StringBuilder();
        text.append(millis / 1000).append('.');
        String places = Long.toString(millis % 1000 + 1000);
        return text.append(places, 1, places.length()).toString();
    }

    /** In whole microseconds. */
    static long micros(Duration duration) {
        return duration.getSeconds() * 1_000_000L + duration.getNano() / 1_000;
    }
}
