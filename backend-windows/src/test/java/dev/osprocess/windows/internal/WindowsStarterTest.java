// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.windows.WindowsAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CreateProcessW is called with, and what is left behind when anything fails: nothing. */
final class WindowsStarterTest {
    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final WindowsStarter starter = new WindowsStarter(calls);

    private static StartRequest request(
            String program,
            @Nullable String directory,
            @Nullable List<ChildFile> files,
            @Nullable SystemAttributes system) {
        return new StartRequest(
                OsString.of(program),
                List.of(OsString.of("name"), OsString.of("a b")),
                directory == null ? null : OsString.of(directory),
                ChildEnvironment.inherited(),
                files,
                system);
    }

    private static StartRequest request() {
        return request("C:\\x.exe", null, null, null);
    }

    private Launch launch(StartRequest request) throws ProcessException {
        starter.start(request);
        return calls.launches.get(calls.launches.size() - 1);
    }

    private Launch launch(WindowsAttributes attributes) throws ProcessException {
        return launch(request("C:\\x.exe", null, null, attributes));
    }

    private static WindowsAttributes.Builder attributes() {
        return WindowsAttributes.builder();
    }

    // ---- what is asked for

    @Test
    void start01_start02_theProgramIsNamedApartFromTheLine() throws Exception {
        Launch launch = launch(request());
        assertEquals("C:\\x.exe", launch.application());
        assertEquals("name \"a b\"", launch.commandLine());
        assertNull(launch.environment());
        assertNull(launch.directory());
        assertEquals(WindowsAbi.CREATE_UNICODE_ENVIRONMENT | WindowsAbi.EXTENDED_STARTUPINFO_PRESENT, launch.flags());
    }

    @Test
    void start44_theStandardStreamsAreDuplicatedAndNothingElseIsListed() throws Exception {
        Launch launch = launch(request());
        long[] streams = launch.streams();
        assertNotNull(streams);
        assertArrayEquals(streams, launch.inherited());
        assertEquals(3, Arrays.stream(streams).distinct().count());
        assertFalse(Arrays.stream(streams).anyMatch(calls.standard::containsValue));
    }

    @Test
    void start26_onlyTheProcessStaysOpen() throws Exception {
        Target target = starter.start(request());
        assertEquals(1, calls.openBesideStreams().size());
        target.close();
        assertEquals(List.of(), calls.openBesideStreams());
        assertEquals(3, calls.open.size());
    }

    @Test
    void start17_aPlaceThatIsClosedOrAbsentHasNoHandle() throws Exception {
        Launch launch = launch(request("C:\\x.exe", null, List.of(ChildFile.closed(), ChildFile.inherit(2)), null));
        long[] streams = launch.streams();
        assertNotNull(streams);
        assertEquals(0, streams[0]);
        assertEquals(0, streams[2]);
        assertArrayEquals(new long[] {streams[1]}, launch.inherited());
        launch = launch(request("C:\\x.exe", null, List.of(), null));
        assertArrayEquals(new long[3], launch.streams());
        assertEquals(0, launch.inherited().length);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, WindowsAbi.INVALID_HANDLE_VALUE})
    void start17_aStreamThatIsClosedHereIsClosedThere(long none) throws Exception {
        calls.standard.put(WindowsAbi.STD_INPUT_HANDLE, none);
        long[] streams = launch(request()).streams();
        assertNotNull(streams);
        assertEquals(0, streams[0]);
    }

    @Test
    void start16_nullDeviceAndPipesAreOpenedForTheirDirection() throws Exception {
        Target target = starter.start(request(
                "C:\\x.exe", null, List.of(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.pipe()), null));
        assertTrue(calls.log.contains("CreateFileW NUL 0x80000000 3"), calls.log::toString);
        assertTrue(calls.log.contains("CreateFileW NUL 0x40000000 3"), calls.log::toString);
        assertNull(target.pipe(0));
        assertNotNull(target.pipe(2));
        Objects.requireNonNull(target.pipe(2)).close();
        target.close();
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, false, 0x200",
        "false, true, false, false, 0x8000000",
        "false, false, true, false, 0x8",
        "false, false, false, true, 0x4"
    })
    void start46_flagsAreAddedToTheNeededOnes(
            boolean group, boolean noWindow, boolean detached, boolean suspended, String flag) throws Exception {
        WindowsAttributes.Builder builder = attributes().creationFlags(0x80); // HIGH_PRIORITY_CLASS
        if (group) {
            builder.newProcessGroup();
        }
        if (noWindow) {
            builder.noWindow();
        }
        if (detached) {
            builder.detached();
        }
        if (suspended) {
            builder.suspended();
        }
        assertEquals(
                0x80400 | 0x80 | Integer.decode(flag), launch(builder.build()).flags());
    }

    @Test
    void start46_aNewConsoleGivesTheStreamsUnlessFilesAreGiven() throws Exception {
        Launch launch = launch(attributes().newConsole().build());
        assertNull(launch.streams());
        assertEquals(0, launch.inherited().length);
        launch = launch(request(
                "C:\\x.exe",
                null,
                List.of(ChildFile.nullDevice()),
                attributes().newConsole().build()));
        assertNotNull(launch.streams());
    }

    @Test
    void start46_aWindowCanBeHidden() throws Exception {
        assertTrue(launch(attributes().hideWindow().build()).hideWindow());
        assertFalse(launch(attributes().build()).hideWindow());
    }

    @Test
    void start46_whatExcludesEachOtherIsRefusedWhenItIsBuilt() {
        assertThrows(
                IllegalStateException.class,
                () -> attributes().detached().newConsole().build());
        assertThrows(
                IllegalStateException.class,
                () -> attributes().noWindow().detached().build());
        assertThrows(
                IllegalStateException.class,
                () -> attributes().inheritHandle(8).parentProcess(4).build());
        assertThrows(IllegalArgumentException.class, () -> attributes().inheritHandle(0));
        assertThrows(IllegalArgumentException.class, () -> attributes().parentProcess(0));
    }

    @Test
    void start46_anotherParentGetsTheHandlesThatItsChildInherits() throws Exception {
        long parent = calls.openProcess(-1, ScriptedSyscalls.SELF);
        Launch launch = launch(attributes().parentProcess(parent).build());
        assertEquals(parent, launch.parent());
        assertEquals(3, launch.inherited().length);
        calls.closeHandle(parent);
        assertEquals(1, calls.openBesideStreams().size()); // the child
    }

    @Test
    void start43_aRawLineIsUsedAsItIs() throws Exception {
        assertEquals(
                "x  \"odd", launch(attributes().commandLine("x  \"odd").build()).commandLine());
        WindowsAttributes nul = attributes().commandLine("a\0b").build();
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> launch(nul)).kind());
        WindowsAttributes tooLong = attributes().commandLine("a".repeat(40_000)).build();
        assertEquals(
                ErrorKind.INVALID,
                assertThrows(ProcessException.class, () -> launch(tooLong)).kind());
    }

    @Test
    void start42_aBatchFileIsRunByTheSystemsShell() throws Exception {
        calls.attributes.put("C:\\x.bat", WindowsAbi.FILE_ATTRIBUTE_NORMAL);
        StartRequest request = new StartRequest(
                OsString.of("C:\\x.bat"),
                List.of(OsString.of("x.bat"), OsString.of("a&b")),
                null,
                ChildEnvironment.inherited(),
                null,
                null);
        Launch launch = launch(request);
        assertEquals("C:\\Windows\\system32\\cmd.exe", launch.application());
        assertTrue(launch.commandLine().endsWith("\"\"C:\\x.bat\" \"a&b\"\""), launch::commandLine);
        calls.attributes.clear();
        assertEquals(
                ErrorKind.NOT_FOUND,
                assertThrows(ProcessException.class, () -> launch(request)).kind());
    }

    @Test
    void start38_allChildrenThatEndWithTheJvmAreInOneJobThatKillsOnClose() throws Exception {
        WindowsAttributes attributes = attributes().endWithJvm().build();
        long[] first = launch(attributes).jobs();
        long[] second = launch(attributes).jobs();
        assertArrayEquals(first, second);
        assertEquals(1, first.length);
        assertTrue(calls.log.contains("SetInformationJobObject 0x2000"), calls.log::toString);
    }

    @Test
    void sig20_aJobOfItsOwnIsInsideTheJvmsAndIsClosedWithTheTarget() throws Exception {
        Target target = starter.start(request(
                "C:\\x.exe", null, null, attributes().endWithJvm().newJob().build()));
        assertEquals(2, calls.launches.get(0).jobs().length);
        assertTrue(target.leadsGroup());
        target.close();
        assertEquals(List.of("job"), calls.openBesideStreams()); // the JVM's
    }

    @Test
    void start44_listedHandlesMustBeInheritable() throws Exception {
        long good = calls.callersHandle(true);
        Launch launch =
                launch(attributes().inheritHandle(good).inheritHandle(good).build());
        assertEquals(4, launch.inherited().length);
        assertEquals(good, launch.inherited()[3]);
        long bad = calls.callersHandle(false);
        WindowsAttributes wrong = attributes().inheritHandle(bad).build();
        ProcessException refused = assertThrows(ProcessException.class, () -> launch(wrong));
        assertEquals(ErrorKind.INVALID, refused.kind());
        assertTrue(Said.by(refused).contains(Long.toHexString(bad)), refused::getMessage);
    }

    @Test
    void start52_attributesOfAnotherBackendAreRefused() {
        SystemAttributes others = () -> "linux";
        UnsupportedFeatureException refused = assertThrows(
                UnsupportedFeatureException.class, () -> starter.start(request("C:\\x.exe", null, null, others)));
        assertTrue(Said.by(refused).contains("linux"), refused::getMessage);
        assertEquals(List.of(), calls.log);
    }

    // ---- what fails

    @ParameterizedTest
    @ValueSource(strings = {"CreateProcessW", "DuplicateHandle", "CreatePipe", "CreateFileW", "CreateJobObjectW"})
    void start25_start26_aFailureLeavesNothingOpen(String call) {
        calls.fail(call, Win32Error.NOT_ENOUGH_MEMORY);
        ProcessException failed = assertThrows(
                ProcessException.class,
                () -> starter.start(request(
                        "C:\\x.exe",
                        null,
                        List.of(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2)),
                        attributes().newJob().build())));
        assertEquals(ErrorKind.EXHAUSTED, failed.kind());
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @ParameterizedTest
    @CsvSource({
        "2, NOT_FOUND",
        "3, NOT_FOUND",
        "5, PERMISSION",
        "193, NOT_EXECUTABLE",
        "216, NOT_EXECUTABLE",
        "740, PERMISSION"
    })
    void start25_theProgramIsNamedWithTheSystemsError(int error, ErrorKind kind) {
        calls.fail("CreateProcessW", error);
        ProcessException failed = assertThrows(ProcessException.class, () -> starter.start(request()));
        assertEquals(kind, failed.kind());
        assertEquals("fork/exec", failed.operation());
        assertEquals("C:\\x.exe", failed.path().orElseThrow());
        assertEquals(error, failed.nativeNumber().orElseThrow());
        assertFalse(Said.by(failed).contains("a b"), failed::getMessage); // ERR-15
    }

    @Test
    void start25_aFolderIsNoProgram() {
        calls.attributes.put("C:\\x.exe", WindowsAbi.FILE_ATTRIBUTE_DIRECTORY);
        calls.fail("CreateProcessW", Win32Error.ACCESS_DENIED);
        ProcessException failed = assertThrows(ProcessException.class, () -> starter.start(request()));
        assertEquals(ErrorKind.NOT_EXECUTABLE, failed.kind());
        assertTrue(Said.by(failed).contains("folder"), failed::getMessage);
    }

    @Test
    void err02_theNamesThatWereGivenAreBlamed() {
        calls.attributes.put("C:\\work", WindowsAbi.FILE_ATTRIBUTE_DIRECTORY);
        calls.fail("CreateProcessW", Win32Error.FILE_NOT_FOUND);
        ProcessException program =
                assertThrows(ProcessException.class, () -> starter.start(request(".\\x.exe", "C:/work", null, null)));
        assertEquals("fork/exec", program.operation());
        assertEquals(".\\x.exe", program.path().orElseThrow());
        calls.attributes.remove("C:\\work");
        calls.fail("CreateProcessW", Win32Error.FILE_NOT_FOUND);
        ProcessException directory =
                assertThrows(ProcessException.class, () -> starter.start(request(".\\x.exe", "C:/work", null, null)));
        assertEquals("chdir", directory.operation());
        assertEquals("C:/work", directory.path().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 267})
    void start13_aDirectoryThatIsMissingOrAFileIsBlamed(int error) {
        StartRequest request = request("x.exe", "C:\\work", null, null);
        calls.fail("CreateProcessW", error);
        ProcessException missing = assertThrows(ProcessException.class, () -> starter.start(request));
        assertEquals("chdir", missing.operation());
        assertEquals("C:\\work", missing.path().orElseThrow());
        assertEquals(ErrorKind.NOT_FOUND, missing.kind());
        calls.attributes.put("C:\\work", WindowsAbi.FILE_ATTRIBUTE_NORMAL);
        calls.fail("CreateProcessW", error);
        ProcessException file = assertThrows(ProcessException.class, () -> starter.start(request));
        assertEquals("chdir", file.operation());
        assertEquals(267, file.nativeNumber().orElseThrow());
        calls.attributes.put("C:\\work", WindowsAbi.FILE_ATTRIBUTE_DIRECTORY);
        calls.fail("CreateProcessW", Win32Error.FILE_NOT_FOUND);
        assertEquals(
                "fork/exec",
                assertThrows(ProcessException.class, () -> starter.start(request))
                        .operation());
    }

    @Test
    void start38_aJobThatCannotBeLimitedIsGivenBackAndMadeAnewNextTime() throws Exception {
        WindowsAttributes attributes = attributes().endWithJvm().build();
        calls.fail("SetInformationJobObject", Win32Error.ACCESS_DENIED);
        assertThrows(ProcessException.class, () -> launch(attributes));
        assertEquals(List.of(), calls.openBesideStreams());
        assertEquals(1, launch(attributes).jobs().length);
    }
}
