// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ProcessStatus;
import dev.osprocess.engine.HandleCount;
import dev.osprocess.engine.ReapClaim;
import dev.osprocess.engine.StatusWord;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The three words of D1 and D18, from inside: the count, the status, the claim. */
class HandleCountTest {
    private final AtomicInteger closes = new AtomicInteger();
    private final HandleCount count = new HandleCount(closes::incrementAndGet);

    @Test
    @Rule("STATE-07")
    void state07_theLastReferenceClosesAndNoEarlierOne() {
        assertTrue(count.tryAcquire());
        assertTrue(count.tryAcquire());
        assertTrue(count.tryAcquire());
        assertEquals(4, count.get());
        count.release(); // the owner's
        count.release();
        count.release();
        assertEquals(0, closes.get());
        count.release();
        assertEquals(1, closes.get());
    }

    @Test
    @Rule("STATE-04")
    void state04_nobodyAcquiresAClosedHandle() {
        count.release();
        assertFalse(count.tryAcquire());
        assertFalse(count.tryAcquire());
        assertEquals(0, count.get());
        assertEquals(1, closes.get());
    }

    @Test
    @Rule("STATE-06")
    void state06_oneReleaseTooManyIsLoudAndClosesNothing() {
        count.release();
        AssertionError error = assertThrows(AssertionError.class, count::release);
        assertTrue(String.valueOf(error.getMessage()).contains("-1"), error.getMessage());
        assertThrows(AssertionError.class, count::tryAcquire);
        assertEquals(1, closes.get());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProcessStatus.class,
            names = {"DONE", "RELEASED"})
    @Rule({"STATE-01", "STATE-02"})
    void state01_theStatusLeavesOkOnceAndStays(ProcessStatus to) {
        StatusWord status = new StatusWord(ProcessStatus.OK);
        assertTrue(status.isOk());
        assertTrue(status.leaveOk(to));
        assertFalse(status.leaveOk(ProcessStatus.DONE));
        assertFalse(status.leaveOk(ProcessStatus.RELEASED));
        assertEquals(to, status.get());
        assertFalse(status.isOk());
    }

    @Test
    @Rule({"STATE-01", "STATE-05"})
    void state01_nothingComesBackToOk() {
        StatusWord status = new StatusWord(ProcessStatus.OK);
        assertThrows(AssertionError.class, () -> status.leaveOk(ProcessStatus.OK));
        assertFalse(new StatusWord(ProcessStatus.DONE).leaveOk(ProcessStatus.RELEASED), "DONE from birth is final");
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"CONC-03", "D18"})
    void conc03_aClaimIsTakenOnce(Strategy strategy) {
        ReapClaim claim = new ReapClaim(strategy);
        assertTrue(claim.begin());
        claim.end(false);
        assertFalse(claim.isSettled(), "nothing was collected");
        assertTrue(claim.begin());
        claim.end(true);
        assertTrue(claim.isSettled());
        assertFalse(claim.begin());
        assertFalse(claim.begin(), "a refused begin holds nothing");
    }

    @Test
    @Rule({"WAIT-15", "SIG-16"})
    void sig16_signalsShareTheLockThatACollectorExcludes() {
        ReapClaim claim = new ReapClaim(Strategy.PID);
        Lock signals = claim.signalLock();
        Task<Boolean> collector;
        signals.lock();
        try {
            Task<Boolean> other = Task.of(signals::tryLock);
            assertTrue(other.get(), "another signal passes");
            collector = Task.of(claim::begin).parked();
        } finally {
            signals.unlock();
        }
        assertFalse(collector.isDone(), "the other signal is still inside");
    }
}
