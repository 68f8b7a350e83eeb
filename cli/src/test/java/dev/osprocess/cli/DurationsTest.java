// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "5s, PT5S",
        "0s, PT0S",
        "2m, PT2M",
        "1h30m, PT1H30M",
        "1d, PT24H",
        "1m0s5ms, PT1M0.005S",
        "PT5S, PT5S",
        "pt1.5s, PT1.5S"
    })
    void readsWhatPeopleWrite(String text, Duration expected) {
        assertEquals(expected, Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "5 s",
                "5x",
                "-5s",
                "1.5s",
                "30m1h",
                "5s5s",
                "5S",
                "PT",
                "PT-5S",
                "5s!",
                "٥s",
                "9223372036854775807d",
                "99999999999999999999s"
            })
    void refusesTheRestWithTheFormToUse(String text) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
        assertEquals(
                "'" + text + "' is not a duration: write 500ms, 5s, 2m, 1h30m or PT5S (units d, h, m, s, ms)",
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT0.25S, 250ms", "PT90M, 1h30m", "PT61S, 1m1s"})
    void writesTheShortestForm(Duration duration, String expected) {
        assertEquals(expected, Durations.text(duration));
        assertEquals(duration, Durations.parse(expected));
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0.000", "PT0.0129S, 0.012", "PT1.5S, 1.500", "PT100S, 100.000"})
    void writesSecondsWithThreePlaces(Duration duration, String expected) {
        assertEquals(expected, Durations.seconds(duration));
    }

    @ParameterizedTest
    @CsvSource({"PT0.000001999S, 1", "PT2S, 2000000"})
    void cutsToMicros(Duration duration, long expected) {
        assertEquals(expected, Durations.micros(duration));
    }
}
