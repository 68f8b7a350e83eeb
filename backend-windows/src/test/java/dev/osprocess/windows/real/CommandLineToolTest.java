// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command line, as it was packaged, with programs of Windows. */
@Timeout(300)
final class CommandLineToolTest extends RealProcesses {
    private static final String NOBODY = "4294967292";

    private record Said(long code, String out, String err) {}

    @BeforeAll
    static void itIsThere() {
        assumeTrue(
                System.getProperty("osprocess.cli") != null,
                "needs the packaged command line: -Dosprocess.cli=CLASS-PATH, as scripts/windows-suite gives it");
    }

    private OsProcess begin(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("osprocess.cli"),
                "dev.osprocess.cli.Main"));
        command.addAll(List.of(arguments));
        return owned(
                OsProcess.start(
                        java(),
                        command,
                        ProcessAttributes.builder()
                                .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.pipe())
                                .build()),
                1,
                2);
    }

    private static Said said(OsProcess tool) throws Exception {
        String out = new String(output(tool, 1), StandardCharsets.UTF_8);
        String err = new String(output(tool, 2), StandardCharsets.UTF_8);
        return new Said(end(tool).exitCode(), out, err);
    }

    private Said osprocess(String... arguments) throws Exception {
        return said(begin(arguments));
    }

    @Test
    void theBackendsAreListed() throws Exception {
        Said said = osprocess("backends");
        assertEquals(0, said.code(), said::err);
        assertTrue(said.out().contains("windows") && said.out().contains("HANDLE"), said::out);
    }

    @Test
    void aProgramIsLookedUpInPathAndItsCodeIsTold() throws Exception {
        Said said = osprocess("run", "--report", "--", "cmd", "/c", "exit 7");
        assertEquals(7, said.code(), said::err);
        assertTrue(said.err().contains("exit status 7"), said::err);
        assertEquals(127, osprocess("run", "--", "no-such-program").code());
    }

    @Test
    void aProcessIsWaitedForByItsNumberAndByItsIdentity() throws Exception {
        OsProcess child = held();
        String pid = Long.toString(child.pid());
        String identity = osprocess("identity", pid).out().strip();
        assertEquals(child.identity().toString(), identity);
        assertEquals(124, osprocess("wait", "--timeout", "50ms", identity).code());
        OsProcess byNumber = begin("wait", pid);
        tell(child, "exit 5");
        Said said = said(byNumber);
        assertEquals(5, said.code(), said::err);
        assertTrue(said.out().contains("exit status 5"), said::out);
        assertEquals(127, osprocess("wait", NOBODY).code());
    }

    @Test
    void aProcessIsKilledAndWhatWindowsCannotSendIsRefused() throws Exception {
        OsProcess child = held();
        String pid = Long.toString(child.pid());
        Said refused = osprocess("signal", pid, "TERM");
        assertEquals(1, refused.code(), refused::err);
        assertTrue(refused.err().contains("windows"), refused::err);
        assertEquals(Liveness.RUNNING, child.liveness());
        Said killed = osprocess("signal", pid, "KILL");
        assertEquals(0, killed.code(), killed::err);
        assertEquals(3, osprocess("signal", pid, "KILL").code(), "of a process that has ended");
        assertEquals(1, end(child).exitCode());
        assertEquals(3, osprocess("signal", NOBODY, "KILL").code());
    }
}
