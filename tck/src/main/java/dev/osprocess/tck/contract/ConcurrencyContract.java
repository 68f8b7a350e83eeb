// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** CONC: many threads, with real processes below; the orders are proved on the scripted kernel and under jcstress. */
@LookAt("Target: all calls but close may come from several threads at once")
abstract class ConcurrencyContract extends Contract {
    private static final int THREADS = 6;
    private static final int ROUNDS = 3;

    private static FutureTask<String> onThread(String name, Callable<String> work) {
        FutureTask<String> task = new FutureTask<>(work);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static String get(FutureTask<String> task) throws Exception {
        return task.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Rule({"CONC-01", "CONC-02", "CONC-06"})
    void conc01_anyMixOfCallsFromAnyThreadsIsFine() throws Exception {
        Kit.Child guard = kit().child();
        for (int round = 0; round < ROUNDS; round++) {
            Kit.Child child = kit().child();
            OsProcess found = kit().find(child.pid());
            CountDownLatch busy = new CountDownLatch(THREADS);
            List<FutureTask<String>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                OsProcess process = i % 2 == 0 ? child.process() : found;
                int first = i;
                tasks.add(onThread("user " + i, () -> useUntilTheEnd(process, first, busy)));
            }
            assertTrue(busy.await(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "calls hang: " + busy.getCount());
            child.exit(7);
            for (FutureTask<String> task : tasks) {
                assertEquals("ended", get(task));
            }
            ProcessState state = Situations.end(child.process());
            assertEquals(7, state.exitCode());
            assertEquals(child.line().pid(), child.pid());
        }
        guard.ask("nothing");
    }

    private String useUntilTheEnd(OsProcess process, int first, CountDownLatch busy) throws Exception {
        long begin = System.nanoTime();
        for (int i = first; process.waitFor(Duration.ZERO).isEmpty(); i++) {
            if (i == first + 2 * THREADS) {
                busy.countDown();
            }
            if (System.nanoTime() - begin > Bounded.LONG.toNanos()) {
                return "never saw the end";
            }
            try {
                use(process, i);
            } catch (ProcessDoneException ended) {
                // another thread has seen the end
            }
        }
        return "ended";
    }

    @SuppressWarnings("StatementSwitchToExpressionSwitch") // one use each
    private void use(OsProcess process, int turn) throws Exception {
        switch (turn % THREADS) {
            case 0 -> assertNotNull(process.liveness());
            case 1 -> assertEquals(process.pid(), process.identity().pid());
            case 2 -> process.onExit().cancel(true);
            case 3 -> {
                try (OsProcess other = FrontDoor.find(kit().engine(), process.pid())) {
                    assertEquals(process.pid(), other.pid());
                }
            }
            case 4 -> {
                if (kit().subject().has(Capability.HANDLE)) {
                    assertEquals(
                            kit().backend().handleKind(), process.withHandle(NativeHandle.class, NativeHandle::kind));
                }
            }
            default -> assertNotNull(process.waitFor(Duration.ofNanos(50_000)));
        }
    }

    @Test
    @Rule({"CONC-05", "REL-04", "CONC-03"})
    void conc05_aReleaseBesideAnEndStrandsNobody() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Kit.Child child = kit().child();
            OsProcess process = child.process();
            CompletableFuture<ProcessState> end = process.onExit();
            CountDownLatch go = new CountDownLatch(1);
            FutureTask<String> release = onThread("releaser", () -> {
                go.await();
                return process.release().toString();
            });
            FutureTask<String> wait = onThread("waiter", () -> {
                go.await();
                try {
                    return Integer.toString((int) process.waitFor().exitCode());
                } catch (ProcessReleasedException tooLate) {
                    return "4";
                }
            });
            go.countDown();
            child.exit(4);
            assertEquals(
                    4, Situations.get("a future taken before the release", end).exitCode());
            assertEquals("4", get(wait));
            assertFalse(get(release).equals("RELEASED"), "released twice");
            assertTrue(process.status() != ProcessStatus.OK);
            Situations.awaitReaped(child.pid());
        }
    }

    @Test
    @Rule("CONC-07")
    @LookAt(
            "ProcessBackend.start: the parent's ends of pipes never reach another child, also one that starts meanwhile")
    void conc07_concurrentStartsDoNotInheritEachOthersPipes() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<FutureTask<Kit.Child>> starts = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            FutureTask<Kit.Child> start = new FutureTask<>(() -> {
                go.await();
                return kit().child(ProcessAttributes.builder()
                        .files(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2)));
            });
            starts.add(start);
            Thread thread = new Thread(start, "starter " + i);
            thread.setDaemon(true);
            thread.start();
        }
        go.countDown();
        List<Kit.Child> children = new ArrayList<>();
        for (FutureTask<Kit.Child> start : starts) {
            children.add(start.get(2 * Bounded.LONG.toSeconds(), TimeUnit.SECONDS));
        }
        for (Kit.Child child : children) {
            child.process().pipe(0).close();
            String rest = Bounded.call(
                    "reading to the end of a pipe whose writing end was closed, and which the other children may hold",
                    () -> child.askOne("read", "0", "1"));
            assertEquals("", rest);
        }
    }

    @Test
    @Rule("CONC-12")
    void conc12_allButWaitingLeavesAnInterruptAlone() throws Exception {
        ChildServer.Expected expected = kit().expect();
        Thread.currentThread().interrupt();
        OsProcess process = kit().start(
                        expected.program(), expected.arguments(), Kit.quiet().build());
        assertTrue(Thread.interrupted(), "start took the interrupt");
        kit().lineOf(expected).ask("nothing");
        Thread.currentThread().interrupt();
        OsProcess found = kit().find(process.pid());
        assertEquals(Liveness.RUNNING, found.liveness());
        assertEquals(process.pid(), found.identity().pid());
        found.close();
        CompletableFuture<ProcessState> end = process.onExit();
        assertTrue(process.kill());
        assertTrue(Thread.interrupted(), "a call that does not wait took the interrupt");
        assertFalse(Situations.get("the end of a killed child", end).success());
    }

    @Test
    @Rule("CONC-13")
    @LookAt("ProcessBackend.start: nothing that ends the child with the thread that started it")
    void conc13_theEndOfTheThreadThatStartedAChildDoesNotTouchIt() throws Exception {
        Kit.Child[] started = new Kit.Child[1];
        FutureTask<String> start = new FutureTask<>(() -> {
            started[0] = kit().child();
            return "started";
        });
        Thread thread = new Thread(start, "starter");
        thread.start();
        assertEquals("started", get(start));
        thread.join(Bounded.LONG.toMillis());
        assertFalse(thread.isAlive());
        Kit.Child child = started[0];
        child.ask("nothing");
        assertEquals(Liveness.RUNNING, child.process().liveness());
        child.exit(7);
        assertEquals(7, Situations.end(child.process()).exitCode());
    }
}
