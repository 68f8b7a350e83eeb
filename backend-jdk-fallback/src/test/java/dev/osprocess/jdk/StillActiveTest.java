// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** On Windows the JDK before version 20 takes an exit with 259 for "still active" (ID-16); scripted, so it runs anywhere. */
final class StillActiveTest {
    private final CompletableFuture<Process> wait = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();

    /** A child that the JDK says is alive and has no exit value, whatever happens. */
    private final class Denied extends ForwardingCalls.Child {
        Denied(Process real) {
            super(real);
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public int exitValue() {
            throw new IllegalThreadStateException("process has not exited");
        }

        @Override
        public CompletableFuture<Process> onExit() {
            asked.incrementAndGet();
            return wait;
        }
    }

    private ChildTarget child(JdkHost host) throws Exception {
        Process real = new ProcessBuilder("/bin/true").start();
        real.waitFor();
        return new ChildTarget(
                JdkSystem.over(new ForwardingCalls(), host),
                new Denied(real),
                PipeEnds.NONE,
                new ConcurrentHashMap<>());
    }

    @Test
    void id16_wait20_theEndOfAChildThatExitedWith259IsSeenByTheJdksOwnWait() throws Exception {
        ChildTarget child = child(JdkHost.WINDOWS);
        ChildTarget again = child.foundAgain();
        AtomicInteger told = new AtomicInteger();
        child.whenEnded(told::incrementAndGet);
        assertNull(child.collect());
        assertEquals(Liveness.RUNNING, again.liveness());
        assertEquals(0, told.get());
        wait.completeExceptionally(new CompletionException(new IllegalThreadStateException("no exit value")));
        assertEquals(1, told.get());
        for (ChildTarget each : new ChildTarget[] {child, again}) {
            assertEquals(Liveness.GONE, each.liveness());
            assertFalse(each.isRunning());
            ProcessState state = each.collect();
            assertNotNull(state);
            assertEquals(259, state.exitCode());
        }
        again.whenEnded(told::incrementAndGet);
        assertEquals(2, told.get(), "after the end at once");
        assertEquals(2, asked.get(), "the number of one that has ended is not watched");
    }

    @Test
    void id16_aWaitThatFailsOtherwiseIsNoEnd() throws Exception {
        ChildTarget child = child(JdkHost.WINDOWS);
        wait.completeExceptionally(new CompletionException(new RejectedExecutionException("the pool is shut down")));
        assertEquals(Liveness.RUNNING, child.liveness());
        assertNull(child.collect());
    }

    @Test
    void id16_elsewhereNobodyWaitsBeforeItIsAskedFor() throws Exception {
        assertTrue(child(JdkHost.LINUX).isRunning());
        assertEquals(0, asked.get());
    }
}
