// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exit events by thread-pool waits, under the engine, on a scripted system. */
@Timeout(60)
final class ThreadPoolExitEventsTest {
    private final ScriptedSyscalls calls = new ScriptedSyscalls();
    private final WindowsBackend backend = new WindowsBackend(WindowsProbe.of(calls));

    private static LifeCycle start(Engine engine) throws ProcessException {
        return engine.start(
                OsString.of("C:\\x.exe"),
                List.of(OsString.of("x")),
                ProcessAttributes.builder().build());
    }

    private static List<Long> take(ExitEvents events, long nanos) throws ProcessException {
        List<Long> keys = new ArrayList<>();
        events.await(nanos, keys::add);
        return keys;
    }

    private Target target(long pid) throws ProcessException {
        calls.stranger(pid, 8, 1);
        return backend.open(pid);
    }

    @Test
    void wait34_anEndIsKnownByTheEnginesKey() throws Exception {
        ExitEvents events = backend.exitEvents();
        Target one = target(7000);
        Target two = target(7004);
        assertTrue(events.add(7, one));
        assertTrue(events.add(9, two));
        assertEquals(List.of(), take(events, 0));
        calls.end(7004, 0);
        assertEquals(List.of(9L), take(events, -1));
        calls.end(7000, 0);
        assertEquals(List.of(7L), take(events, -1));
        events.remove(7, one);
        events.remove(9, two);
        assertTrue(calls.waits.isEmpty());
    }

    @Test
    void wait33_aProcessThatHadEndedAlreadyIsSeen() throws Exception {
        ExitEvents events = backend.exitEvents();
        Target target = target(7000);
        calls.end(7000, 0);
        events.add(3, target);
        assertEquals(List.of(3L), take(events, -1));
    }

    @Test
    void wakeupIsNotLostAlsoIfItComesFirst() throws Exception {
        ExitEvents events = backend.exitEvents();
        events.wakeup();
        assertEquals(List.of(), take(events, -1));
        Thread other = new Thread(events::wakeup);
        other.start();
        assertEquals(List.of(), take(events, TimeUnit.SECONDS.toNanos(30)));
        other.join();
    }

    @Test
    void aWaitThatCannotBeRegisteredIsAnErrorAndTheEngineLooksInstead() throws Exception {
        calls.fail("RegisterWaitForSingleObject", Win32Error.NOT_ENOUGH_MEMORY);
        Engine engine = Engine.over(backend);
        LifeCycle life = start(engine);
        CompletableFuture<ProcessState> exit = life.onExit(null);
        calls.end(life.pid(), 4);
        assertEquals(4, exit.get(30, TimeUnit.SECONDS).exitCode());
        engine.stop();
    }

    @Test
    void takingBackWhatTheSystemDoesNotKnowIsAnInternalError() throws Exception {
        ExitEvents events = backend.exitEvents();
        Target target = target(7000);
        assertThrows(AssertionError.class, () -> events.remove(1, target));
        events.add(1, target);
        calls.fail("UnregisterWaitEx", Win32Error.INVALID_HANDLE);
        assertThrows(AssertionError.class, () -> events.remove(1, target));
    }

    /** D9: the registration goes first, the handle second, whoever is the last to let go. */
    @Test
    void d9_theWaitIsTakenBackBeforeTheHandleIsClosed() throws Exception {
        Engine engine = Engine.over(backend);
        LifeCycle life = start(engine);
        CompletableFuture<ProcessState> exit = life.onExit(null);
        calls.end(life.pid(), 0xC0000005L);
        assertEquals(0xC0000005L, exit.get(30, TimeUnit.SECONDS).exitCode());
        engine.stop();
        int unregistered = calls.log.lastIndexOf("UnregisterWaitEx");
        int closed = calls.log.size() - 1;
        while (!calls.log.get(closed).startsWith("CloseHandle")) {
            closed--;
        }
        assertTrue(unregistered >= 0 && unregistered < closed, calls.log::toString);
        assertEquals(List.of(), calls.openBesideStreams());
    }

    /** The proof above can fail: events that do not take back are caught by the scripted system. */
    @Test
    void d9_aBackendThatClosesWhileAWaitIsRegisteredIsCaught() throws Exception {
        ThreadPoolExitEvents real = new ThreadPoolExitEvents(calls);
        Target target = target(7000);
        real.add(5, target);
        AssertionError caught = assertThrows(AssertionError.class, target::close);
        assertTrue(Said.by(caught).contains("a wait is registered"), caught::getMessage);
        real.remove(5, target);
        target.close();
        Engine engine = Engine.over(new NeverTakesBack());
        LifeCycle life = start(engine);
        CompletableFuture<ProcessState> exit = life.onExit(null);
        calls.end(life.pid(), 0);
        assertEquals(0, exit.get(30, TimeUnit.SECONDS).exitCode()); // the engine says so in its log, and goes on
        engine.stop();
        assertFalse(calls.waits.isEmpty());
        assertEquals(1, calls.openBesideStreams().size());
    }

    /** A wrong backend: its events never unregister. */
    private final class NeverTakesBack implements ProcessBackend {
        @Override
        public String name() {
            return "never takes back";
        }

        @Override
        public Availability probe() {
            return Availability.available();
        }

        @Override
        public String handleKind() {
            return backend.handleKind();
        }

        @Override
        public Set<Capability> capabilities() {
            return backend.capabilities();
        }

        @Override
        public Target start(StartRequest request) throws ProcessException {
            return backend.start(request);
        }

        @Override
        public Target open(long pid) throws ProcessException {
            return backend.open(pid);
        }

        @Override
        public long currentPid() {
            return backend.currentPid();
        }

        @Override
        public long parentPid() {
            return backend.parentPid();
        }

        @Override
        public ExitEvents exitEvents() {
            ExitEvents right = backend.exitEvents();
            return new ExitEvents() {
                @Override
                public boolean add(long key, Target target) throws ProcessException {
                    return right.add(key, target);
                }

                @Override
                public void remove(long key, Target target) {}

                @Override
                public void await(long nanos, LongConsumer ended) throws ProcessException {
                    right.await(nanos, ended);
                }

                @Override
                public void wakeup() {
                    right.wakeup();
                }

                @Override
                public void close() {
                    right.close();
                }
            };
        }
    }

    @Test
    void id17_tenThousandRoundsLeaveNoHandleAndNoWait() throws Exception {
        Engine engine = Engine.over(backend);
        List<CompletableFuture<ProcessState>> exits = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            LifeCycle life = start(engine);
            if (i % 4 == 0) {
                exits.add(life.onExit(null));
            }
            if (i % 3 == 0) {
                LifeCycle found = engine.find(life.pid());
                found.release();
            }
            assertTrue(life.kill());
            assertEquals(1, life.waitFor().exitCode());
            calls.processes.remove(life.pid());
            calls.launches.clear();
            calls.log.clear();
        }
        for (CompletableFuture<ProcessState> exit : exits) {
            assertEquals(1, exit.get(30, TimeUnit.SECONDS).exitCode());
        }
        assertNull(engine.findLive(99_999_996));
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (engine.watched() > 0 && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        engine.stop();
        assertEquals(List.of(), calls.openBesideStreams());
        assertTrue(calls.waits.isEmpty());
        assertEquals(0, engine.unreaped());
    }
}
