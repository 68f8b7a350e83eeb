// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.Numbers;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** OLD: the calls of the first os package, by number, and the reports of stops. */
@LookAt("ProcessBackend.waitByNumber; Target.takeStop and takeContinue")
abstract class NumberContract extends Contract {
    private static final Set<WaitOption> NO_HANG = Set.of(WaitOption.NO_HANG);
    private static final long NO_CHILD_OF_OURS = 1; // init, or whatever stands there

    private Numbers numbers() {
        return kit().engine().numbers();
    }

    private record Bare(long pid, JavaChild line) {}

    /** A Java child that nothing but its number is known of. */
    private Bare child() throws Exception {
        ChildServer.Expected expected = kit().expect();
        long pid = numbers()
                .forkExec(
                        OsString.of(expected.program()),
                        Engine.osStrings(expected.arguments()),
                        neededByAJvm(),
                        null,
                        List.of(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2)));
        return new Bare(pid, kit().lineOf(expected));
    }

    /** Windows opens no socket without SystemRoot. */
    private static List<OsString> neededByAJvm() {
        List<OsString> needed = new ArrayList<>();
        for (String name : List.of("SystemRoot", "LD_LIBRARY_PATH")) {
            String value = System.getenv(name);
            if (value != null) {
                needed.add(OsString.of(name + "=" + value));
            }
        }
        return needed;
    }

    private WaitMessage waitPid(long pid, WaitOption... options) throws Exception {
        return Bounded.call("the wait for the number " + pid, () -> numbers().waitPid(pid, Set.of(options)));
    }

    @Test
    @Rule({"OLD-01", "OLD-02", "OLD-11", "OLD-17"})
    @Needs(Capability.WAIT_BY_NUMBER)
    void old01_aForkExecLeavesAPidThatIsWaitedForOnce() throws Exception {
        Bare child = child();
        assertEquals(child.line().pid(), child.pid(), "what the child says of itself");
        assertFalse(
                child.line().ask("environment").stream().anyMatch(entry -> entry.startsWith("PATH=")),
                "an absent environment is empty, not inherited");
        child.line().exit(5);
        WaitMessage message = waitPid(child.pid());
        assertEquals(child.pid(), message.pid());
        assertTrue(message.exited());
        assertEquals(5, message.exitCode());
        assertTrue(message.usage().isEmpty(), "nobody asked for the usage");
        assertEquals("exit status 5", message.toString());
        assertThrows(NoChildException.class, () -> numbers().waitPid(child.pid(), NO_HANG), "its end was taken before");
    }

    @Test
    @Rule("OLD-05")
    @LookAt("ProcessBackend.start: the error of a missing program")
    void old05_aForkExecOfNothingNamesTheProgram() throws Exception {
        String missing = kit().folder().resolve("missing").toString();
        ProcessException failed = assertThrows(ProcessException.class, () -> numbers()
                .forkExec(
                        OsString.of(missing),
                        List.of(),
                        List.of(),
                        null,
                        List.of(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2))));
        assertEquals(ErrorKind.NOT_FOUND, failed.kind());
        assertEquals(missing, failed.path().orElseThrow());
    }

    @Test
    @Rule({"OLD-04", "START-17"})
    @Needs(
            value = {Capability.WAIT_BY_NUMBER, Capability.CLOSED_FILES},
            sight = Sight.PROC)
    void old04_whatTheTableDoesNotHoldIsClosed() throws Exception {
        ChildServer.Expected expected = kit().expect();
        long pid = numbers()
                .forkExec(
                        OsString.of(expected.program()),
                        Engine.osStrings(expected.arguments()),
                        List.of(),
                        null,
                        List.of(ChildFile.closed(), ChildFile.nullDevice(), ChildFile.nullDevice()));
        JavaChild line = kit().lineOf(expected);
        List<String> open = line.ask("descriptors", "/proc/self/fd");
        assertTrue(open.contains("1=/dev/null") && open.contains("2=/dev/null"), open.toString());
        assertFalse(open.contains("0=/dev/null"), "a place that is closed became the null device: " + open);
        line.exit(0);
        assertEquals(0, waitPid(pid).exitCode());
    }

    @Test
    @Rule({"OLD-12", "OLD-14", "OLD-17"})
    @Needs({Capability.WAIT_BY_NUMBER, Capability.RESOURCE_USAGE})
    void old12_aLookAtARunningChildReportsNobody() throws Exception {
        Bare child = child();
        WaitMessage nothing = waitPid(child.pid(), WaitOption.NO_HANG);
        assertEquals(0, nothing.pid());
        assertFalse(nothing.exited(), "a zero was taken for an exit");
        assertEquals(OptionalLong.empty(), nothing.rawStatus());
        child.line().exit(0);
        WaitMessage ended = waitPid(child.pid(), WaitOption.RUSAGE);
        assertEquals(child.pid(), ended.pid());
        assertTrue(ended.usage().orElseThrow().userTime().toNanos() > 0, "a JVM takes time to start");
    }

    @Test
    @Rule({"OLD-13", "OLD-18"})
    @Needs(
            value = {Capability.WAIT_BY_NUMBER, Capability.SIGNAL_ANY},
            sight = Sight.SIGNALS)
    void old13_stopsAndContinuingAreReportedIfAskedFor() throws Exception {
        Bare child = child();
        OsProcess object = kit().find(child.pid());
        Situations.stop(kit(), object);
        assertEquals(0, waitPid(child.pid(), WaitOption.NO_HANG).pid(), "a stop was reported unasked");
        WaitMessage stopped = waitPid(child.pid(), WaitOption.STOPPED);
        assertEquals(child.pid(), stopped.pid());
        assertTrue(stopped.stopped() && !stopped.exited() && !stopped.signaled() && !stopped.continued());
        assertEquals(Signal.STOP, stopped.stopSignal().orElseThrow());
        assertEquals(-1, stopped.exitCode());
        object.signal(Signal.CONT);
        WaitMessage continued = waitPid(child.pid(), WaitOption.CONTINUED, WaitOption.STOPPED);
        assertTrue(continued.continued() && !continued.stopped() && !continued.exited(), continued.toString());
        object.signal(Signal.KILL);
        WaitMessage killed = waitPid(child.pid());
        assertEquals(Signal.KILL, killed.signal().orElseThrow());
        assertEquals(-1, killed.exitCode());
    }

    @Test
    @Rule({"OLD-15", "OLD-16"})
    @Needs(Capability.WAIT_BY_NUMBER)
    void old16_whoIsNoChildIsNotWaitedFor() throws Exception {
        for (long pid : new long[] {NO_CHILD_OF_OURS, kit().engine().backend().currentPid(), 1L << 40}) {
            NoChildException failed =
                    assertThrows(NoChildException.class, () -> numbers().waitPid(pid, NO_HANG), "the number " + pid);
            assertTrue(failed.nativeName().isPresent(), "the system's own error is missing: " + failed);
        }
        assertThrows(ProcessException.class, () -> numbers().waitPid(Integer.MIN_VALUE, NO_HANG));
    }

    @Test
    @Rule({"OLD-20", "D18"})
    @Needs({Capability.WAIT_BY_NUMBER, Capability.REAP})
    void old20_theEndOfAnObjectsChildIsTheObjects() throws Exception {
        Kit.Child owned = Situations.ended(kit(), 3);
        for (long pid : new long[] {owned.pid(), -1, 0}) {
            assertEquals(
                    ErrorKind.INVALID,
                    assertThrows(ProcessException.class, () -> numbers().waitPid(pid, NO_HANG), "the number " + pid)
                            .kind());
        }
        assertEquals(Liveness.EXITED, owned.process().liveness(), "a refused wait took the end");
        assertEquals(3, Situations.end(owned.process()).exitCode());
    }

    @Test
    @Rule({"OLD-13", "OLD-18", "WAIT-09"})
    @Needs(
            value = {Capability.STOP_REPORTS, Capability.SIGNAL_ANY},
            sight = Sight.SIGNALS)
    void old13_anObjectTellsOfStopsAndContinuingAndKeepsItsEnd() throws Exception {
        Kit.Child child = kit().child();
        OsProcess process = child.process();
        assertTrue(process.awaitStop(Duration.ZERO).isEmpty(), "a running child");
        process.signal(Signal.STOP);
        assertEquals(
                Signal.STOP,
                Bounded.call("awaitStop", () -> process.awaitStop(Bounded.LONG)).orElseThrow());
        assertTrue(process.awaitStop(Duration.ZERO).isEmpty(), "the same stop was told twice");
        process.signal(Signal.CONT);
        assertTrue(Bounded.call("awaitContinue", () -> process.awaitContinue(Bounded.LONG)));
        assertFalse(process.awaitContinue(Duration.ZERO), "the same report was told twice");
        child.exit(6);
        assertEquals(6, Situations.end(process).exitCode(), "a report of a stop took the end along");
    }
}
