// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** STATE: the status of an object, with a real process below; the races are proved on the scripted kernel. */
@LookAt("Target.collect: the state by the call that ends the object; Target.close: once, after every other call")
abstract class StatusContract extends Contract {
    private static final int THREADS = 8;
    private static final int CHILDREN = 5;
    private static final int ROUNDS = 2;

    @Test
    @Rule({"STATE-01", "STATE-11", "WAIT-04"})
    void state01_afterTheEndNothingMovesTheStatus() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        assertEquals(ProcessStatus.OK, process.status());
        child.exit(7);
        ProcessState state = Situations.end(process);
        assertEquals(ProcessStatus.DONE, process.status());
        assertEquals(ProcessStatus.DONE, process.release());
        process.close();
        assertEquals(ProcessStatus.DONE, process.status());
        assertEquals(state, Situations.end(process), "a wait after DONE and release");
        assertEquals(Optional.of(state), process.waitFor(Duration.ZERO));
        assertEquals(Optional.of(state), process.state());
    }

    @Test
    @Rule({"STATE-01", "SIG-04", "WAIT-05"})
    void state01_afterAReleaseTheEndMovesNothing() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        process.close();
        assertEquals(ProcessStatus.RELEASED, process.status());
        child.exit(7);
        Situations.awaitReaped(child.pid());
        assertEquals(ProcessStatus.RELEASED, process.status());
        assertThrows(ProcessReleasedException.class, () -> process.signal(Signal.KILL));
        assertThrows(ProcessReleasedException.class, () -> process.waitFor());
    }

    @Test
    @Rule({"STATE-02", "STATE-07", "CONC-01"})
    void state02_manyWhoEndItAtOnceLeaveNothing() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Kit.Child child = kit().child();
            OsProcess process = child.process();
            CountDownLatch go = new CountDownLatch(1);
            List<FutureTask<String>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int turn = i;
                FutureTask<String> task = new FutureTask<>(() -> {
                    go.await();
                    return use(process, turn);
                });
                tasks.add(task);
                new Thread(task, "user " + i).start();
            }
            child.exit(7);
            go.countDown();
            for (FutureTask<String> task : tasks) {
                assertEquals("ok", task.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS));
            }
            assertTrue(process.status() != ProcessStatus.OK);
            Situations.awaitReaped(child.pid());
        }
    }

    private static String use(OsProcess process, int turn) throws Exception {
        try {
            return switch (turn % 4) {
                case 0 -> {
                    ProcessState state = process.waitFor();
                    yield state.exitCode() == 7 ? "ok" : state.toString();
                }
                case 1 -> {
                    process.close();
                    yield "ok";
                }
                case 2 -> {
                    process.liveness();
                    yield "ok";
                }
                default -> {
                    Optional<ProcessState> soon = process.waitFor(Bounded.LONG);
                    yield soon.isPresent() && soon.get().exitCode() == 7 ? "ok" : soon.toString();
                }
            };
        } catch (ProcessReleasedException closedByAnother) {
            return "ok";
        }
    }

    @Test
    @Rule({"STATE-10", "WAIT-02"})
    @Needs(sight = Sight.DESCRIPTORS)
    void state10_aWaitGivesTheHandleBack() throws Exception {
        Situations.end(Situations.ended(kit(), 0).process());
        int before = Situations.descriptors();
        List<OsProcess> ended = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            Kit.Child child = kit().child();
            child.exit(i);
            assertEquals(i, Situations.end(child.process()).exitCode());
            child.line().letGo();
            ended.add(child.process());
        }
        Bounded.await(
                "the descriptors of " + ended.size() + " children that were waited for",
                () -> Situations.descriptors() < before + CHILDREN);
    }

    @Test
    @Rule({"STATE-12", "SIG-07"})
    @Needs(Capability.SIGNAL_ANY)
    @LookAt("Target.signal: an error of the system as it is, which ends nothing")
    void state12_aCallThatFailsEndsNothing() throws Exception {
        Kit.Child child = kit().child();
        assertEquals(
                ErrorKind.INVALID,
                Kit.kindOf(() -> child.process().signal(Signal.of(999))),
                "a signal without meaning");
        assertEquals(ProcessStatus.OK, child.process().status());
        assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO));
        child.exit(7);
        assertEquals(7, Situations.end(child.process()).exitCode());
    }

    @Test
    @Rule({"STATE-16", "STATE-17"})
    @LookAt("Target.strategy: fixed, and as the capability HANDLE says")
    void state16_theModeIsFixed() throws Exception {
        Kit.Child child = kit().child();
        var mode = child.process().mode();
        assertEquals(
                kit().subject().has(Capability.HANDLE),
                mode == dev.osprocess.ProcessMode.HANDLE,
                "the mode is " + mode + ", which is not what the capabilities say");
        child.exit(0);
        Situations.end(child.process());
        assertEquals(mode, child.process().mode());
        child.process().close();
        assertEquals(mode, child.process().mode());
    }

    @Test
    @Rule({"STATE-18", "WAIT-27"})
    void state18_whoSeesDoneSeesTheState() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Kit.Child child = kit().child();
            OsProcess process = child.process();
            assertFalse(process.onExit().isDone(), "it runs");
            child.exit(7);
            FutureTask<Boolean> reader = new FutureTask<>(() -> {
                while (process.status() == ProcessStatus.OK) {
                    Thread.onSpinWait();
                }
                return process.state().isPresent();
            });
            Thread thread = new Thread(reader, "reader of the status");
            thread.setDaemon(true);
            thread.start();
            assertTrue(reader.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "DONE without a state");
            assertFalse(process.kill());
        }
    }
}
