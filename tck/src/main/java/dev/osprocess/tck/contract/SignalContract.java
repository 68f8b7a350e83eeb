// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** SIG: signals to one process. */
@LookAt("Target.signal: this signal, to this process, or the system's own error; ProcessDoneException if it was reaped")
abstract class SignalContract extends Contract {
    private static final Signal NOTHING = Signal.of(0);
    private static final int ROUNDS = 6;
    private static final int STORM = 4;

    @Test
    @Rule({"SIG-01", "SIG-19"})
    @Needs(value = Capability.SIGNAL_TERM, sight = Sight.SIGNALS)
    void sig01_termCanBeCaught() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        child.ask("catch", "TERM");
        for (int i = 1; i <= 2; i++) {
            int times = i;
            child.process().signal(Signal.TERM);
            Bounded.await("the handler of TERM to run for the " + i + ". time", () -> child.askOne("caught")
                    .equals(Integer.toString(times)));
        }
        assertEquals(Liveness.RUNNING, child.process().liveness());
        child.ask("exit-on", "TERM", "9");
        child.process().signal(Signal.TERM);
        ProcessState state = Situations.end(child.process());
        assertTrue(state.exited(), "it exited by itself, from its handler: " + state);
        assertEquals(9, state.exitCode());
    }

    @Test
    @Rule({"SIG-01", "SIG-11", "SIG-12"})
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.SIGNALS)
    void sig01_anInterruptIsNoKill() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        child.ask("catch", "INT");
        child.process().signal(Signal.INT);
        Bounded.await("the handler of INT to run", () -> child.askOne("caught").equals("1"));
        child.ask("ignore", "HUP");
        child.process().signal(Signal.HUP);
        child.ask("nothing");
        assertEquals("1", child.askOne("caught"), "HUP was sent as INT");
    }

    @Test
    @Rule({"SIG-01", "SIG-10"})
    void sig10_killCannotBeAvoided() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        if (kit().subject().has(Sight.SIGNALS)) {
            for (String name : new String[] {"TERM", "INT", "HUP"}) {
                child.ask("ignore", name);
            }
        }
        assertTrue(child.process().kill());
        ProcessState state = Situations.end(child.process());
        assertFalse(state.success(), state.toString());
        assertTrue(state.killRequested());
        if (kit().subject().has(Capability.EXACT_CAUSE) && kit().subject().has(Sight.SIGNALS)) {
            assertEquals(Optional.of(Signal.KILL), state.signal());
        }
    }

    @Test
    @Rule("SIG-24")
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.SIGNALS)
    @LookAt("Target.signal: the number that this system has for the name")
    void sig24_namesBecomeTheNumbersOfThisSystem() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        int caught = 0;
        for (Signal signal : List.of(Signal.TERM, Signal.INT, Signal.WINCH, Signal.URG)) {
            child.ask("catch", signal.name());
            for (Signal as :
                    List.of(signal, Signal.of(Integer.parseInt(child.askOne("signal-number", signal.name()))))) {
                child.process().signal(as);
                String expected = Integer.toString(++caught);
                Bounded.await("the handler of " + signal + " to run after " + as, () -> child.askOne("caught")
                        .equals(expected));
            }
        }
    }

    @Test
    @Rule({"SIG-24", "WAIT-12"})
    @Needs(
            value = {Capability.SIGNAL_ANY, Capability.EXACT_CAUSE},
            sight = Sight.SIGNALS)
    @LookAt("Target.collect: the signal as it is called on this system")
    void sig24_theSignalThatEndedItIsNamed() throws Exception {
        for (Signal signal : List.of(Signal.TERM, Signal.ALRM, Signal.USR1)) {
            Kit.Child child = kit().child();
            child.process().signal(signal);
            ProcessState state = Situations.end(child.process());
            assertEquals(Optional.of(signal), state.signal(), state.toString());
        }
    }

    @Test
    @Rule("SIG-02")
    @LookAt(
            "Target.signal: 0 sends nothing; a backend answers it for every process that it holds, without any capability")
    void sig02_signalZeroOnlyAsks() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        child.process().signal(NOTHING);
        found.signal(NOTHING);
        child.ask("nothing");
        child.exit(7);
        Situations.awaitEnded(child.process());
        if (kit().subject().has(Capability.REAP)) {
            child.process().signal(NOTHING); // a zombie is there
            found.signal(NOTHING);
        }
        assertEquals(7, Situations.end(child.process()).exitCode());
        assertThrows(ProcessDoneException.class, () -> child.process().signal(NOTHING));
        assertThrows(ProcessDoneException.class, () -> found.signal(NOTHING));
    }

    @Test
    @Rule({"SIG-03", "SIG-04", "SIG-06", "WAIT-15"})
    void sig03_afterTheEndNobodyIsReached() throws Exception {
        Kit.Child bystander = kit().child();
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        child.exit(0);
        Situations.end(child.process());
        for (OsProcess process : List.of(child.process(), found)) {
            assertEquals(
                    ErrorKind.ALREADY_DONE, Kit.kindOf(() -> process.signal(Signal.KILL)), "a signal after the reap");
            assertFalse(process.kill(), "a kill after the reap");
        }
        found.release();
        // its own end may have been seen meanwhile; if not, it was released
        if (found.status() == ProcessStatus.RELEASED) {
            assertThrows(ProcessReleasedException.class, () -> found.signal(Signal.KILL));
        }
        bystander.ask("nothing");
    }

    @Test
    @Rule({"SIG-04", "REL-06"})
    void sig04_afterAReleaseNobodyIsReached() throws Exception {
        Kit.Child child = kit().child();
        OsProcess found = kit().find(child.pid());
        found.release();
        assertThrows(ProcessReleasedException.class, () -> found.signal(Signal.KILL));
        assertThrows(ProcessReleasedException.class, found::kill);
        child.ask("nothing");
        assertEquals(child.pid(), found.pid());
    }

    @Test
    @Rule("SIG-07")
    @Needs(Capability.SIGNAL_ANY)
    @LookAt("Target.signal: an error of the system with its name and number, and never 'finished' for another one")
    void sig07_otherErrorsComeOutAsTheyAre() throws Exception {
        Kit.Child child = kit().child();
        ProcessException error =
                assertThrows(ProcessException.class, () -> child.process().signal(Signal.of(999)));
        assertEquals(ErrorKind.INVALID, error.kind(), error.toString());
        assertEquals(child.pid(), error.pid().orElse(-1));
        child.ask("nothing");
        assertEquals(ProcessStatus.OK, child.process().status());
    }

    @Test
    @Rule({"SIG-07", "ID-06"})
    @Needs(Capability.SIGNAL_ANY) // without it signal 0 need not be the system's answer, and all others do harm
    @LookAt("Target.signal: what is not permitted is no end")
    void sig07_notPermittedIsNotFinished() throws Exception {
        ProcessHandle foreign = ProcessHandle.allProcesses()
                .filter(handle -> handle.isAlive() && handle.info().user().isPresent())
                .filter(handle -> !handle.info()
                        .user()
                        .equals(ProcessHandle.current().info().user()))
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("no process of another user is to be seen here"));
        OsProcess found = kit().find(foreign.pid());
        if (found.status() == ProcessStatus.DONE) {
            assertFalse(foreign.isAlive(), foreign + " lives and is another user's, and was taken for gone");
            throw new TestAbortedException("the process of another user has ended meanwhile");
        }
        try {
            found.signal(NOTHING);
            throw new TestAbortedException("this user may signal everybody");
        } catch (ProcessException refused) {
            assertEquals(ErrorKind.PERMISSION, refused.kind(), refused.toString());
            assertEquals(ProcessStatus.OK, found.status());
            assertEquals(Optional.empty(), found.waitFor(Duration.ZERO));
            assertEquals(Liveness.RUNNING, found.liveness());
        }
    }

    @Test
    @Rule({"SIG-08", "SIG-09"})
    @Needs(Capability.REAP)
    void sig08_killingAZombieSucceedsAndChangesNothing() throws Exception {
        Kit.Child child = Situations.ended(kit(), 3);
        assertTrue(child.process().kill());
        if (kit().subject().has(Capability.SIGNAL_TERM)) {
            child.process().signal(Signal.TERM);
        }
        ProcessState state = Situations.end(child.process());
        assertTrue(state.exited(), "it exited before it was killed: " + state);
        assertEquals(3, state.exitCode());
    }

    @Test
    @Rule({"SIG-09", "SIG-14", "SIG-18"})
    @LookAt(
            "Target.collect: what the system says, never what was asked for; Target.signal: no error for a process on its"
                    + " way out")
    void sig09_aKillThatRacesWithAnExitIsToldByTheSystem() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Kit.Child child = kit().child();
            child.exit(3); // it has begun to
            if (i % 2 == 0) {
                child.line().awaitEndOfLine();
            }
            child.process().kill(); // true or false, and no error
            ProcessState state = Situations.end(child.process());
            boolean killShows = kit().subject().has(Sight.SIGNALS); // else a kill is an exit with a code of its own
            if (state.exited() && killShows && kit().subject().has(Capability.EXACT_CAUSE)) {
                assertEquals(3, state.exitCode());
            } else {
                assertFalse(state.success(), state.toString());
            }
        }
    }

    @Test
    @Rule("SIG-13")
    @SuppressWarnings("NullAway") // what it is about
    void sig13_aMissingSignalIsRefusedBeforeTheStatusIsLookedAt() throws Exception {
        Kit.Child child = kit().child();
        assertThrows(NullPointerException.class, () -> child.process().signal(null));
        child.exit(0);
        Situations.end(child.process());
        assertThrows(NullPointerException.class, () -> child.process().signal(null));
    }

    @Test
    @Rule({"SIG-16", "WAIT-16", "CONC-04"})
    void sig16_signalsPassWhileOthersWait() throws Exception {
        Kit.Child child = kit().child();
        FutureTask<ProcessState> wait = new FutureTask<>(() -> child.process().waitFor());
        Thread thread = new Thread(wait, "waiter");
        thread.setDaemon(true);
        thread.start();
        Bounded.awaitParked(thread);
        if (kit().subject().has(Capability.SIGNAL_ANY)) {
            Bounded.call("signal 0 beside a wait", () -> {
                child.process().signal(NOTHING);
                return true;
            });
        }
        assertTrue(Bounded.call("kill beside a wait", () -> child.process().kill()));
        assertFalse(wait.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS).success());
    }

    @Test
    @Rule({"SIG-18", "CONC-04", "CONC-01"})
    void sig18_stormsOfSignalsReachTheProcessOrNobody() throws Exception {
        Kit.Child guard = kit().child();
        for (int round = 0; round < 2; round++) {
            Kit.Child child = kit().child();
            OsProcess found = kit().find(child.pid());
            List<FutureTask<Integer>> storm = new ArrayList<>();
            for (int i = 0; i < STORM; i++) {
                OsProcess process = i % 2 == 0 ? child.process() : found;
                FutureTask<Integer> task = new FutureTask<>(() -> storm(process));
                storm.add(task);
                new Thread(task, "storm " + i).start();
            }
            ProcessState state = Situations.end(child.process());
            assertFalse(state.success(), state.toString());
            for (FutureTask<Integer> task : storm) {
                task.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS);
            }
        }
        guard.ask("nothing");
    }

    /** Kills until there is nobody to be killed. */
    private static int storm(OsProcess process) throws ProcessException {
        int sent = 0;
        long begin = System.nanoTime();
        while (process.kill()) {
            sent++;
            if (System.nanoTime() - begin > Bounded.LONG.toNanos()) {
                throw new AssertionError(
                        "pid " + process.pid() + " was killed " + sent + " times and takes signals still");
            }
        }
        return sent;
    }

    @Test
    @Rule("SIG-19")
    void sig19_aKillNeitherWaitsNorReaps() throws Exception {
        Kit.Child child = kit().child();
        assertTrue(Bounded.call("kill", () -> child.process().kill()));
        assertEquals(ProcessStatus.OK, child.process().status());
        Situations.awaitEnded(child.process());
        if (kit().subject().has(Capability.REAP)) {
            assertEquals(Liveness.EXITED, child.process().liveness(), "nobody has waited, and the zombie is gone");
        }
        assertFalse(Situations.end(child.process()).success());
    }

    @Test
    @Rule("SIG-26")
    @Needs(Capability.SIGNAL_ANY)
    void sig26_whoMeansItselfMaySignalItself() throws Exception {
        OsProcess found = kit().find(ProcessHandle.current().pid());
        assertEquals(ErrorKind.INVALID, Kit.kindOf(() -> found.signal(Signal.CONT)));
        OsProcess self = kit().current();
        self.signal(NOTHING);
        self.signal(Signal.CONT); // without effect on a process that runs
        assertEquals(ErrorKind.INVALID, Kit.kindOf(self::killTree));
    }
}
