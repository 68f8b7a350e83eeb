// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.TreeKillReport;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.windows.WindowsAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ending a tree where processes cannot be stopped first. */
final class KillTreeTest {
    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private static LifeCycle start(Engine engine, WindowsAttributes attributes) throws Exception {
        return engine.start(
                OsString.of("C:\\x.exe"),
                List.of(OsString.of("x")),
                ProcessAttributes.builder().system(attributes).build());
    }

    @Test
    void sig21_theDescendantsAreEndedAndTheReportSaysThatNobodyCouldBeStopped() throws Exception {
        Engine engine = Engine.over(new WindowsBackend(WindowsProbe.of(calls)));
        LifeCycle root = start(engine, WindowsAttributes.builder().build());
        calls.stranger(8000, root.pid(), 90_000);
        calls.stranger(8004, 8000, 90_001);
        ScriptedSyscalls.Simulated older = calls.stranger(8008, root.pid(), 5);
        TreeKillReport report = root.killTree();
        assertEquals(Set.of(root.pid(), 8000L, 8004L), Set.copyOf(report.reached()));
        assertEquals(1, report.problems().size());
        assertEquals(1L, Objects.requireNonNull(calls.processes.get(8004L)).exitCode);
        assertNull(older.exitCode);
        root.waitFor();
        engine.stop();
        assertEquals(List.of(), calls.openBesideStreams());
    }

    @Test
    void sig21_aJobOfItsOwnIsEndedAsAWhole() throws Exception {
        Engine engine = Engine.over(new WindowsBackend(WindowsProbe.of(calls)));
        LifeCycle root = start(engine, WindowsAttributes.builder().newJob().build());
        TreeKillReport report = root.killTree();
        assertEquals(List.of(), report.problems());
        assertEquals(true, calls.log.contains("TerminateJobObject 1"));
        root.waitFor();
        engine.stop();
    }
}
