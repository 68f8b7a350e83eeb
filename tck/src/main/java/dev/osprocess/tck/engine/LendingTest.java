// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.osprocess.NativeHandle;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.ScriptedHandle;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.io.FileNotFoundException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** withHandle: the handle stays open, and nothing is locked. */
class LendingTest {
    /** A handle type of another backend. */
    private static final class Alien implements NativeHandle {
        @Override
        public String kind() {
            return "alien";
        }

        @Override
        public long value() {
            return 0;
        }
    }

    @Test
    @Rule({"HND-01", "HND-10"})
    void hnd01_theHandleNamesTheProcessEvenUnderARecycledNumber() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess owner = lab.startFront();
            ScriptedProcess process = lab.kernel.process(owner.pid());
            OsProcess found = lab.findFront(owner.pid());
            lab.kernel.exit(owner.pid(), 0);
            owner.waitFor();
            ScriptedProcess newcomer = lab.kernel.reuse(owner.pid());
            found.withHandle(ScriptedHandle.class, handle -> {
                assertSame(process, handle.process());
                assertEquals("scripted", handle.kind());
                return handle.value();
            });
            assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL), "ID-12");
            assertTrue(newcomer.received().isEmpty());
            found.release();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"PID", "FOREIGN_REAPER"})
    @Rule("HND-02")
    void hnd02_withoutAHandleTheFunctionIsNotCalled(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy);
                OsProcess process = lab.startFront()) {
            NoHandleException none = assertThrows(
                    NoHandleException.class, () -> process.withHandle(NativeHandle.class, handle -> fail("called")));
            assertTrue(String.valueOf(none.getMessage()).contains("pid mode"), none.getMessage());
        }
    }

    @Test
    @Rule({"HND-02", "HND-10"})
    void hnd10_aHandleOfAnotherTypeIsNotLent() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE);
                OsProcess process = lab.startFront()) {
            NoHandleException none = assertThrows(
                    NoHandleException.class, () -> process.withHandle(Alien.class, handle -> fail("called")));
            assertTrue(String.valueOf(none.getMessage()).contains("Alien"), none.getMessage());
            assertTrue(String.valueOf(none.getMessage()).contains("scripted"), none.getMessage());
        }
    }

    @Test
    @Rule("HND-03")
    void hnd03_afterTheEndOrAReleaseTheFunctionIsNotCalled() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess done = lab.startFront();
            lab.kernel.exit(done.pid(), 0);
            done.waitFor();
            OsProcess released = lab.startFront();
            released.release();
            OsProcess never = lab.findFront(4711);
            assertThrows(
                    ProcessDoneException.class, () -> done.withHandle(ScriptedHandle.class, handle -> fail("called")));
            assertThrows(
                    ProcessReleasedException.class,
                    () -> released.withHandle(ScriptedHandle.class, handle -> fail("called")));
            assertThrows(
                    ProcessDoneException.class, () -> never.withHandle(ScriptedHandle.class, handle -> fail("called")));
        }
    }

    @Test
    @Rule("HND-04")
    void hnd04_theHandleOutlivesAReleaseAndAWaitInsideTheFunction() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess released = lab.startFront();
            released.withHandle(ScriptedHandle.class, handle -> {
                released.release();
                assertTrue(handle.isOpen());
                assertEquals(0, lab.counters().closeCalls());
                return 0;
            });
            assertEquals(1, lab.counters().closeCalls());
            OsProcess waited = lab.startFront();
            ScriptedHandle kept = waited.withHandle(ScriptedHandle.class, handle -> {
                lab.kernel.exit(waited.pid(), 0);
                Task.of(waited::waitFor).get();
                assertEquals(ProcessStatus.DONE, waited.status());
                assertTrue(handle.isOpen());
                return handle;
            });
            Patience.until("the close", () -> !kept.isOpen());
            assertEquals(2, lab.counters().closeCalls());
        }
    }

    @Test
    @Rule({"HND-05", "STATE-09"})
    void hnd05_whatTheFunctionThrowsComesOutUnchangedAndTheReferenceComesBack() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess process = lab.startFront();
            FileNotFoundException checked = new FileNotFoundException("x");
            assertSame(
                    checked,
                    assertThrows(
                            FileNotFoundException.class,
                            () -> process.withHandle(ScriptedHandle.class, handle -> {
                                throw checked;
                            })));
            OutOfMemoryError error = new OutOfMemoryError("x");
            assertSame(
                    error,
                    assertThrows(
                            OutOfMemoryError.class,
                            () -> process.withHandle(ScriptedHandle.class, handle -> {
                                throw error;
                            })));
            process.release();
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule("HND-06")
    void hnd06_everythingWorksInsideTheFunction() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess process = lab.startFront();
            process.withHandle(ScriptedHandle.class, outer -> {
                process.signal(Signal.USR1);
                assertTrue(process.kill());
                process.waitFor();
                return 0;
            });
            assertEquals(Signal.KILL, process.waitFor().signal().orElseThrow());
            OsProcess nested = lab.startFront();
            assertSame(
                    nested.<ScriptedHandle, ScriptedHandle, Exception>withHandle(ScriptedHandle.class, outer -> outer),
                    nested.<ScriptedHandle, ScriptedHandle, Exception>withHandle(
                            ScriptedHandle.class, outer -> nested.withHandle(ScriptedHandle.class, inner -> inner)));
            nested.release();
            lab.assertNothingLeft();
        }
    }

    @Test
    @Rule("HND-07")
    void hnd07_anEndedChildThatNobodyWaitedForStillLendsItsHandle() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess process = lab.startFront();
            lab.kernel.exit(process.pid(), 0);
            assertTrue(process.withHandle(ScriptedHandle.class, ScriptedHandle::isOpen));
            process.waitFor();
            assertThrows(ProcessDoneException.class, () -> process.withHandle(ScriptedHandle.class, handle -> 0));
        }
    }

    @Test
    @Rule({"HND-08", "CONC-11"})
    void hnd08_twoFunctionsRunAtTheSameTimeAndSignalsPass() throws Exception {
        try (Lab lab = new Lab(Strategy.HANDLE)) {
            OsProcess process = lab.startFront();
            CyclicBarrier both = new CyclicBarrier(2);
            CountDownLatch signalled = new CountDownLatch(1);
            Task<Boolean> one = Task.of(() -> process.withHandle(ScriptedHandle.class, handle -> {
                both.await(20, TimeUnit.SECONDS);
                return signalled.await(20, TimeUnit.SECONDS);
            }));
            Task<Boolean> other = Task.of(() -> process.withHandle(ScriptedHandle.class, handle -> {
                both.await(20, TimeUnit.SECONDS);
                process.signal(Signal.USR1);
                signalled.countDown();
                return true;
            }));
            assertTrue(one.get());
            assertTrue(other.get());
            lab.kernel.exit(process.pid(), 0);
            process.waitFor();
            assertFalse(process.kill());
        }
    }
}
