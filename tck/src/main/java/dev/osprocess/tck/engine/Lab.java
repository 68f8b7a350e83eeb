// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.OnClose;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.scripted.Counters;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedKernel;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.util.List;
import java.util.logging.Logger;

/** A scripted kernel under an engine of its own; closing it ends the engine and proves that the kernel was not misused. */
final class Lab implements AutoCloseable {
    static final String PROGRAM = "/bin/fake";

    /** What the library says; kept from the console, where injected failures would fill pages. */
    static final Logger LOGGER = Logger.getLogger("dev.osprocess");

    static {
        LOGGER.setUseParentHandlers(false);
    }

    final ScriptedKernel kernel;
    final Engine engine;

    Lab(Strategy strategy) {
        this(new ScriptedKernel(strategy));
    }

    Lab(ScriptedKernel kernel) {
        this.kernel = kernel;
        try {
            engine = Engine.over(kernel);
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
    }

    /** A child whose life is looked at from inside; no Cleaner knows of it. */
    LifeCycle start() throws ProcessException {
        return start(OnClose.REAP_LATER);
    }

    LifeCycle start(OnClose onClose) throws ProcessException {
        return engine.start(
                OsString.of(PROGRAM),
                List.of(),
                ProcessAttributes.builder().onClose(onClose).build());
    }

    /** A child as a user holds it. */
    OsProcess startFront() throws ProcessException {
        return FrontDoor.start(engine, PROGRAM, List.of(), ProcessAttributes.defaults());
    }

    OsProcess findFront(long pid) throws ProcessException {
        return FrontDoor.find(engine, pid);
    }

    Counters counters() {
        return kernel.counters();
    }

    ScriptedProcess processOf(LifeCycle life) {
        return kernel.process(life.pid());
    }

    /** Waits until this many objects are watched, which is when their waiters may park. */
    void awaitWatched(int count) {
        Patience.until(count + " watched objects", () -> engine.watched() == count && kernel.registrations() == count);
    }

    /** Waits until the watcher has handed on every event that came before, and is about to block again. */
    void awaitWatcherRounds() {
        for (int i = 0; i < 2; i++) { // at the first time it may be on its way already, without the latest events
            try (Pause blocking = kernel.pauseAt(Point.BEFORE_BLOCK)) {
                kernel.announceKey(-1);
                blocking.awaitArrival();
            }
        }
    }

    /** Nothing is open, nothing watched, nothing unreaped; what is on its way to that is awaited. */
    void assertNothingLeft() {
        Patience.until(
                "everything to be closed: " + counters(), () -> counters().openHandles() == 0);
        kernel.assertNothingOpen();
        assertEquals(0, engine.watched(), "objects that are still watched");
        assertEquals(0, engine.unreaped(), "children that still have an owner");
    }

    @Override
    public void close() {
        try {
            engine.stop();
        } catch (InterruptedException unexpected) {
            throw new AssertionError("a test left its thread interrupted", unexpected);
        }
        kernel.assertNoViolations();
    }
}
