// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.windows.internal.Handled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting on Windows: by the handle, for any process, with the true code. */
final class WaitTest extends RealProcesses {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 127, 255, 256, 259, 65536, -1, Integer.MIN_VALUE, 0xC0000005, 0xC000013A})
    void ps04_wait20_everyCodeOf32BitsIsTold(int code) throws Exception {
        OsProcess child = run("exit " + code);
        ProcessState state = end(child);
        assertEquals(Integer.toUnsignedLong(code), state.exitCode());
        assertEquals(Integer.toUnsignedLong(code), state.rawStatus().orElseThrow());
        assertEquals(ExitCause.EXITED, state.cause());
        assertEquals(code == 0, state.success());
        assertEquals(ProcessMode.HANDLE, child.mode());
    }

    @Test
    void ps19_statusCodesOfTheSystemHaveANameInTheLongTextOnly() throws Exception {
        ProcessState state = end(run("exit " + 0xC0000005));
        assertEquals("exit status 0xc0000005", state.toString());
        assertEquals("exit status 0xc0000005 (STATUS_ACCESS_VIOLATION, invalid memory access)", state.describe());
        assertEquals("exit status 3", end(run("exit 3")).describe());
    }

    @Test
    void id16_aProcessThatExitedWith259HasEnded() throws Exception {
        OsProcess child = held();
        try (OsProcess found = OsProcess.find(child.pid())) {
            assertEquals(Liveness.RUNNING, found.liveness());
            tell(child, "exit 259");
            assertEquals(259, end(found).exitCode());
            assertEquals(259, end(child).exitCode());
            assertEquals(Liveness.GONE, child.liveness());
        }
    }

    @Test
    void wait07_aProcessOfSomebodyElseIsWaitedForByEventAndItsTrueCodeIsTold() throws Exception {
        Process stranger = new ProcessBuilder(cmd(), "/d", "/q").start();
        try (OsProcess found = OsProcess.find(stranger.pid())) {
            CompletableFuture<ProcessState> exit = found.onExit();
            assertTrue(found.waitFor(Duration.ofMillis(50)).isEmpty());
            assertEquals(Liveness.RUNNING, found.liveness());
            try (var input = stranger.outputWriter()) {
                input.write("exit 77\r\n");
            }
            assertEquals(77, exit.get(30, TimeUnit.SECONDS).exitCode());
            assertEquals(77, end(found).exitCode());
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void wait04_waitingAgainGivesTheSameStateAndTheStatusIsDone() throws Exception {
        OsProcess child = run("exit 5");
        ProcessState first = end(child);
        assertEquals(first, end(child));
        assertEquals(ProcessStatus.DONE, child.status());
        assertEquals(first, child.onExit().get(30, TimeUnit.SECONDS));
    }

    @Test
    void wait23_anInterruptEndsTheWaitAndNothingElse() throws Exception {
        OsProcess child = held();
        FutureTask<ProcessState> wait = new FutureTask<>(child::waitFor);
        Thread waiter = new Thread(wait, "waiter");
        waiter.start();
        waiter.interrupt();
        ExecutionException ended = assertThrows(ExecutionException.class, () -> wait.get(30, TimeUnit.SECONDS));
        assertInstanceOf(InterruptedException.class, ended.getCause());
        tell(child, "exit 4");
        assertEnded(4, child);
    }

    @Test
    void wait26_twoHundredChildrenAreWaitedForWithoutAThreadEach() throws Exception {
        List<OsProcess> all = new ArrayList<>();
        List<CompletableFuture<ProcessState>> exits = new ArrayList<>();
        int before = Thread.activeCount();
        int systems = Handled.threads();
        for (int i = 0; i < 200; i++) {
            OsProcess child = held(dev.osprocess.windows.WindowsAttributes.builder()
                    .suspended()
                    .build());
            all.add(child);
            exits.add(child.onExit());
        }
        // 63 processes to a thread of the system, which the JVM sees once it has called back
        int during = Thread.activeCount();
        assertTrue(during <= before + 8, () -> before + " threads before, " + during + " with 200 children");
        int systemsDuring = Handled.threads();
        assertTrue(
                systemsDuring <= systems + 16,
                () -> "threads of the system: " + systems + " before, " + systemsDuring + " with 200 children");
        for (OsProcess child : all) {
            assertTrue(child.kill());
        }
        for (CompletableFuture<ProcessState> exit : exits) {
            assertEquals(1, exit.get(60, TimeUnit.SECONDS).exitCode());
        }
        int after = Thread.activeCount();
        assertTrue(after <= before + 16, () -> before + " threads before, " + after + " after 200 ends");
    }

    @Test
    void wait22_theProgramCanBeDeletedAfterTheWait(@TempDir Path folder) throws Exception {
        Path program = folder.resolve("copy.exe");
        Files.copy(Path.of(cmd()), program);
        OsProcess child = owned(OsProcess.start(
                program.toString(),
                List.of("copy", "/d", "/c", "exit 6"),
                ProcessAttributes.builder()
                        .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build()));
        assertEnded(6, child);
        long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (true) {
            try {
                Files.delete(program);
                return;
            } catch (java.io.IOException busy) { // the system unmaps it a moment after the end
                if (System.nanoTime() - deadline > 0) {
                    throw busy;
                }
                Thread.sleep(10);
            }
        }
    }

    @Test
    void ps10_cpuTimesAreKnownAfterTheEnd() throws Exception {
        ProcessState state = end(run("exit 0"));
        assertTrue(state.usage().isPresent());
        WineDifference.CPU_TIMES_OF_OTHERS.leavesOutUnderWine();
        assertTrue(state.userTime()
                        .orElseThrow()
                        .plus(state.systemTime().orElseThrow())
                        .toSeconds()
                < 10);
    }

    @Test
    void ps12_memoryIsKnownAfterTheEnd() throws Exception {
        ProcessState state = end(run("exit 0"));
        WineDifference.MEMORY_AFTER_THE_END.leavesOutUnderWine();
        assertTrue(state.usage().orElseThrow().maxRss().orElseThrow() > 100_000);
    }

    @Test
    void d17_waitingForOneselfIsRefusedAtOnce() throws Exception {
        assertEquals(ErrorKind.INVALID, kindOf(() -> OsProcess.find(OsProcess.currentPid())
                .waitFor()));
    }
}
