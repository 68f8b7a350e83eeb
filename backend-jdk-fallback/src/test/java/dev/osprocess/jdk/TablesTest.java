// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ExitCause;
import dev.osprocess.OsString;
import dev.osprocess.ProcessState;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What this backend knows of systems, all of it on every host. */
final class TablesTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, LINUX",
        "Mac OS X, MAC",
        "Darwin, MAC",
        "Windows Server 2022, WINDOWS",
        "FreeBSD, UNIX",
        "AIX, UNIX",
        "'', UNIX"
    })
    void d10_theHostIsKnownByItsName(String name, JdkHost host) {
        assertEquals(host, JdkHost.of(name));
        assertEquals(
                host == JdkHost.WINDOWS ? "NUL" : "/dev/null", host.nullDevice().getPath());
        assertEquals(host == JdkHost.WINDOWS, host.hasSeparator("a\\b"));
        assertTrue(host.hasSeparator("./a"));
        assertEquals(host == JdkHost.WINDOWS ? 4294967295L : 2147483647L, host.highestPid());
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX, 0, EXITED, 0", "LINUX, 128, EXITED, 128", "LINUX, 129, UNKNOWN, 129", "LINUX, 192, UNKNOWN, 192",
        "LINUX, 193, EXITED, 193", "LINUX, 255, EXITED, 255", "LINUX, 256, UNKNOWN,", "LINUX, -1, UNKNOWN,",
        "MAC, 159, UNKNOWN, 159", "MAC, 160, EXITED, 160", "UNIX, 255, UNKNOWN, 255", "UNIX, 128, EXITED, 128",
        "WINDOWS, 137, EXITED, 137", "WINDOWS, 259, EXITED, 259", "WINDOWS, -1073741819, EXITED, 3221225477"
    })
    void ps02_ps04_ps16_exitValuesAreReadAsTheHostMeansThem(
            JdkHost host, int value, ExitCause cause, @Nullable Long raw) {
        ProcessState state = ExitStates.of(host, 7, value);
        assertEquals(cause, state.cause());
        assertEquals(raw == null ? OptionalLong.empty() : OptionalLong.of(raw), state.rawStatus());
        assertEquals(cause == ExitCause.EXITED && raw != null ? raw : -1, state.exitCode());
        assertTrue(state.signal().isEmpty());
    }

    @Test
    void id16_onWindowsAnEndWithoutAValueIs259AndElsewhereUnknown() {
        assertEquals(259, ExitStates.withoutValue(JdkHost.WINDOWS, 7).exitCode());
        assertEquals(
                ExitCause.UNKNOWN, ExitStates.withoutValue(JdkHost.LINUX, 7).cause());
    }

    @ParameterizedTest
    @CsvSource({
        "run.bat, true",
        "RUN.CMD, true",
        "c:/x/run.bat. ., true",
        "run.bat.exe, false",
        "run.exe, false",
        "bat, false"
    })
    void start42_batchFilesAreKnownOnWindowsAlone(String name, boolean batch) {
        assertEquals(batch, new Programs(JdkHost.WINDOWS).isBatchFile(name));
        assertFalse(new Programs(JdkHost.LINUX).isBatchFile(name));
    }

    @Test
    void start12_start42_onWindowsBatchFilesAndRelativeProgramsInADirectoryAreRefused(@TempDir Path folder)
            throws Exception {
        executable(folder, "run.bat", new byte[] {'x'});
        executable(folder, "tool", new byte[] {'M', 'Z'});
        assertEquals("batch files", refusedOnWindows(folder.resolve("run.bat").toString(), null));
        assertTrue(refusedOnWindows("./tool", folder).contains("relative program"));
        assertTrue(refusedOnWindows(folder.resolve("tool").toString(), null, "Path=1", "PATH=2")
                .contains("duplicate"));
    }

    private static String refusedOnWindows(String program, @Nullable Path directory, String... entries) {
        ForwardingCalls calls = new ForwardingCalls();
        StartRequest request = new StartRequest(
                OsString.of(program),
                List.of(OsString.of(program)),
                directory == null ? null : OsString.of(directory.toString()),
                ChildEnvironment.exactly(
                        List.of(entries).stream().map(OsString::of).toList()),
                null,
                null);
        JdkStarter starter = new JdkStarter(JdkSystem.over(calls, JdkHost.WINDOWS));
        UnsupportedFeatureException refused = assertThrows(
                UnsupportedFeatureException.class, () -> starter.start(request, new ConcurrentHashMap<>()));
        assertEquals(0, calls.starts);
        return refused.feature();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "a\"b", "\"a b\"", "a\\\\\"b c\\", "\\\""})
    void start04_anArgumentThatTheJdkWouldNotQuoteOnWindowsIsRefusedAndNotShown(String argument, @TempDir Path folder)
            throws Exception {
        Path program = executable(folder, "tool", new byte[] {'M', 'Z'});
        for (JdkHost host : List.of(JdkHost.WINDOWS, JdkHost.LINUX)) {
            ForwardingCalls calls = new ForwardingCalls();
            StartRequest request = new StartRequest(
                    OsString.of(program.toString()),
                    List.of(OsString.of(program.toString()), OsString.of("b c\\"), OsString.of(argument)),
                    null,
                    ChildEnvironment.exactly(List.of()),
                    null,
                    null);
            JdkStarter starter = new JdkStarter(JdkSystem.over(calls, host));
            Exception failed = assertThrows(Exception.class, () -> starter.start(request, new ConcurrentHashMap<>()));
            if (host == JdkHost.WINDOWS) {
                assertTrue(failed instanceof UnsupportedFeatureException, failed.toString());
                assertTrue(String.valueOf(failed.getMessage()).contains("a quotation mark in argument 2"));
                assertFalse(String.valueOf(failed.getMessage()).contains(argument), "it may be a secret");
                assertEquals(0, calls.starts);
            } else {
                assertFalse(failed instanceof UnsupportedFeatureException, failed.toString());
            }
            assertEquals(
                    host == JdkHost.WINDOWS,
                    new JdkBackend(calls, host).deviations().containsKey("START-04"));
        }
    }

    private static Path executable(Path folder, String name, byte[] head) throws Exception {
        Path file = Files.write(folder.resolve(name), head);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "7f454c46, LINUX UNIX",
        "2321, LINUX MAC UNIX",
        "cffaedfe, MAC",
        "feedface, MAC",
        "cafebabe, MAC",
        "01df0005, UNIX",
        "4d5a9000, WINDOWS",
        "4d5b9000, ''",
        "4d, ''",
        "7f45, ''",
        "'', ''"
    })
    void start27_whatTheSystemWouldNotExecuteIsKnownByItsFirstBytes(String head, String hosts, @TempDir Path folder)
            throws Exception {
        byte[] bytes = new byte[head.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(head.substring(2 * i, 2 * i + 2), 16);
        }
        Path file = executable(folder, "program", bytes);
        for (JdkHost host : JdkHost.values()) {
            var objection = new Programs(host).objectionToProgram(file.toString(), file);
            if (List.of(hosts.split(" ", -1)).contains(host.name())) {
                assertNull(objection, host.name());
            } else {
                assertNotNull(objection, host.name());
            }
        }
    }
}
