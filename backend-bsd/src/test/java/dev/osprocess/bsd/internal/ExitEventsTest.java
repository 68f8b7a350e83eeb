// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ExitCause;
import dev.osprocess.Liveness;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.unix.ParentEnds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exit events by kqueue, with and without the engine, and the poller in their place. */
@Timeout(60)
final class ExitEventsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static OwnTarget child(ScriptedBsd kernel, BsdSystem system) {
        return new OwnTarget(system, kernel.newChild().pid, ParentEnds.NONE, false);
    }

    private static List<Long> await(ExitEvents events) throws ProcessException {
        List<Long> keys = new ArrayList<>();
        events.await(0, keys::add);
        return keys;
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void wait25_anExitIsToldByItsKey(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget one = child(kernel, system);
        OwnTarget two = child(kernel, system);
        assertTrue(events.add(7, one));
        assertTrue(events.add(8, two));
        assertEquals(List.of(), await(events));
        kernel.end(kernel.process(two.pid), 0);
        assertEquals(List.of(8L), await(events));
        events.remove(8, two);
        events.remove(7, one);
        assertEquals(0, kernel.watched());
        events.close();
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void wait30_aChildThatHasEndedIsToldOrLookedAt(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget child = child(kernel, system);
        kernel.end(kernel.process(child.pid), 0);
        boolean byEvent = events.add(7, child);
        assertEquals(kernel.watchesZombies, byEvent);
        assertEquals(byEvent ? List.of(7L) : List.of(), await(events));
    }

    @Test
    void wait30_aSilentZombieOfNetBsdIsLookedAt() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(NetBsdProfile.PROFILE);
        BsdSyscalls silent = new ForwardingSyscalls(kernel) {
            @Override
            public void change(int kqueue, long ident, int filter, int flags, int notes, long data)
                    throws ErrnoException {
                ScriptedBsd.Proc process = kernel.processes.get((int) ident);
                if (process == null || !process.ended) {
                    super.change(kqueue, ident, filter, flags, notes, data);
                }
            }
        };
        BsdSystem system = BsdProbe.of(kernel.profile, silent).system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget child = child(kernel, system);
        OwnTarget living = child(kernel, system);
        kernel.end(kernel.process(child.pid), 0);
        assertFalse(events.add(7, child));
        assertTrue(events.add(8, living));
        kernel.end(kernel.process(living.pid), 0);
        assertEquals(List.of(8L), await(events));
    }

    @Test
    void wait34_aDescriptorWithAPidsNumberIsNotThatProcess() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget child = child(kernel, system);
        events.add(7, child);
        BsdProfile.KernelEvents numbers = Objects.requireNonNull(kernel.profile.events);
        kernel.event(child.pid, numbers.readable(), 1); // the data of the first registration
        assertEquals(List.of(), await(events));
        kernel.end(kernel.process(child.pid), 0);
        assertEquals(List.of(7L), await(events));
    }

    @Test
    void wait34_aLateEventOfAnEarlierBearerMeansNothing() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget first = child(kernel, system);
        events.add(7, first);
        events.remove(7, first);
        kernel.reaped(kernel.process(first.pid));
        kernel.nextPid = first.pid;
        OwnTarget second = child(kernel, system);
        events.add(8, second);
        BsdProfile.KernelEvents numbers = Objects.requireNonNull(kernel.profile.events);
        kernel.event(first.pid, numbers.process(), 1); // the data of the registration that is gone
        assertEquals(List.of(), await(events));
        kernel.end(kernel.process(second.pid), 0);
        assertEquals(List.of(8L), await(events));
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void d18_twoObjectsOfOneNumberAreBothTold(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget own = child(kernel, system);
        ForeignTarget found = new ForeignTarget(system, own.pid);
        assertTrue(events.add(7, own));
        assertTrue(events.add(8, found));
        assertEquals(1, kernel.watched());
        events.remove(7, own);
        assertEquals(1, kernel.watched(), "the other object lost its registration");
        assertTrue(events.add(9, own));
        kernel.end(kernel.process(own.pid), 3 << 8);
        assertEquals(List.of(8L, 9L), await(events));
        assertEquals(3, Objects.requireNonNull(found.collect()).exitCode());
        events.remove(8, found);
        events.remove(9, own);
        assertThrows(AssertionError.class, () -> new PolledExitEvents().remove(8, found));
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void wait29_aForeignZombieIsSeenToHaveEnded(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        ScriptedBsd.Proc stranger = kernel.newChild();
        stranger.child = false;
        ForeignTarget found = new ForeignTarget(system, stranger.pid);
        assertTrue(events.add(7, found));
        assertNull(found.collect());
        kernel.end(stranger, 0);
        assertEquals(List.of(7L), await(events));
        ProcessState state = Objects.requireNonNull(found.collect());
        assertEquals(ExitCause.UNKNOWN, state.cause());
        events.remove(7, found);
        events.close();
        assertEquals(Set.of(0, 1, 2), kernel.open(), "the second look left its queue");
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void id14_aForeignZombieThatNobodyWaitsForHasEnded(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        ScriptedBsd.Proc stranger = kernel.newChild();
        stranger.child = false;
        ForeignTarget found = new ForeignTarget(kernel.system(), stranger.pid);
        assertEquals(Liveness.RUNNING, found.liveness());
        kernel.end(stranger, 0);
        boolean silent = profile == OpenBsdProfile.PROFILE; // its kill(2) finds no zombie
        assertEquals(silent ? Liveness.GONE : Liveness.EXITED, found.liveness());
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void wait29_aNumberThatChangedHandsBeforeTheEventIsNotTakenForEnded(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        ScriptedBsd.Proc stranger = kernel.newChild();
        stranger.child = false;
        ForeignTarget found = new ForeignTarget(system, stranger.pid);
        events.add(7, found);
        BsdProfile.KernelEvents numbers = Objects.requireNonNull(profile.events);
        kernel.event(stranger.pid, numbers.process(), 1); // an exit of its registration, and it lives
        assertEquals(List.of(7L), await(events));
        assertNull(found.collect(), "it lives: the engine looks by deadline now");
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void wait33_anEventBeforeTheChildIsWaitableEndsTheWaitAllTheSame(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Engine engine = Engine.over(new BsdBackend(BsdProbe.of(profile, kernel)));
        try {
            LifeCycle child = start(engine);
            ScriptedBsd.Proc process = kernel.process(child.pid());
            var future = child.onExit(Runnable::run);
            process.notYetWaitable = 3;
            kernel.end(process, 6 << 8);
            assertEquals(
                    6, future.get(20, java.util.concurrent.TimeUnit.SECONDS).exitCode());
            assertTrue(kernel.processes.isEmpty());
        } finally {
            engine.stop();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void wait01_theEngineWaitsByEvent(BsdProfile profile) throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        Engine engine = Engine.over(new BsdBackend(BsdProbe.of(profile, kernel)));
        try {
            LifeCycle child = start(engine);
            ScriptedBsd.Proc process = kernel.process(child.pid());
            assertNull(child.waitFor(Duration.ofMillis(50)));
            Thread ender = new Thread(() -> kernel.end(process, 4 << 8));
            ender.start();
            assertEquals(4, Objects.requireNonNull(child.waitFor(SOON)).exitCode());
            ender.join();
            assertEquals(0, engine.unreaped());
        } finally {
            engine.stop();
        }
    }

    @Test
    void wait29_withoutKqueueEverythingIsLookedAt() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        kernel.missing.add("kqueue");
        BsdBackend backend = new BsdBackend(BsdProbe.of(kernel.profile, kernel));
        assertTrue(backend.probe().isAvailable());
        assertFalse(backend.capabilities().contains(dev.osprocess.spi.Capability.FOREIGN_EXIT_EVENT));
        Engine engine = Engine.over(backend);
        try {
            LifeCycle child = start(engine);
            Thread ender = new Thread(() -> kernel.end(kernel.process(child.pid()), 4 << 8));
            ender.start();
            assertEquals(4, Objects.requireNonNull(child.waitFor(SOON)).exitCode());
            ender.join();
        } finally {
            engine.stop();
        }
    }

    @Test
    void wait29_aKqueueThatAnswersOtherwiseIsNotUsed() {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        BsdSyscalls shifted = new ForwardingSyscalls(kernel) {
            @Override
            public int events(int kqueue, EventBatch batch, long nanos) throws ErrnoException {
                int count = super.events(kqueue, batch, nanos);
                batch.data[0] = 99; // as if struct kevent had other offsets
                return count;
            }
        };
        BsdSystem system = BsdProbe.of(kernel.profile, shifted).system();
        assertEquals("kevent(2) does not answer as the table of FreeBSD says", system.kqueue());
        assertEquals(Set.of(0, 1, 2), kernel.open());
    }

    @Test
    void wait08_anInterruptedKeventReturnsEarly() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        ExitEvents events = KqueueExitEvents.open(kernel.system());
        kernel.fail("kevent-wait", Errno.EINTR);
        assertEquals(List.of(), await(events));
        kernel.fail("kevent-wait", Errno.EBADF);
        assertThrows(ProcessException.class, () -> await(events));
        kernel.fail("write", Errno.EINTR, Errno.EAGAIN);
        events.wakeup();
        events.wakeup();
        events.await(-1, key -> assertNotNull(null, "nobody ended"));
    }

    @Test
    void wait29_aRegistrationThatFailsOtherwiseIsAnError() throws Exception {
        ScriptedBsd kernel = new ScriptedBsd(OpenBsdProfile.PROFILE);
        BsdSystem system = kernel.system();
        ExitEvents events = KqueueExitEvents.open(system);
        OwnTarget child = child(kernel, system);
        kernel.fail("kevent", Errno.ENOMEM);
        assertThrows(ProcessException.class, () -> events.add(7, child));
        assertTrue(events.add(8, child));
        kernel.end(kernel.process(child.pid), 0);
        assertEquals(List.of(8L), await(events));
    }

    private static LifeCycle start(Engine engine) throws ProcessException {
        return engine.start(
                OsString.of("/bin/prog"),
                List.of(OsString.of("prog")),
                ProcessAttributes.builder().build());
    }
}
