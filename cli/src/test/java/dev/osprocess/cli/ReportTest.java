// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final ProcessState KILLED = ProcessState.signaled(4711, Signal.KILL, false)
            .withRawStatus(9)
            .withUsage(ResourceUsage.builder(Duration.ofMillis(12), Duration.ofNanos(3_456_789))
                    .maxRss(200L << 20)
                    .maxRssFloor(60L << 20)
                    .faults(7, 1)
                    .contextSwitches(3, 4)
                    .blocks(5, 6)
                    .build())
            .withObservation(Duration.ofMillis(1500), true);

    @Test
    void jsonHasTheKeysOfTheDesignInTheirOrder() {
        assertEquals(
                "{\"backend\":\"linux\",\"handle\":\"pidfd\",\"pid\":4711,\"exited\":false,\"exitCode\":-1,"
                        + "\"signal\":\"SIGKILL\",\"coreDumped\":false,\"userMicros\":12000,\"systemMicros\":3456,"
                        + "\"maxRssBytes\":209715200,\"wallMicros\":1500000,\"text\":\"signal: killed\"}",
                new Report("linux", "pidfd", KILLED).json());
    }

    @Test
    void jsonSaysNullForWhatIsNotKnown() {
        assertEquals(
                "{\"backend\":\"jdk\",\"handle\":\"pid\",\"pid\":5,\"exited\":true,\"exitCode\":137,\"signal\":null,"
                        + "\"coreDumped\":false,\"userMicros\":null,\"systemMicros\":null,\"maxRssBytes\":null,"
                        + "\"wallMicros\":null,\"text\":\"exit status 137\"}",
                new Report("jdk", "pid", ProcessState.exited(5, 137)).json());
    }

    @Test
    void theBlockHasALineForEverything() {
        assertEquals(
                """
        \tCommand: /bin/sh (2 arguments)
        \tProcess id: 4711
        \tBackend: linux
        \tHeld by: pidfd
        \tEnded: signal: killed
        \tWall clock time: 1.500 s
        \tUser time: 0.012 s
        \tSystem time: 0.003 s
        \tMaximum resident set size: 204800 KiB
        \tPage faults: 7 without I/O, 1 with I/O
        \tContext switches: 3 voluntary, 4 involuntary
        \tFile system blocks: 5 read, 6 written
        """, new Report("linux", "pidfd", KILLED).block("/bin/sh", 2).replace(System.lineSeparator(), "\n"));
    }

    @Test
    void memoryThatMayBeTheJvmsOwnIsMarked() {
        ProcessState small = ProcessState.exited(1, 0)
                .withUsage(ResourceUsage.builder(Duration.ZERO, Duration.ZERO)
                        .maxRss(60L << 20)
                        .maxRssFloor(60L << 20)
                        .build());
        String block = new Report("linux", "pidfd", small).block("x", 1);
        assertTrue(
                block.contains("61440 KiB (at or below this JVM's own peak: says nothing about the program)"), block);
        assertTrue(block.contains("x (1 argument)"), block);
        assertTrue(block.contains("Page faults: not known"), block);
    }

    @Test
    void withoutUsageNothingIsInvented() {
        String block = new Report("jdk", "pid", ProcessState.unknown(1)).block("x", 0);
        assertTrue(block.contains("User time: not known"), block);
        assertTrue(block.contains("Maximum resident set size: not known"), block);
        assertTrue(block.contains("Ended: ended, status unknown"), block);
        assertFalse(block.contains(": 0"), block);
    }
}
