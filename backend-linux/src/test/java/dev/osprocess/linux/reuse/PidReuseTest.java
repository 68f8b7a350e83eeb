// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.reuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The promise of the first paragraph, shown with numbers that are recycled for real (ID-12, SIG-18, D2, D16). */
class PidReuseTest {
    private static final int ROUNDS = Integer.getInteger("osprocess.test.reuseRounds", 1000);

    @ParameterizedTest
    @CsvSource({"HANDLE,on", "PID,off"})
    void id12_aRecycledNumberIsNeverHit(String mode, String pidfd) throws Exception {
        assumeTrue(isRoot(), "needs root: it makes a pid namespace and writes ns_last_pid in it");
        assumeLastPid();
        assumeTrue(
                mode.equals("PID") || pidfdsWork(), "needs pidfds, which are refused or unknown here (pidfd_open(2))");
        // In pid mode each round must outlast two clock ticks, so there are fewer of them.
        int rounds = mode.equals("PID") ? Math.max(1, ROUNDS / 4) : ROUNDS;
        Run run = inPidNamespace(mode, pidfd, rounds);
        assertEquals(0, run.exitCode, run.output);
        assertTrue(run.output.contains("rounds with a recycled pid: " + rounds + ","), run.output);
        System.out.println("pid reuse in mode " + mode + ": " + run.output.trim());
    }

    @Test
    void theRoundsNoticeAWrongMode() throws Exception {
        assumeTrue(isRoot(), "needs root: it makes a pid namespace and writes ns_last_pid in it");
        assumeLastPid();
        Run run = inPidNamespace("HANDLE", "off", 1);
        assertEquals(1, run.exitCode, run.output);
        assertTrue(run.output.contains("held by PID"), run.output);
    }

    private static void assumeLastPid() {
        Path file = Path.of("/proc/sys/kernel/ns_last_pid");
        assumeTrue(Files.isWritable(file), "needs " + file + ", by which a test says which number comes next");
    }

    /** By asking the library for a child of its own, unless it was told not to use them. */
    private static boolean pidfdsWork() throws Exception {
        try (OsProcess child = OsProcess.start("/bin/true", List.of("true"))) {
            child.waitFor();
            return child.mode() == ProcessMode.HANDLE;
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private record Run(int exitCode, String output) {}

    private static Run inPidNamespace(String mode, String pidfd, int rounds) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Ddev.osprocess.linux.pidfd=" + pidfd,
                "-cp",
                System.getProperty("java.class.path"),
                PidReuseRounds.class.getName(),
                mode,
                Integer.toString(rounds)));
        Path said = Files.createTempFile(
                "pid-reuse", ".txt"); // no pipe, whose end would have to be awaited without a bound
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            String output = Files.readString(said, StandardCharsets.UTF_8);
            assertTrue(ended, "still running: " + output);
            return new Run(process.exitValue(), output);
        } finally {
            process.destroyForcibly(); // --kill-child takes the namespace along
            Files.delete(said);
        }
    }
}
