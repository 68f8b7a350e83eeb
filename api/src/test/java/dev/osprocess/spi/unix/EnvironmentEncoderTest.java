// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.OsString;
import dev.osprocess.spi.ChildEnvironment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class EnvironmentEncoderTest {
    private byte[][] own = new byte[0][];
    private int reads;
    private final EnvironmentEncoder encoder =
            new EnvironmentEncoder(this::readOwn, new TextEncoder(StandardCharsets.ISO_8859_1));

    private byte[][] readOwn() {
        reads++;
        return own;
    }

    private void inherited(String... latin1) {
        own = new byte[latin1.length][];
        for (int i = 0; i < latin1.length; i++) {
            own[i] = latin1[i].getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> texts(EncodedEnvironment encoded) {
        List<String> texts = new ArrayList<>();
        for (byte[] entry : encoded.entries()) {
            texts.add(new String(entry, StandardCharsets.ISO_8859_1));
        }
        return texts;
    }

    private static ChildEnvironment exactly(String... entries) {
        List<OsString> all = new ArrayList<>();
        for (String entry : entries) {
            all.add(OsString.of(entry));
        }
        return ChildEnvironment.exactly(all);
    }

    @Test
    void start09_entriesArePassedVerbatimWithDuplicatesAndOddOnes() {
        String[] odd = {"A=1", "A=2", "Z", "", "=x", "B=", "A=1"};
        assertEquals(List.of(odd), texts(encoder.encode(exactly(odd))));
        assertEquals(0, reads);
    }

    @Test
    void start08_anEmptyEnvironmentIsEmpty() {
        inherited("HOME=/root");
        assertEquals(List.of(), texts(encoder.encode(exactly())));
    }

    @Test
    void start05_rawEntriesKeepTheirBytes() {
        ChildEnvironment raw =
                ChildEnvironment.exactly(List.of(OsString.ofBytes((byte) 'X', (byte) '=', (byte) 0xFF, (byte) 0x80)));
        assertEquals(List.of("X=\u00ff\u0080"), texts(encoder.encode(raw)));
    }

    @Test
    void start07_theInheritedEnvironmentIsReadOnceAndPassedByteForByte() {
        inherited("HOME=/root", "ODD=\u00ff\u00fe", "NOEQUALS", "HOME=again");
        EncodedEnvironment first = encoder.encode(ChildEnvironment.edited(Map.of(), Map.of()));
        EncodedEnvironment second = encoder.encode(ChildEnvironment.edited(Map.of(), Map.of()));
        assertEquals(List.of("HOME=/root", "ODD=\u00ff\u00fe", "NOEQUALS", "HOME=again"), texts(first));
        assertSame(first, second);
        assertEquals(1, reads);
    }

    @Test
    void start07_anEditChangesWhatItNamesAndKeepsTheBytesOfTheRest() {
        inherited("KEEP=\u00ff", "CHANGE=old", "DROP=1", "NOEQUALS", "CHANGED=not", "DROP=2");
        Map<String, String> before = Map.of("KEEP", "\uFFFD", "CHANGE", "old", "DROP", "1", "CHANGED", "not");
        Map<String, String> after = new TreeMap<>(before);
        after.put("CHANGE", "new");
        after.put("ADD", "é");
        after.remove("DROP");
        EncodedEnvironment edited = encoder.encode(ChildEnvironment.edited(before, after));
        assertEquals(List.of("KEEP=\u00ff", "NOEQUALS", "CHANGED=not", "ADD=\u00e9", "CHANGE=new"), texts(edited));
    }

    @Test
    void oneEnvironmentIsEncodedOnce() {
        ChildEnvironment environment = exactly("A=1");
        EncodedEnvironment first = encoder.encode(environment);
        assertSame(first, encoder.encode(environment));
        assertSame(first, environment.encoded());
        assertNotSame(first, encoder.encode(exactly("A=1")));
    }

    @Test
    void aFormThatAnotherBackendKeptIsNotTakenForOurs() {
        ChildEnvironment environment = exactly("A=1");
        environment.keepEncoded("another backend's");
        assertEquals(List.of("A=1"), texts(encoder.encode(environment)));
    }

    @Test
    void err15_anEntryThatCannotBeEncodedIsNamedByItsPlaceAlone() {
        ChildEnvironment environment = exactly("A=1", "SECRET=hunter2€");
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> encoder.encode(environment));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("environment entry 1: "), message);
        assertTrue(!message.contains("SECRET") && !message.contains("hunter2"), message);
    }

    @Test
    void start28_theSizeCountsTheNulOfEachEntry() {
        assertEquals(4 + 1, encoder.encode(exactly("A=1", "")).bytes());
    }
}
