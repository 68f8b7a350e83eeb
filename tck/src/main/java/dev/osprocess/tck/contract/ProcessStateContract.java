// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ExitCause;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** PS: what the state of an ended process says. */
@LookAt("Target.collect: the state as the system tells it, and nothing that it did not tell")
abstract class ProcessStateContract extends Contract {
    private static final long MIB = 1L << 20;

    /** Processor time that tells a process from what its JVM needs by itself. */
    private static final Duration MUCH = Duration.ofMillis(400);

    /** What a child may use between a look at it and its end. */
    private static final Duration LITTLE = Duration.ofMillis(250);

    private static ProcessState ended(OsProcess process) throws Exception {
        return Bounded.call("waitFor", process::waitFor);
    }

    private static ProcessState exited(Kit.Child child, int code) throws Exception {
        child.exit(code);
        return ended(child.process());
    }

    // --- The cause ---

    @Test
    @Rule({"PS-01", "PS-15", "PS-05"})
    void ps01_theStateNamesItsPidAndNeedsItsObjectNoMore() throws Exception {
        Kit.Child child = kit().child();
        assertEquals(Optional.empty(), child.process().state(), "there is no state while it runs");
        ProcessState state = exited(child, 3);
        String text = state.toString();
        assertEquals(child.line().pid(), state.pid(), "as the child itself says");
        child.process().close();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(
                    () -> state.pid() + " " + state.exitCode() + " " + state.usage() + " " + state);
            assertEquals(
                    child.line().pid() + " 3 " + state.usage() + " " + text,
                    seen.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS));
        }
        assertEquals(Optional.of(state), child.process().state(), "after the release");
    }

    @Test
    @Rule({"PS-02", "PS-03", "PS-04", "PS-07", "PS-16", "ERR-17"})
    void ps04_anExitHasItsCodeAndNoSignal() throws Exception {
        // 129 and more are what shells make of signals; they are exits all the same.
        for (int code : new int[] {0, 1, 128, 137, 143, 255}) {
            ProcessState state = exited(kit().child(), code);
            if (state.cause() == ExitCause.UNKNOWN) {
                assertFalse(kit().subject().has(Capability.EXACT_CAUSE), "the cause is declared to be known");
                assertEquals(-1, state.exitCode(), "of an unknown cause");
            } else {
                assertEquals(ExitCause.EXITED, state.cause(), () -> "exit with " + code);
                assertEquals(code, state.exitCode());
                assertEquals("exit status " + code, state.toString());
                assertEquals(code == 0, state.success());
                assertTrue(state.exited());
            }
            assertEquals(Optional.empty(), state.signal(), () -> "exit with " + code + " is no signal");
            assertFalse(state.coreDumped());
        }
    }

    @Test
    @Rule("PS-04")
    void ps04_aCodeIsNeverNegativeAndNeverCutWrongly() throws Exception {
        boolean bytes = kit().subject().has(Sight.SIGNALS);
        assertEquals(bytes ? 255 : 0xFFFF_FFFFL, exited(kit().child(), -1).exitCode(), "exit with -1");
        assertEquals(bytes ? 0 : 256, exited(kit().child(), 256).exitCode(), "exit with 256");
    }

    @Test
    @Rule({"PS-02", "PS-03", "PS-04", "PS-06", "PS-08", "PS-16"})
    @Needs(value = Capability.EXACT_CAUSE, sight = Sight.SIGNALS)
    @LookAt("Target.collect: a death by signal is SIGNALED with the signal's name, code -1; the core flag is its own")
    void ps06_aKillIsASignalAndNoExit() throws Exception {
        Kit.Child child = kit().child();
        assertTrue(child.process().kill());
        assertSignaled(Signal.KILL, "signal: killed", ended(child.process()));
    }

    private static void assertSignaled(Signal signal, String text, ProcessState state) {
        assertEquals(ExitCause.SIGNALED, state.cause());
        assertEquals(Optional.of(signal), state.signal());
        assertEquals(-1, state.exitCode());
        assertFalse(state.exited() || state.success(), "it did not exit");
        assertFalse(state.coreDumped(), "this signal leaves no core");
        assertEquals(text, state.toString());
    }

    @Test
    @Rule({"PS-06", "PS-08", "PS-16", "START-21"})
    @Needs(
            value = {Capability.EXACT_CAUSE, Capability.SIGNAL_ANY},
            sight = Sight.SIGNALS)
    @LookAt("Target.collect: the signal by its name on this system")
    void ps06_everySignalHasItsName() throws Exception {
        Signal[] signals = {Signal.TERM, Signal.USR1, Signal.ALRM, Signal.PROF};
        String[] texts = {"terminated", "user defined signal 1", "alarm clock", "profiling timer expired"};
        for (int i = 0; i < signals.length; i++) {
            Kit.Child child = kit().child();
            child.process().signal(signals[i]);
            assertSignaled(signals[i], "signal: " + texts[i], ended(child.process()));
        }
    }

    @Test
    @Rule({"PS-02", "PS-16"})
    @Needs(
            value = {Capability.EXACT_CAUSE, Capability.SIGNAL_TERM},
            sight = Sight.SIGNALS)
    @LookAt("Target.collect: a program that handles a signal and exits has exited")
    void ps16_anExitAfterASignalIsAnExit() throws Exception {
        Kit.Child child = kit().childWithHandlers();
        child.process().signal(Signal.TERM);
        ProcessState state = ended(child.process());
        assertEquals(ExitCause.EXITED, state.cause(), () -> "a JVM that gets TERM exits: " + state);
        assertEquals(143, state.exitCode());
        assertEquals(Optional.empty(), state.signal());
    }

    @Test
    @Rule("PS-09")
    @Needs(value = Capability.SIGNAL_ANY, sight = Sight.PROC)
    @LookAt("Target.collect: null for a process that is stopped or goes on")
    void ps09_stopAndContinueAreNoState() throws Exception {
        Kit.Child child = kit().child();
        child.process().signal(Signal.STOP);
        Bounded.await("the child to be stopped", () -> ProcSight.status(child.pid(), "State")
                .startsWith("T"));
        assertEquals(Optional.empty(), child.process().waitFor(Duration.ofMillis(20)), "stopped");
        assertEquals(Optional.empty(), child.process().state(), "stopped");
        child.process().signal(Signal.CONT);
        child.ask("nothing");
        assertEquals(Optional.empty(), child.process().waitFor(Duration.ZERO), "continued");
        assertEquals(5, exited(child, 5).exitCode());
    }

    @Test
    @Rule("PS-11")
    @Needs(Capability.EXACT_CAUSE)
    @LookAt("Target.collect: the raw word is the wait status, rebuilt where the system gives code and signal apart")
    void ps11_theRawWordIsTheWaitStatus() throws Exception {
        boolean signals = kit().subject().has(Sight.SIGNALS);
        for (int code : new int[] {1, 200}) {
            assertEquals(
                    OptionalLong.of(signals ? (long) code << 8 : code),
                    exited(kit().child(), code).rawStatus());
        }
        Kit.Child killed = kit().child();
        assertTrue(killed.process().kill());
        ProcessState end = ended(killed.process());
        assertEquals(OptionalLong.of(signals ? 9 : end.exitCode()), end.rawStatus());
    }

    @Test
    @Rule("PS-18")
    void ps18_aKillThatWasAskedForIsNoted() throws Exception {
        Kit.Child killed = kit().child();
        assertTrue(killed.process().kill());
        assertTrue(ended(killed.process()).killRequested(), "killed by this object");
        assertFalse(exited(kit().child(), 0).killRequested(), "exited by itself");
        Kit.Child others = kit().child();
        assertTrue(ProcessHandle.of(others.pid()).orElseThrow().destroyForcibly(), "the JDK kills it");
        assertFalse(ended(others.process()).killRequested(), "killed by somebody else");
    }

    @Test
    @Rule("PS-20")
    void ps20_everyWayToGetTheStateGivesAnEqualOne() throws Exception {
        Kit.Child child = kit().child();
        CompletableFuture<ProcessState> future = child.process().onExit();
        ProcessState state = exited(child, 7);
        assertEquals(state, future.get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "of a future taken before");
        assertEquals(state, child.process().onExit().get(Bounded.LONG.toSeconds(), TimeUnit.SECONDS), "taken after");
        assertEquals(Optional.of(state), child.process().waitFor(Duration.ZERO), "of a wait with a limit");
        assertEquals(state, child.process().waitFor());
        assertEquals(Optional.of(state), child.process().state());
    }

    // --- Times ---

    @Test
    @Rule({"PS-10", "PS-17", "PS-22"})
    @Needs(Capability.RESOURCE_USAGE)
    @LookAt("Target.collect: usage of this child; CPU times in the system's unit, made Durations")
    void ps22_timesArePlausible() throws Exception {
        long before = System.nanoTime();
        Kit.Child child = kit().child();
        ProcessState state = exited(child, 0);
        Duration wall = Duration.ofNanos(System.nanoTime() - before);
        Duration user = state.userTime().orElseThrow(() -> new AssertionError("no user time"));
        Duration system = state.systemTime().orElseThrow(() -> new AssertionError("no system time"));
        assertFalse(user.isNegative() || system.isNegative(), () -> user + " and " + system);
        Duration cpu = user.plus(system);
        assertTrue(cpu.compareTo(Duration.ofMillis(5)) > 0, () -> "a JVM that started and used " + cpu);
        Duration most =
                wall.multipliedBy(Runtime.getRuntime().availableProcessors()).plus(LITTLE);
        assertTrue(cpu.compareTo(most) <= 0, () -> cpu + " of processor time in " + wall);
        ResourceUsage usage = state.usage().orElseThrow();
        assertEquals(usage.userTime(), user);
        assertEquals(usage.systemTime(), system);
        assertNotEquals(OptionalLong.of(0), usage.maxRss(), "a peak that was not counted must be absent, not 0");
        assertNotEquals(OptionalLong.of(0), usage.minorFaults(), "faults that were not counted must be absent, not 0");
    }

    @Test
    @Rule("PS-10")
    @Needs(
            value = {Capability.RESOURCE_USAGE, Capability.REAP},
            sight = Sight.PROC)
    @LookAt("Target.collect: usage of this child and of whom it waited for, and of nobody else")
    void ps10_timesAreTheChildsOwnAndOfWhomItWaitedFor() throws Exception {
        Kit.Child beside = kit().child();

        Kit.Child parent = kit().child();
        JavaChild waitedFor = kit().grandchild(parent);
        spin(waitedFor);
        waitedFor.exit(0);
        Bounded.await(
                "the child to reap its own",
                () -> ProcSight.cpuOfReaped(parent.pid()).compareTo(MUCH) >= 0);
        assertCpu(parent, ProcSight.cpu(parent.pid()).plus(ProcSight.cpuOfReaped(parent.pid())), "with whom it reaped");

        Kit.Child deserter = kit().child();
        JavaChild leftBehind = kit().grandchild(deserter);
        spin(leftBehind);
        assertCpu(deserter, ProcSight.cpu(deserter.pid()), "without whom it left behind");

        assertCpu(beside, ProcSight.cpu(beside.pid()), "without our other children, who were reaped meanwhile");
    }

    private static void spin(JavaChild child) throws Exception {
        Bounded.await("the child to use processor time", () -> {
            child.ask("spin", "50");
            return ProcSight.cpu(child.pid()).compareTo(MUCH) >= 0;
        });
    }

    private static void assertCpu(Kit.Child child, Duration expected, String whose) throws Exception {
        ProcessState state = exited(child, 0);
        Duration cpu = state.userTime().orElseThrow().plus(state.systemTime().orElseThrow());
        assertTrue(
                cpu.compareTo(expected.minusMillis(50)) >= 0 && cpu.compareTo(expected.plus(LITTLE)) <= 0,
                () -> "times " + whose + " are " + cpu + ", and just before its end they were " + expected);
    }

    @Test
    @Rule("PS-14")
    void ps14_theWallTimeIsFromStartToEnd() throws Exception {
        long before = System.nanoTime();
        Kit.Child child = kit().child();
        long running = System.nanoTime();
        OsProcess found = kit().find(child.pid());
        CompletableFuture<ProcessState> seen = found.onExit(); // asked while it runs, so its end is seen
        child.ask("spin", "30");
        long asked = System.nanoTime();
        ProcessState state = exited(child, 0);
        long after = System.nanoTime();
        Duration wall = state.wallTime().orElseThrow(() -> new AssertionError("no wall time of a child"));
        assertTrue(wall.toNanos() >= asked - running, () -> "it ran longer than " + wall);
        assertTrue(wall.toNanos() <= after - before, () -> "it did not run for " + wall);
        ProcessState ofFound = Situations.get("onExit of the found object", seen);
        assertEquals(Optional.empty(), ofFound.wallTime(), "nobody knows when a found process began");
    }

    // --- Memory ---

    @Test
    @Rule("PS-12")
    @Needs(Capability.RESOURCE_USAGE)
    @LookAt("Target.collect: ResourceUsage.maxRss in bytes, whatever the system counts in")
    void ps12_sizesAreBytes() throws Exception {
        Kit.Child child = kit().child(Kit.quiet(), java.util.List.of("-Xrs", "-Xmx300m"));
        child.ask("allocate", "150");
        OptionalLong peak = exited(child, 0).usage().orElseThrow().maxRss();
        assumeTrue(peak.isPresent(), "the backend tells no peak of memory");
        assertTrue(peak.getAsLong() >= 150 * MIB, () -> "150 MiB were used, and the peak is " + peak);
        assertTrue(peak.getAsLong() < 64 * 1024 * MIB, () -> "150 MiB were used, and the peak is " + peak);
    }

    @Test
    @Rule("PS-13")
    @Needs(value = Capability.RESOURCE_USAGE, sight = Sight.PROC)
    @LookAt("Target.collect: ResourceUsage.maxRssFloor where a child is born in its parent's memory")
    void ps13_aPeakThatMayBeOursIsSaidToBe() throws Exception {
        // What this JVM has for sure, so that a child that is born in it shows at least as much.
        byte[] block = new byte[(int) (96 * MIB)];
        java.util.Arrays.fill(block, (byte) 1);
        long ours = peakOfThisJvm();
        ResourceUsage usage = exited(kit().child(), 0).usage().orElseThrow();
        long peak = usage.maxRss().orElse(0);
        assumeTrue(peak >= ours / 10 * 9 && block.length > 0, "a child's peak does not begin with its parent's here");
        long floor = usage.maxRssFloor().orElse(-1);
        assertTrue(floor >= ours / 10 * 9, "peak " + peak + " of a small child, floor " + floor + ", our own " + ours);
        assertTrue(floor <= peakOfThisJvm() / 8 * 10, "floor " + floor + ", our own " + peakOfThisJvm());
    }

    private static long peakOfThisJvm() throws Exception {
        String kib = ProcSight.field(Files.readAllBytes(Path.of("/proc/self/status")), "VmHWM:");
        return Long.parseLong(kib.replace(" kB", "")) * 1024;
    }
}
