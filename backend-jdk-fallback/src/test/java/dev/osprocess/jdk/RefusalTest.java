// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.NativeHandle;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.Engine;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.StartRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this backend cannot do it refuses before anything starts, with the feature and who has it (START-52, D12, D14). */
final class RefusalTest extends RealProcesses {
    private static final class OtherAttributes implements SystemAttributes {
        @Override
        public String backend() {
            return "other";
        }
    }

    private final ForwardingCalls calls = new ForwardingCalls();

    private void assertRefused(String feature, ProcessAttributes attributes, OsString... command) throws Exception {
        Engine engine = over(calls);
        UnsupportedFeatureException refused = assertThrows(
                UnsupportedFeatureException.class, () -> engine.start(command[0], List.of(command), attributes));
        assertTrue(refused.feature().contains(feature), refused.feature());
        assertTrue(String.valueOf(refused.getMessage())
                .startsWith("the backend 'jdk' does not support " + refused.feature()));
        assertTrue(
                feature.contains("attributes")
                        || String.valueOf(refused.getMessage()).contains("the backend 'linux' has it"),
                refused.getMessage());
        assertEquals(0, calls.starts, "nothing was started");
    }

    private void assertRefused(String feature, ProcessAttributes.Builder attributes) throws Exception {
        assertRefused(feature, attributes.build(), OsString.of("/bin/true"));
    }

    private static ProcessAttributes.Builder files(ChildFile... files) {
        return ProcessAttributes.builder().files(files);
    }

    @Test
    void start02_anotherArgv0IsRefused() throws Exception {
        Engine engine = over(calls);
        UnsupportedFeatureException refused = assertThrows(
                UnsupportedFeatureException.class,
                () -> engine.start(
                        OsString.of("/bin/true"), List.of(OsString.of("banana")), ProcessAttributes.defaults()));
        assertEquals(Capability.ARGV0.description(), refused.feature());
        assertTrue(String.valueOf(refused.getMessage()).contains("the backend 'linux' has it"), refused.getMessage());
        assertEquals(0, calls.starts);
    }

    @Test
    void start05_rawBytesAreRefused() throws Exception {
        OsString raw = OsString.ofBytes((byte) 'x', (byte) 0xff);
        assertRefused(Capability.RAW_BYTES.description(), ProcessAttributes.defaults(), OsString.of("/bin/true"), raw);
        assertRefused(
                Capability.RAW_BYTES.description(), ProcessAttributes.builder().directory(raw));
        assertRefused(
                Capability.RAW_BYTES.description(), ProcessAttributes.builder().environmentRaw(List.of(raw)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=1 A=2", "Z", "=x", "=C:=x"})
    void start09_environmentsThatAMapCannotHoldAreRefused(String entries) throws Exception {
        assertRefused(
                Capability.RAW_ENVIRONMENT.description(),
                ProcessAttributes.builder().environment(List.of(entries.split(" ", -1))));
    }

    @Test
    void start16_start17_tablesThatRedirectionsCannotSayAreRefused() throws Exception {
        ChildFile nothing = ChildFile.nullDevice();
        Path file = Path.of("/dev/null");
        assertRefused(Capability.EXTRA_FILES.description(), files(nothing, nothing, nothing, nothing));
        assertRefused(Capability.CLOSED_FILES.description(), files());
        assertRefused(Capability.CLOSED_FILES.description(), files(nothing, nothing));
        assertRefused(Capability.CLOSED_FILES.description(), files(nothing, ChildFile.closed(), nothing));
        assertRefused(Capability.DESCRIPTORS.description(), files(ChildFile.descriptor(0), nothing, nothing));
        assertRefused("inherit 2 at place 1", files(nothing, ChildFile.inherit(2), nothing));
        assertRefused("inherit 1 at place 0", files(ChildFile.inherit(1), nothing, nothing));
        assertRefused("read at place 1", files(nothing, ChildFile.readFrom(file), nothing));
        assertRefused("write at place 0", files(ChildFile.writeTo(file), nothing, nothing));
        assertRefused("append at place 0", files(ChildFile.appendTo(file), nothing, nothing));
        assertRefused("pipe from child at place 0", files(ChildFile.pipeFromChild(), nothing, nothing));
        assertRefused("pipe to child at place 2", files(nothing, nothing, ChildFile.pipeToChild()));
    }

    @Test
    void start31_start52_attributesOfASystemAreRefused() throws Exception {
        assertRefused(
                "attributes of the backend 'other'", ProcessAttributes.builder().system(new OtherAttributes()));
    }

    @Test
    void start01_aProgramThatTheJdkWouldLookUpInPathIsRefusedThoughItIsThere(@TempDir Path folder) throws Exception {
        Path tool = Files.writeString(folder.resolve("true"), "#!/bin/sh\nexit 9\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertRefused(
                "without a directory",
                ProcessAttributes.builder().directory(folder).build(),
                OsString.of("true"));
    }

    @Test
    void sig12_onlyTermAndKillAreSentAndOthersLeaveTheChildAlone() throws Exception {
        OsProcess child = sh("exec sleep 300");
        for (Signal signal : List.of(Signal.INT, Signal.HUP, Signal.STOP, Signal.of(1), Signal.realTime(1))) {
            UnsupportedFeatureException refused =
                    assertThrows(UnsupportedFeatureException.class, () -> child.signal(signal));
            assertEquals(Capability.SIGNAL_ANY.description(), refused.feature());
            assertTrue(String.valueOf(refused.getMessage()).contains("'linux'"), refused.getMessage());
        }
        child.signal(Signal.of(0));
        assertTrue(child.kill());
        ended(child);
    }

    @Test
    void hnd02_sig20_sig21_handlesGroupsAndTreesAreRefused() throws Exception {
        OsProcess child = sh("exec sleep 300");
        assertThrows(NoHandleException.class, () -> child.withHandle(NativeHandle.class, handle -> handle));
        assertThrows(ProcessException.class, () -> child.signalGroup(Signal.TERM));
        UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, child::killTree);
        assertEquals(Capability.CHILDREN.description(), refused.feature());
        assertTrue(ProcessHandle.of(child.pid()).orElseThrow().isAlive());
    }

    @Test
    void ps17_whatTheJdkDoesNotTellIsAbsent() throws Exception {
        var state = ended(sh("exit 3"));
        assertEquals(3, state.exitCode());
        assertTrue(state.usage().isEmpty());
        assertTrue(state.userTime().isEmpty());
        assertTrue(state.systemTime().isEmpty());
    }

    // ---- characters

    private void assertUnencodable(String what, StartRequest request, Charset... charsets) {
        JdkStarter starter = new JdkStarter(JdkSystem.over(calls, JdkHost.LINUX), new TextCheck(List.of(charsets)));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> starter.start(request, new ConcurrentHashMap<>()));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(what), refused.getMessage());
        assertEquals(0, calls.starts);
    }

    private static StartRequest request(String program, String argument, String directory, String entry) {
        return new StartRequest(
                OsString.of(program),
                List.of(OsString.of(program), OsString.of(argument)),
                OsString.of(directory),
                dev.osprocess.spi.ChildEnvironment.exactly(List.of(OsString.of(entry))),
                null,
                null);
    }

    @Test
    void start05_whatTheJdkWouldTurnIntoAQuestionMarkIsRefusedWithItsPlace() {
        assertUnencodable(
                "argument 1: the character U+E9 at index 1 cannot be encoded in US-ASCII",
                request("/bin/true", "xé", "/", "A=1"),
                StandardCharsets.US_ASCII);
        assertUnencodable("program", request("/bin/€", "", "/", "A=1"), StandardCharsets.ISO_8859_1);
        assertUnencodable("directory", request("/bin/true", "", "/é", "A=1"), StandardCharsets.US_ASCII);
        assertUnencodable("environment entry 0", request("/bin/true", "", "/", "A=é"), StandardCharsets.US_ASCII);
        assertUnencodable(
                "argument 1: the character U+D83D", request("/bin/true", "\ud83d", "/", "A=1"), StandardCharsets.UTF_8);
        assertUnencodable(
                "argument 1: it means other bytes",
                request("/bin/true", "é", "/", "A=1"),
                StandardCharsets.ISO_8859_1,
                StandardCharsets.UTF_8);
    }

    /** Run in a JVM of the C locale: what does not survive is refused, what does arrives. */
    static final class InTheCLocale {
        public static void main(String[] args) throws Exception {
            try {
                OsProcess child = OsProcess.start(
                        SH, List.of(SH, "-c", "test \"$1\" = \"$(printf '\\303\\251')\"", "sh", "\u00e9"));
                System.out.println("arrived " + child.waitFor().exitCode());
            } catch (IllegalArgumentException refused) {
                System.out.println("refused");
            }
        }
    }

    @Test
    void start05_inTheCLocaleTextArrivesOrIsRefused() throws Exception {
        Map<String, String> locale = new TreeMap<>(Map.of("LC_ALL", "C"));
        String text = java(locale, List.of(), InTheCLocale.class);
        assertTrue(text.equals("refused\n") || text.equals("arrived 0\n"), text);
        assertEquals("arrived 0\n", java(Map.of("LC_ALL", "C.UTF-8"), List.of(), InTheCLocale.class));
    }
}
