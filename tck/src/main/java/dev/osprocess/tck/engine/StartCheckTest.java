// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.ScriptedKernel;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused before anything starts, and what reaches the backend. */
class StartCheckTest {
    private static final OsString PROGRAM = OsString.of("/bin/x");

    private record Start(OsString program, List<OsString> arguments, ProcessAttributes attributes) {
        LifeCycle on(Lab lab) throws ProcessException {
            return lab.engine.start(program, arguments, attributes);
        }
    }

    static Stream<Arguments> whatNeedsACapability() {
        ChildFile none = ChildFile.nullDevice();
        return Stream.of(
                Arguments.of(Capability.ARGV0, start(List.of(OsString.of("other")), ProcessAttributes.builder())),
                Arguments.of(
                        Capability.RAW_BYTES,
                        start(List.of(PROGRAM, OsString.ofBytes((byte) 0xff)), ProcessAttributes.builder())),
                Arguments.of(
                        Capability.RAW_BYTES,
                        new Start(OsString.ofBytes((byte) 'x'), List.of(), ProcessAttributes.defaults())),
                Arguments.of(
                        Capability.RAW_BYTES,
                        start(List.of(), ProcessAttributes.builder().directory(OsString.ofBytes((byte) 'd')))),
                Arguments.of(
                        Capability.RAW_BYTES,
                        start(
                                List.of(),
                                ProcessAttributes.builder()
                                        .environmentRaw(List.of(OsString.ofBytes((byte) 'A', (byte) '='))))),
                Arguments.of(
                        Capability.RAW_ENVIRONMENT,
                        start(List.of(), ProcessAttributes.builder().environment(List.of("A=1", "A=2")))),
                Arguments.of(
                        Capability.RAW_ENVIRONMENT,
                        start(List.of(), ProcessAttributes.builder().environment(List.of("NOEQUALS")))),
                Arguments.of(
                        Capability.EXTRA_FILES,
                        start(List.of(), ProcessAttributes.builder().files(none, none, none, none))),
                Arguments.of(
                        Capability.CLOSED_FILES,
                        start(List.of(), ProcessAttributes.builder().files(none, ChildFile.closed(), none))),
                Arguments.of(
                        Capability.CLOSED_FILES,
                        start(List.of(), ProcessAttributes.builder().files())),
                Arguments.of(
                        Capability.DESCRIPTORS,
                        start(List.of(), ProcessAttributes.builder().files(ChildFile.descriptor(0), none, none))));
    }

    private static Start start(List<OsString> arguments, ProcessAttributes.Builder attributes) {
        return new Start(PROGRAM, arguments, attributes.build());
    }

    @ParameterizedTest
    @MethodSource("whatNeedsACapability")
    @Rule({"START-52", "D12", "ERR-11"})
    void start52_whatTheBackendLacksIsRefusedBeforeAnythingStarts(Capability needed, Object asked) throws Exception {
        Start start = (Start) asked;
        Set<Capability> others = EnumSet.allOf(Capability.class);
        others.remove(needed);
        try (Lab lab = new Lab(new ScriptedKernel(Strategy.HANDLE, others))) {
            UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, () -> start.on(lab));
            assertEquals(needed.description(), refused.feature());
            assertEquals("scripted", refused.backend());
            assertEquals(ErrorKind.UNSUPPORTED, refused.kind());
            assertTrue(String.valueOf(refused.getMessage()).contains("'scripted'"), refused.getMessage());
            assertNull(lab.kernel.lastRequest(), "the backend was not asked");
            assertEquals(0, lab.counters().spawnCalls());
            lab.assertNothingLeft();
        }
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            start.on(lab).release(); // with the capability it starts
        }
    }

    @Test
    @Rule({"START-52", "D12"})
    void start52_whatNeedsNoCapabilityStartsWithoutAny() throws Exception {
        ChildFile none = ChildFile.nullDevice();
        try (Lab lab = new Lab(new ScriptedKernel(Strategy.HANDLE, EnumSet.noneOf(Capability.class)))) {
            List<Start> plain = List.of(
                    start(List.of(), ProcessAttributes.builder()),
                    start(
                            List.of(PROGRAM, OsString.of("é")),
                            ProcessAttributes.builder()
                                    .directory(OsString.of("/srv"))
                                    .environment(List.of("A=1", "B=1", "=C:=D"))
                                    .files(none, ChildFile.pipe(), ChildFile.inherit(2))));
            for (Start start : plain) {
                assertDoesNotThrow(() -> start.on(lab).release(), "what every backend can do is refused");
            }
            assertEquals(2, lab.counters().spawnCalls());
            UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, () -> start(
                            List.of(OsString.of("other")), ProcessAttributes.builder())
                    .on(lab));
            assertFalse(
                    String.valueOf(refused.getMessage()).endsWith("; "), "nobody is named: " + refused.getMessage());
        }
    }

    @Test
    @Rule("START-06")
    void start06_nulIsFoundAtTheBeginningTooAndTheNameIsShown() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            ProcessException program = assertThrows(
                    ProcessException.class,
                    () -> new Start(OsString.of("\0x"), List.of(), ProcessAttributes.defaults()).on(lab));
            assertEquals("␀x", program.path().orElse(""));
            ProcessException directory = assertThrows(ProcessException.class, () -> start(
                            List.of(), ProcessAttributes.builder().directory(OsString.of("\0d")))
                    .on(lab));
            assertEquals("␀d", directory.path().orElse(""));
            for (Start start : List.of(
                    start(List.of(PROGRAM, OsString.of("\0")), ProcessAttributes.builder()),
                    start(List.of(), ProcessAttributes.builder().environmentRaw(List.of(OsString.of("\0=1")))))) {
                assertEquals(
                        ErrorKind.INVALID,
                        assertThrows(ProcessException.class, () -> start.on(lab))
                                .kind());
            }
            assertEquals(0, lab.counters().spawnCalls());
        }
    }

    @Test
    @Rule({"START-06", "ERR-15"})
    void start06_nulIsRefusedWhereverItStandsAndNothingSecretIsShown() throws Exception {
        Map<String, Start> asked = new LinkedHashMap<>();
        asked.put("program", new Start(OsString.of("/bin/a\0b"), List.of(), ProcessAttributes.defaults()));
        asked.put("argument 1", start(List.of(PROGRAM, OsString.of("hunter2\0")), ProcessAttributes.builder()));
        asked.put("argument 0", start(List.of(OsString.ofBytes((byte) 'x', (byte) 0)), ProcessAttributes.builder()));
        asked.put("directory", start(List.of(), ProcessAttributes.builder().directory(OsString.of("/a\0b"))));
        asked.put(
                "environment entry 1",
                start(List.of(), ProcessAttributes.builder().environment(List.of("A=1", "S=hunter2\0"))));
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            for (Map.Entry<String, Start> entry : asked.entrySet()) {
                ProcessException refused = assertThrows(
                        ProcessException.class, () -> entry.getValue().on(lab), entry::getKey);
                assertEquals(ErrorKind.INVALID, refused.kind());
                assertTrue(String.valueOf(refused.getMessage()).contains(entry.getKey()), refused.getMessage());
                assertFalse(String.valueOf(refused.getMessage()).contains("hunter2"), refused.getMessage());
                assertFalse(String.valueOf(refused.getMessage()).contains("\0"), "a NUL would cut the log line");
            }
            assertEquals(0, lab.counters().spawnCalls());
        }
    }

    @Test
    @Rule("START-15")
    void start15_anEmptyProgramIsNotFound() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            Start empty = new Start(OsString.of(""), List.of(), ProcessAttributes.defaults());
            assertEquals(
                    ErrorKind.NOT_FOUND,
                    assertThrows(ProcessException.class, () -> empty.on(lab)).kind());
            assertEquals(0, lab.counters().spawnCalls());
        }
    }

    @Test
    @Rule({"START-01", "START-03", "START-02"})
    void start03_whatReachesTheBackendIsWhatWasAskedFor() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            start(List.of(), ProcessAttributes.builder()).on(lab).release();
            StartRequest bare = Objects.requireNonNull(lab.kernel.lastRequest());
            assertEquals(List.of(PROGRAM), bare.arguments(), "argv[0] is the program's name if none is given");
            assertEquals(PROGRAM, bare.program());
            assertNull(bare.directory());
            assertNull(bare.files());
            assertNull(bare.system());
            assertTrue(bare.environment().inherits());

            List<OsString> arguments = List.of(OsString.of("zero"), OsString.of(""), OsString.of("a b"));
            start(
                            arguments,
                            ProcessAttributes.builder()
                                    .directory(OsString.of("/srv"))
                                    .environment(List.of("B=2", "A=1", "A=1"))
                                    .files(ChildFile.nullDevice()))
                    .on(lab)
                    .release();
            StartRequest full = Objects.requireNonNull(lab.kernel.lastRequest());
            assertEquals(arguments, full.arguments());
            assertEquals(OsString.of("/srv"), full.directory());
            assertEquals(
                    List.of(OsString.of("B=2"), OsString.of("A=1"), OsString.of("A=1")),
                    full.environment().entries(),
                    "START-09: as they are");
            assertEquals(1, Objects.requireNonNull(full.files()).size());
        }
    }

    @Test
    @Rule("START-52")
    void start52_attributesOfAnotherSystemAreRefusedNamingBoth() throws Exception {
        SystemAttributes alien = () -> "windows";
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, () -> start(
                            List.of(), ProcessAttributes.builder().system(alien))
                    .on(lab));
            assertTrue(String.valueOf(refused.getMessage()).contains("windows"), refused.getMessage());
            assertTrue(String.valueOf(refused.getMessage()).contains("scripted"), refused.getMessage());
            assertEquals(0, lab.counters().spawnCalls());
            assertEquals(0, lab.engine.unreaped());
        }
    }
}
