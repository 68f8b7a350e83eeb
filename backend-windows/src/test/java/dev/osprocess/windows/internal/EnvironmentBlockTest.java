// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.ChildEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The environment block (START-45). */
final class EnvironmentBlockTest {
    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private static ChildEnvironment exactly(String... entries) {
        return ChildEnvironment.exactly(
                List.of(entries).stream().map(OsString::of).toList());
    }

    private static char[] units(byte[] block) {
        char[] units = new char[block.length / 2];
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(units);
        return units;
    }

    private byte[] block(ChildEnvironment environment) throws ProcessException {
        return Objects.requireNonNull(EnvironmentBlock.of(environment, calls));
    }

    private List<String> entries(ChildEnvironment environment) throws ProcessException {
        return EnvironmentBlock.entries(units(block(environment)));
    }

    @Test
    void start45_entriesAreSortedWithoutRegardToCaseAndEndInTwoNuls() throws ProcessException {
        byte[] block = block(exactly("b=2", "A=1", "=C:=C:\\x", "c=\uD83E\uDDC0"));
        assertEquals("=C:=C:\\x\0A=1\0b=2\0c=\uD83E\uDDC0\0\0", new String(units(block)));
        assertEquals(List.of("=C:=C:\\x", "A=1", "b=2", "c=\uD83E\uDDC0"), EnvironmentBlock.entries(units(block)));
    }

    @Test
    void start05_aLoneSurrogateIsKept() throws ProcessException {
        assertEquals(List.of("a=\uD800x"), entries(exactly("a=\uD800x")));
    }

    @Test
    void start08_anEmptyEnvironmentIsTwoNuls() throws ProcessException {
        assertArrayEquals(new byte[4], EnvironmentBlock.of(exactly(), calls));
    }

    @Test
    void start07_withoutChangesTheSystemCopiesItsOwn() throws ProcessException {
        assertNull(EnvironmentBlock.of(ChildEnvironment.inherited(), calls));
        assertEquals(List.of(), calls.log);
    }

    @Test
    void start07_anEditChangesOnlyWhatItNamesInAnyCase() throws ProcessException {
        calls.environment = "=C:=C:\\here\0Path=old\0TEMP=t\0Zed=z\0\0".toCharArray();
        ChildEnvironment edited = ChildEnvironment.edited(
                Map.of("Path", "old", "TEMP", "t", "Zed", "z"), Map.of("PATH", "new", "TEMP", "t", "Mine", "1"));
        assertEquals(List.of("=C:=C:\\here", "Mine=1", "PATH=new", "TEMP=t"), entries(edited));
    }

    @Test
    void start10_anExactEnvironmentIsEncodedOnce() throws ProcessException {
        ChildEnvironment environment = exactly("a=1");
        assertSame(EnvironmentBlock.of(environment, calls), EnvironmentBlock.of(environment, calls));
    }

    @Test
    void start09_namesThatDifferOnlyInCaseAreRefused() {
        ProcessException refused =
                assertThrows(ProcessException.class, () -> EnvironmentBlock.of(exactly("Path=1", "PATH=2"), calls));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> EnvironmentBlock.of(exactly("noequals"), calls))
                        .kind());
    }

    @Test
    void start07_anEnvironmentThatCannotBeReadIsAnError() {
        calls.environment = null;
        ChildEnvironment edited = ChildEnvironment.edited(Map.of(), Map.of("a", "1"));
        assertEquals(
                "GetEnvironmentStringsW",
                assertThrows(ProcessException.class, () -> EnvironmentBlock.of(edited, calls))
                        .operation());
    }
}
