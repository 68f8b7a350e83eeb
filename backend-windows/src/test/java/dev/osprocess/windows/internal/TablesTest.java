// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of names, on every host. */
final class TablesTest {
    @Test
    void err16_everyErrorHasTheNameOfItsConstantAndAText() throws Exception {
        Set<Integer> seen = new HashSet<>();
        for (Field field : Win32Error.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                int number = field.getInt(null);
                assertEquals("ERROR_" + field.getName(), Win32Error.name(number));
                assertNotEquals("", Win32Error.text(number));
                assertTrue(seen.add(number), field.getName());
            }
        }
        Set<Integer> known = new HashSet<>();
        Win32Error.known().forEach(known::add);
        assertEquals(known, seen);
        assertEquals("Win32 error (31337) see winerror.h", Win32Error.describe(31337));
    }

    @ParameterizedTest
    @CsvSource({
        "2, NOT_FOUND",
        "3, NOT_FOUND",
        "267, NOT_FOUND",
        "5, PERMISSION",
        "740, PERMISSION",
        "1314, PERMISSION",
        "87, INVALID",
        "6, INVALID",
        "123, INVALID",
        "206, INVALID",
        "4, EXHAUSTED",
        "8, EXHAUSTED",
        "14, EXHAUSTED",
        "1450, EXHAUSTED",
        "1455, EXHAUSTED",
        "1816, EXHAUSTED",
        "193, NOT_EXECUTABLE",
        "216, NOT_EXECUTABLE",
        "32, NOT_EXECUTABLE",
        "50, UNSUPPORTED",
        "120, UNSUPPORTED",
        "31337, SYSTEM"
    })
    void err16_errorsHaveTheirKinds(int error, ErrorKind kind) {
        assertEquals(kind, WindowsErrors.kind(error));
    }

    @Test
    void ps19_theKnownStatusCodesHaveNames() {
        assertTrue(NtStatus.describe(0xC0000005L).startsWith("STATUS_ACCESS_VIOLATION"));
        assertTrue(NtStatus.describe(0xC000013AL).startsWith("STATUS_CONTROL_C_EXIT"));
        assertEquals("", NtStatus.describe(0));
        assertEquals("", NtStatus.describe(0x40000005L));
        assertFalse(NtStatus.describe(0xC0000409L).isEmpty());
    }
}
