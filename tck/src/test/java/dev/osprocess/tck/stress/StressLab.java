// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.stress;

import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.scripted.ScriptedKernel;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.util.List;

/** One engine for all states of a stress test, and a child in it for each: what the life cycle tests begin with. */
class StressLab {
    private static final OsString PROGRAM = OsString.of("/bin/fake");

    private static final class Shared {
        final ScriptedKernel kernel;
        final Engine engine;

        Shared(Strategy strategy) {
            kernel = new ScriptedKernel(strategy);
            try {
                engine = Engine.over(kernel);
            } catch (ProcessException failed) {
                throw new AssertionError(failed);
            }
        }

        static final Shared HANDLES = new Shared(Strategy.HANDLE);
        static final Shared NUMBERS = new Shared(Strategy.PID);
    }

    private final ScriptedKernel kernel;
    final LifeCycle life;
    final ScriptedProcess process;

    /** A child that runs, or one that has exited with 7 and is not reaped. */
    StressLab(Strategy strategy, boolean ended) {
        Shared shared = strategy == Strategy.HANDLE ? Shared.HANDLES : Shared.NUMBERS;
        kernel = shared.kernel;
        try {
            life = shared.engine.start(PROGRAM, List.of(), ProcessAttributes.defaults());
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
        process = kernel.process(life.pid());
        if (ended) {
            kernel.exit(life.pid(), 7);
        }
    }

    final void exit() {
        kernel.exit(life.pid(), 7);
    }

    /** The exit code; −1 if it was released before. */
    final long waitFor() {
        try {
            ProcessState state = life.waitFor();
            return state.exitCode();
        } catch (ProcessReleasedException released) {
            return -1;
        } catch (ProcessException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** 1 if it was sent, 0 if the process was done, −1 if it was released before. */
    final int signal() {
        try {
            life.signal(Signal.USR1);
            return 1;
        } catch (dev.osprocess.ProcessDoneException done) {
            return 0;
        } catch (ProcessReleasedException released) {
            return -1;
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
    }

    /** How many use the handle when all is over; −99 if the kernel was misused by anyone. */
    final int references() {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (life.references() != 0 && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait(); // the watcher is about to finish with it
        }
        if (!process.hasEnded()) {
            exit();
        }
        kernel.bury(process); // or the table would grow with every state
        return kernel.violations().isEmpty() ? life.references() : -99;
    }
}
