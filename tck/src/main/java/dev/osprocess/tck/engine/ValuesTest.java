// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.NoChildException;
import dev.osprocess.NoHandleException;
import dev.osprocess.OnClose;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.tck.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that users read and make: no engine, no kernel. */
class ValuesTest {
    @Nested
    class State {
        @ParameterizedTest
        @CsvSource({
            "0, exit status 0, true",
            "1, exit status 1, false",
            "255, exit status 255, false",
            "259, exit status 259, false",
            "65535, exit status 65535, false",
            "65536, exit status 0x10000, false",
            "3221225477, exit status 0xc0000005, false",
            "4294967295, exit status 0xffffffff, false"
        })
        @Rule({"PS-03", "PS-04", "PS-07"})
        void ps07_anExitSaysItsCode(long code, String text, boolean success) {
            ProcessState state = ProcessState.exited(42, code);
            assertEquals(text, state.toString());
            assertEquals(code, state.exitCode());
            assertEquals(success, state.success());
            assertEquals(ExitCause.EXITED, state.cause());
            assertTrue(state.exited());
            assertTrue(state.signal().isEmpty());
            assertEquals(42, state.pid());
        }

        @ParameterizedTest
        @ValueSource(longs = {-1, 4294967296L, Long.MIN_VALUE, Long.MAX_VALUE})
        @Rule("PS-04")
        void ps04_aCodeThatNoSystemHasIsRefused(long code) {
            assertThrows(IllegalArgumentException.class, () -> ProcessState.exited(1, code));
        }

        @ParameterizedTest
        @CsvSource({
            "KILL, false, signal: killed",
            "TERM, false, signal: terminated",
            "SEGV, true, signal: segmentation fault (core dumped)",
            "40, false, signal: signal 40",
            "RTMIN+3, false, signal: SIGRTMIN+3"
        })
        @Rule({"PS-02", "PS-06", "PS-08"})
        void ps08_aDeathBySignalSaysWhich(String signal, boolean core, String text) {
            ProcessState state = ProcessState.signaled(42, Signal.of(signal), core);
            assertEquals(text, state.toString());
            assertEquals(-1, state.exitCode());
            assertFalse(state.exited());
            assertFalse(state.success());
            assertEquals(core, state.coreDumped());
            assertEquals(Signal.of(signal), state.signal().orElseThrow());
            assertEquals(ExitCause.SIGNALED, state.cause());
        }

        @Test
        @Rule({"PS-16", "PS-17", "D17"})
        void ps16_whatIsNotKnownIsAbsentAndNeverAZero() {
            ProcessState state = ProcessState.unknown(42);
            assertEquals(ExitCause.UNKNOWN, state.cause());
            assertEquals("ended, status unknown", state.toString());
            assertEquals(
                    "ended, status unknown: exit status 137, or signal 9",
                    state.withRawStatus(137).toString());
            assertEquals(-1, state.withRawStatus(137).exitCode());
            assertEquals(-1, state.exitCode());
            assertFalse(state.success());
            assertFalse(state.exited());
            assertTrue(state.signal().isEmpty());
            assertTrue(state.usage().isEmpty());
            assertTrue(state.userTime().isEmpty());
            assertTrue(state.systemTime().isEmpty());
            assertTrue(state.rawStatus().isEmpty());
            assertTrue(state.wallTime().isEmpty());
        }

        @Test
        @Rule({"PS-08", "ERR-12"})
        void ps08_textsAreTheSameInEveryLocale() {
            Locale before = Locale.getDefault();
            try {
                Locale.setDefault(Locale.forLanguageTag("tr-TR"));
                assertEquals(Signal.INT, Signal.of("int"));
                assertEquals(
                        "exit status 0xc0000005",
                        ProcessState.exited(1, 0xC0000005L).toString());
                Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
                assertEquals("exit status 7", ProcessState.exited(1, 7).toString());
            } finally {
                Locale.setDefault(before);
            }
        }

        @Test
        @Rule({"PS-20", "PS-11", "PS-14", "PS-18"})
        void ps20_statesCompareByEverythingTheySay() {
            ResourceUsage usage = ResourceUsage.builder(Duration.ofMillis(3), Duration.ofMillis(2))
                    .build();
            ProcessState plain = ProcessState.exited(1, 7);
            List<ProcessState> different = List.of(
                    plain,
                    ProcessState.exited(2, 7),
                    ProcessState.exited(1, 8),
                    ProcessState.signaled(1, Signal.KILL, false),
                    ProcessState.signaled(1, Signal.KILL, true),
                    ProcessState.unknown(1),
                    plain.withUsage(usage),
                    plain.withRawStatus(0x700),
                    plain.withObservation(Duration.ofSeconds(1), false),
                    plain.withObservation(null, true));
            for (int i = 0; i < different.size(); i++) {
                for (int j = 0; j < different.size(); j++) {
                    assertEquals(i == j, different.get(i).equals(different.get(j)), i + " and " + j);
                }
            }
            assertEquals(ProcessState.exited(1, 7).hashCode(), plain.hashCode());
            ProcessState full =
                    plain.withUsage(usage).withRawStatus(0x700).withObservation(Duration.ofSeconds(1), true);
            assertEquals(7, full.exitCode());
            assertEquals(OptionalLong.of(0x700), full.rawStatus());
            assertEquals(Duration.ofMillis(3), full.userTime().orElseThrow());
            assertEquals(Duration.ofMillis(2), full.systemTime().orElseThrow());
            assertEquals(Duration.ofSeconds(1), full.wallTime().orElseThrow());
            assertTrue(full.killRequested());
        }

        @Test
        @Rule({"PS-12", "PS-17"})
        void ps17_usageThatWasNotCountedIsAbsent() {
            ResourceUsage bare =
                    ResourceUsage.builder(Duration.ZERO, Duration.ZERO).build();
            assertTrue(bare.maxRss().isEmpty());
            assertTrue(bare.maxRssFloor().isEmpty());
            assertTrue(bare.minorFaults().isEmpty());
            assertTrue(bare.majorFaults().isEmpty());
            assertTrue(bare.blockInputs().isEmpty());
            assertTrue(bare.blockOutputs().isEmpty());
            assertTrue(bare.voluntaryContextSwitches().isEmpty());
            assertTrue(bare.involuntaryContextSwitches().isEmpty());
            ResourceUsage full = ResourceUsage.builder(Duration.ofNanos(1), Duration.ofNanos(2))
                    .maxRss(1024)
                    .faults(3, 4)
                    .blocks(5, 6)
                    .contextSwitches(7, 0)
                    .build();
            assertEquals(OptionalLong.of(1024), full.maxRss());
            assertEquals(OptionalLong.of(3), full.minorFaults());
            assertEquals(OptionalLong.of(4), full.majorFaults());
            assertEquals(OptionalLong.of(5), full.blockInputs());
            assertEquals(OptionalLong.of(6), full.blockOutputs());
            assertEquals(OptionalLong.of(7), full.voluntaryContextSwitches());
            assertEquals(OptionalLong.of(0), full.involuntaryContextSwitches(), "a counted zero is a zero");
            assertNotEquals(bare, full);
        }
    }

    @Nested
    class Signals {
        @ParameterizedTest
        @CsvSource({
            "TERM, SIGTERM",
            "sigterm, SIGTERM",
            " SigUsr1 , SIGUSR1",
            "9, signal 9",
            "SIG9, signal 9",
            "0, signal 0",
            "RTMIN, SIGRTMIN+0",
            "SIGRTMIN+12, SIGRTMIN+12"
        })
        @Rule({"SIG-24", "SIG-02"})
        void sig24_namesAndNumbersAreRead(String text, String printed) {
            Signal signal = Signal.of(text);
            assertEquals(printed, signal.toString());
            assertEquals(signal, Signal.of(signal.toString().replace("signal ", "")), "and read back");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "SIG",
                    "FOO",
                    "-1",
                    "TERM1",
                    "RTMIN-1",
                    "RTMIN+",
                    "RTMIN+99999",
                    "99999999999",
                    "TERM KILL"
                })
        @Rule({"SIG-24", "REL-06"})
        void sig24_whatIsNoSignalIsRefused(String text) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Signal.of(text));
            assertTrue(String.valueOf(refused.getMessage()).contains("'" + text + "'"), refused.getMessage());
        }

        @Test
        @Rule({"SIG-24", "REL-06"})
        void sig24_aBareNumberIsNoName() {
            assertNotEquals(Signal.TERM, Signal.of(15));
            assertEquals(Signal.of(15), Signal.of("15"));
            assertEquals(15, Signal.of(15).number().orElseThrow());
            assertTrue(Signal.TERM.number().isEmpty(), "numbers of names belong to the system");
            assertEquals("", Signal.of(15).name());
            assertEquals("TERM", Signal.TERM.name());
            assertEquals(3, Signal.realTime(3).realTimeOffset().orElseThrow());
            assertTrue(Signal.TERM.realTimeOffset().isEmpty());
            assertThrows(IllegalArgumentException.class, () -> Signal.of(-1));
            assertThrows(IllegalArgumentException.class, () -> Signal.realTime(-1));
            assertEquals(Set.of(Signal.TERM), Set.copyOf(List.of(Signal.TERM, Signal.of("SIGTERM"))));
        }

        @Test
        @Rule("PS-08")
        void ps08_everyNameHasADescription() throws Exception {
            int names = 0;
            for (var field : Signal.class.getFields()) {
                if (field.getType() == Signal.class) {
                    Signal signal = (Signal) field.get(null);
                    assertEquals(field.getName(), signal.name());
                    assertFalse(signal.description().startsWith("SIG"), signal.name());
                    assertEquals(signal, Signal.of(field.getName()));
                    names++;
                }
            }
            assertTrue(names >= 31, "names: " + names);
        }
    }

    @Nested
    class Identity {
        @Test
        @Rule("D16")
        void d16_itPrintsAndIsReadBack() {
            ProcessIdentity identity =
                    ProcessIdentity.of("linux", 4711, Map.of("boot", "a-b_c.1", "start", "12345", "ns", "4026531836"));
            assertEquals("linux:4711:boot=a-b_c.1:ns=4026531836:start=12345", identity.toString());
            assertEquals(identity, ProcessIdentity.parse(identity.toString()));
            assertEquals(identity, ProcessIdentity.parse("  " + identity + "\n"));
            assertEquals(
                    identity.hashCode(),
                    ProcessIdentity.parse(identity.toString()).hashCode());
            assertEquals("linux", identity.system());
            assertEquals(4711, identity.pid());
            assertEquals(3, identity.marks().size());
            assertThrows(
                    UnsupportedOperationException.class, () -> identity.marks().clear());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "linux",
                    "linux:",
                    "linux:-1:a=b",
                    "linux:0:a=b",
                    "linux:x:a=b",
                    "linux:1:a",
                    "linux:1:=b",
                    "linux:1:a=b:a=c",
                    "linux:1:a=b c",
                    "li nux:1:a=b",
                    "linux:1:a=",
                    "linux:9999999999999999999:a=b",
                    ":1:a=b"
                })
        @Rule({"D16", "REL-06"})
        void d16_whatIsNoIdentityIsRefused(String text) {
            assertThrows(IllegalArgumentException.class, () -> ProcessIdentity.parse(text));
        }

        @Test
        @Rule("D16")
        void d16_marksThatBothHaveMustMatchAndOneMustBeShared() {
            ProcessIdentity old = ProcessIdentity.parse("linux:1:boot=x:start=5");
            assertTrue(
                    old.denotesSameProcess(ProcessIdentity.parse("linux:1:boot=x:inode=7:start=5")),
                    "a newer kernel shows more");
            assertTrue(ProcessIdentity.parse("linux:1:boot=x:inode=7:start=5").denotesSameProcess(old));
            assertFalse(old.denotesSameProcess(ProcessIdentity.parse("linux:1:boot=y:start=5")), "another boot");
            assertFalse(old.denotesSameProcess(ProcessIdentity.parse("linux:1:boot=x:start=6")), "a newcomer");
            assertFalse(old.denotesSameProcess(ProcessIdentity.parse("linux:2:boot=x:start=5")));
            assertFalse(old.denotesSameProcess(ProcessIdentity.parse("windows:1:boot=x:start=5")));
            assertFalse(
                    old.denotesSameProcess(ProcessIdentity.parse("linux:1:inode=7")),
                    "nothing to compare proves nothing");
            assertFalse(old.denotesSameProcess(ProcessIdentity.parse("linux:1:boot=x")), "where is not who");
        }
    }

    @Nested
    class Attributes {
        @Test
        @Rule({"START-07", "D7", "START-14"})
        void start07_defaultsInheritEverything() {
            ProcessAttributes defaults = ProcessAttributes.defaults();
            assertTrue(defaults.environment().inherits());
            assertTrue(defaults.environment().removed().isEmpty());
            assertTrue(defaults.files().isEmpty(), "never set: 0, 1 and 2");
            assertTrue(defaults.directory().isEmpty());
            assertTrue(defaults.system().isEmpty());
            assertEquals(OnClose.REAP_LATER, defaults.onClose());
            assertEquals(
                    List.of(),
                    ProcessAttributes.builder().files().build().files().orElseThrow(),
                    "set to nothing");
        }

        @Test
        @Rule({"START-08", "START-09", "START-10"})
        void start09_anExactEnvironmentIsCopiedAndKeepsOrderAndDuplicates() {
            List<String> entries = new ArrayList<>(List.of("B=2", "A=1", "B=3", "ODD"));
            ProcessAttributes attributes =
                    ProcessAttributes.builder().environment(entries).build();
            entries.clear();
            assertEquals(
                    List.of(OsString.of("B=2"), OsString.of("A=1"), OsString.of("B=3"), OsString.of("ODD")),
                    attributes.environment().entries());
            assertFalse(attributes.environment().inherits());
            ProcessAttributes none =
                    ProcessAttributes.builder().environment(Map.of()).build();
            assertFalse(none.environment().inherits());
            assertTrue(none.environment().entries().isEmpty());
            Map<String, String> ordered = new LinkedHashMap<>();
            ordered.put("Z", "1");
            ordered.put("A", "2=3");
            assertEquals(
                    List.of(OsString.of("Z=1"), OsString.of("A=2=3")),
                    ProcessAttributes.builder()
                            .environment(ordered)
                            .build()
                            .environment()
                            .entries());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "A=B", "A\0"})
        @Rule({"START-06", "ERR-14"})
        void start06_aNameThatIsNoneIsRefused(String name) {
            assertThrows(IllegalArgumentException.class, () -> ProcessAttributes.builder()
                    .environment(Map.of(name, "x")));
            assertThrows(IllegalArgumentException.class, () -> ProcessAttributes.builder()
                    .environment(Map.of("A", "hunter2\0")));
        }

        @Test
        @Rule("START-07")
        void start07_anEditTouchesOnlyWhatItTouches() {
            String name = System.getenv().keySet().iterator().next();
            ProcessAttributes attributes = ProcessAttributes.builder()
                    .inheritEnvironment(environment -> {
                        environment.remove(name);
                        environment.put("OSPROCESS_NEW", "1");
                    })
                    .build();
            assertTrue(attributes.environment().inherits());
            assertEquals(Set.of(name, "OSPROCESS_NEW"), attributes.environment().removed());
            assertEquals(
                    List.of(OsString.of("OSPROCESS_NEW=1")),
                    attributes.environment().entries());
        }

        @Test
        @Rule("D7")
        void d7_filesSayWhatTheyAre() {
            assertThrows(IllegalArgumentException.class, () -> ChildFile.inherit(3));
            assertThrows(IllegalArgumentException.class, () -> ChildFile.inherit(-1));
            assertThrows(IllegalArgumentException.class, () -> ChildFile.descriptor(-1));
            assertTrue(ChildFile.pipe().childReads(0));
            assertFalse(ChildFile.pipe().childReads(1));
            assertTrue(ChildFile.pipeToChild().childReads(5));
            assertFalse(ChildFile.pipeFromChild().childReads(0));
            assertTrue(ChildFile.pipe().isPipe()
                    && ChildFile.pipeToChild().isPipe()
                    && ChildFile.pipeFromChild().isPipe());
            assertFalse(ChildFile.closed().isPipe());
            assertEquals("DESCRIPTOR 7", ChildFile.descriptor(7).toString());
        }

        @Test
        @Rule({"START-05", "START-06"})
        void start05_stringsOfTheSystemAreTextOrBytes() {
            byte[] raw = {'a', 0, 'b'};
            OsString bytes = OsString.ofBytes(raw);
            raw[0] = 'z';
            assertEquals(OsString.ofBytes((byte) 'a', (byte) 0, (byte) 'b'), bytes, "copied");
            assertEquals(1, bytes.indexOfNul());
            assertEquals(2, OsString.of("ab\0").indexOfNul());
            assertEquals(-1, OsString.of("ab").indexOfNul());
            assertNotEquals(OsString.of("a"), OsString.ofBytes((byte) 'a'));
            assertEquals(
                    bytes.hashCode(),
                    OsString.ofBytes((byte) 'a', (byte) 0, (byte) 'b').hashCode());
        }
    }

    @Nested
    class Errors {
        @Test
        @Rule({"ERR-01", "ERR-05"})
        void err01_kindsWithAClassOfTheirOwnGetIt() {
            assertTrue(ProcessException.builder(ErrorKind.ALREADY_DONE, "x").build() instanceof ProcessDoneException);
            assertTrue(ProcessException.builder(ErrorKind.NO_CHILD, "x").build() instanceof NoChildException);
            assertTrue(ProcessException.builder(ErrorKind.NO_HANDLE, "x").build() instanceof NoHandleException);
            for (ErrorKind kind : ErrorKind.values()) {
                ProcessException made = ProcessException.builder(kind, "x").build();
                assertEquals(kind, made.kind());
                assertEquals(made.getClass(), made.forAnotherCaller().getClass());
            }
        }

        @Test
        @Rule({"ERR-02", "ERR-03", "ERR-08", "ERR-13"})
        void err02_theTextNamesOperationObjectAndNativeError() {
            IllegalStateException below = new IllegalStateException();
            ProcessException error = ProcessException.builder(ErrorKind.NOT_FOUND, "chdir")
                    .path("/nope")
                    .nativeError("ENOENT", 2)
                    .detail("no such file or directory")
                    .cause(below)
                    .build();
            assertEquals("chdir /nope: ENOENT (2) no such file or directory", error.getMessage());
            assertEquals("/nope", error.path().orElseThrow());
            assertEquals(2, error.nativeNumber().orElseThrow());
            assertTrue(error.pid().isEmpty());
            assertEquals(below, error.getCause());
            ProcessException again = error.forAnotherCaller();
            assertEquals(error.getMessage(), again.getMessage());
            assertEquals(error, again.getCause());
            ProcessException bare =
                    ProcessException.builder(ErrorKind.SYSTEM, "waitid").pid(7).build();
            assertTrue(String.valueOf(bare.getMessage()).startsWith("waitid pid 7"), bare.getMessage());
            assertTrue(String.valueOf(bare.getMessage()).contains(ErrorKind.SYSTEM.help()), bare.getMessage());
            assertEquals(7, bare.pid().orElseThrow());
            assertTrue(bare.nativeNumber().isEmpty());
        }
    }
}
