// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WAIT-19, CONC-10: the JDK's own children and ours, side by side. */
final class CoexistenceTest extends KernelTest {
    private static final int ROUNDS = 500;
    private static final int THREADS = 4;

    /** The exit codes of one child of ours and one of the JDK's that ran at the same time, and what they should be. */
    private static String round(int number) throws Exception {
        int ourCode = number % 251;
        int theirCode = (number * 7 + 3) % 251;
        boolean theirsFirst = number % 2 == 0;
        Process theirs = theirsFirst ? jdk(theirCode) : null;
        OsProcess ours = OsProcess.start("/bin/sh", List.of("sh", "-c", "exit " + ourCode), quiet().build());
        // the JDK watches our child as well, which must take nothing from us
        CompletableFuture<ProcessHandle> watched =
                ProcessHandle.of(ours.pid()).map(ProcessHandle::onExit).orElse(null);
        if (theirs == null) {
            theirs = jdk(theirCode);
        }
        ProcessState state = number % 3 == 0
                ? ours.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS)
                : ours.waitFor(SOON).orElseThrow();
        assertTrue(theirs.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
        if (watched != null) {
            watched.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        assertEquals("exit status " + ourCode, state.toString());
        assertEquals(theirCode, theirs.exitValue());
        return "ok";
    }

    private static Process jdk(int code) throws Exception {
        return new ProcessBuilder("/bin/sh", "-c", "exit " + code)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void wait19_fiveHundredMixedChildrenAllGetTheirOwnCodes() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<String>> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                int number = i;
                rounds.add(() -> round(number));
            }
            for (Future<String> round : threads.invokeAll(rounds)) {
                assertEquals("ok", round.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(List.of(), zombies());
    }
}
