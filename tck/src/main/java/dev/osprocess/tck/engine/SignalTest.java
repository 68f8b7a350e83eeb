// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedKernel;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals, on the scripted kernel. */
class SignalTest {
    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("SIG-06")
    void sig06_noSuchProcessBecomesFinishedAndTheStatusStays(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ProcessException gone = ProcessException.builder(ErrorKind.ALREADY_DONE, "kill")
                    .nativeError("ESRCH", 3)
                    .build();
            lab.kernel.failNext(Call.SIGNAL, gone);
            assertSame(gone, assertThrows(ProcessDoneException.class, () -> life.signal(Signal.TERM)));
            lab.kernel.failNext(Call.SIGNAL, gone);
            assertFalse(life.kill());
            assertEquals(ProcessStatus.OK, life.status(), "only a collected end makes it DONE");
            life.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorKind.class,
            names = {"PERMISSION", "INVALID", "SYSTEM", "EXHAUSTED"})
    @Rule({"SIG-07", "ERR-16", "STATE-16"})
    void sig07_otherErrorsComeOutAsTheyAre(ErrorKind kind) throws Exception {
        for (Strategy strategy : Strategy.values()) {
            try (Lab lab = new Lab(strategy)) {
                LifeCycle life = lab.start();
                ProcessException raw = ProcessException.builder(kind, "pidfd_send_signal")
                        .nativeError("EXXX", 77)
                        .build();
                lab.kernel.failNext(Call.SIGNAL, raw);
                assertSame(raw, assertThrows(ProcessException.class, () -> life.signal(Signal.TERM)));
                lab.kernel.failNext(Call.SIGNAL, raw);
                assertSame(raw, assertThrows(ProcessException.class, life::kill), "not mapped to false");
                assertEquals(ProcessStatus.OK, life.status());
                assertEquals(2, lab.counters().signalCalls(), "no second way is tried");
                life.release();
            }
        }
    }

    @Test
    @Rule("SIG-07")
    void sig07_aNumberThatTheSystemDoesNotKnowIsInvalid() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            ProcessException invalid = assertThrows(ProcessException.class, () -> life.signal(Signal.of(999)));
            assertEquals(ErrorKind.INVALID, invalid.kind());
            assertEquals("EINVAL", invalid.nativeName().orElseThrow());
            life.release();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"HANDLE", "PID"})
    @Rule({"SIG-08", "SIG-09", "HND-07"})
    void sig08_killingAZombieSucceedsAndChangesNothing(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            lab.kernel.exit(life.pid(), 3);
            assertTrue(life.kill());
            ProcessState state = life.waitFor();
            assertEquals(3, state.exitCode(), "SIG-09: the state is the kernel's, not what we asked for");
            assertTrue(state.killRequested());
        }
    }

    @Test
    @Rule("SIG-13")
    void sig13_aMissingSignalIsRefusedBeforeTheStateIsLookedAt() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess process = lab.startFront();
            process.release();
            assertThrows(NullPointerException.class, () -> process.signal(none()));
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T none() {
        return null;
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("SIG-19")
    void sig19_killDoesNotWaitForTheEnd(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life).outlivesKill();
            assertTrue(Task.of(life::kill).get());
            assertFalse(process.hasEnded());
            assertEquals(ProcessStatus.OK, life.status());
            assertEquals(0, lab.counters().collectCalls(), "and it takes nothing from whoever waits");
            lab.kernel.die(life.pid(), Signal.KILL);
            assertEquals(Signal.KILL, life.waitFor().signal().orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("SIG-26")
    void sig26_aFoundSelfCannotBeSignalledButCurrentCan(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            ScriptedProcess self = lab.kernel.process(ScriptedKernel.SELF);
            LifeCycle found = lab.engine.find(ScriptedKernel.SELF);
            ProcessException refused = assertThrows(ProcessException.class, found::kill);
            assertEquals(ErrorKind.INVALID, refused.kind());
            assertTrue(String.valueOf(refused.getMessage()).contains("OsProcess.current()"), refused.getMessage());
            assertThrows(ProcessException.class, () -> found.signal(Signal.TERM));
            assertThrows(ProcessException.class, () -> found.signal(Signal.of(9)));
            assertTrue(self.received().isEmpty());
            found.signal(Signal.of(0));
            LifeCycle current = lab.engine.current();
            current.signal(Signal.USR1);
            assertEquals(List.of(Signal.of(0), Signal.USR1), self.received());
            found.release();
            current.release();
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("PS-18")
    void ps18_theKillHintTellsWhetherThisObjectAskedForTheEnd(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle killed = lab.start();
            killed.kill();
            assertTrue(killed.waitFor().killRequested());

            LifeCycle asked = lab.start();
            lab.processOf(asked).ignores(Signal.TERM);
            asked.signal(Signal.TERM);
            lab.kernel.exit(asked.pid(), 0);
            assertTrue(asked.waitFor().killRequested());

            LifeCycle killedByAnother = lab.start();
            killedByAnother.signal(Signal.USR1);
            lab.kernel.die(killedByAnother.pid(), Signal.KILL);
            assertFalse(killedByAnother.waitFor().killRequested());

            LifeCycle refused = lab.start();
            lab.kernel.failNext(Call.SIGNAL, permission());
            assertThrows(ProcessException.class, refused::kill);
            lab.kernel.exit(refused.pid(), 0);
            assertFalse(refused.waitFor().killRequested(), "it was never sent");
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("PS-18")
    void ps18_aKillThatFailsDoesNotHideOneThatWasSent(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            lab.processOf(life).ignores(Signal.TERM);
            try (Pause first = lab.kernel.pauseAt(Point.BEFORE_SIGNAL_SYSCALL)) {
                Task<?> failing = Task.doing(() -> life.signal(Signal.TERM));
                first.awaitArrival();
                life.signal(Signal.TERM);
                lab.kernel.failNext(Call.SIGNAL, permission());
                first.letGo();
                failing.failure(ProcessException.class);
            }
            lab.kernel.exit(life.pid(), 0);
            assertTrue(life.waitFor().killRequested());
        }
    }

    @Test
    @Rule("PS-18")
    void ps18_theHintIsThereEvenIfTheEndIsSeenBeforeTheCallReturns() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            LifeCycle life = lab.start();
            try (Pause sent = lab.kernel.pauseAt(Point.AFTER_SIGNAL_SYSCALL)) {
                Task<?> killer = Task.of(life::kill);
                sent.awaitArrival();
                assertTrue(life.waitFor().killRequested());
                sent.letGo();
                killer.get();
            }
        }
    }

    private static ProcessException permission() {
        return ProcessException.builder(ErrorKind.PERMISSION, "kill")
                .nativeError("EPERM", 1)
                .build();
    }
}
