// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.Liveness;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.ScriptedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Random sequences of operations against a model that fits on a page: the status graph, what each operation answers, and
 * that in the end nothing is left.
 */
class ModelTest {
    /** What can happen. */
    enum Step {
        WAIT_ZERO,
        SIGNAL,
        KILL,
        RELEASE,
        CLOSE,
        ON_EXIT,
        LIVENESS,
        EXIT,
        STEAL,
        REUSE
    }

    /** What the model remembers. */
    private static final class Model {
        ProcessStatus status = ProcessStatus.OK;
        boolean ended;
        boolean stolen;
        boolean handedOver;
        String end = "";
    }

    @Property(tries = 400)
    @Rule({"STATE-01", "STATE-02", "STATE-10", "STATE-17", "CONC-01"})
    void state01_everySequenceFollowsTheModel(@ForAll Strategy strategy, @ForAll @Size(max = 14) List<Step> steps)
            throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            ScriptedProcess process = lab.processOf(life);
            Model model = new Model();
            List<CompletableFuture<ProcessState>> futures = new ArrayList<>();
            for (Step step : steps) {
                run(lab, life, process, model, futures, step, strategy);
                assertEquals(model.status, life.status(), () -> "after " + step + " in " + steps);
            }
            finish(lab, life, process, model, futures);
        }
    }

    private static void run(
            Lab lab,
            LifeCycle life,
            ScriptedProcess process,
            Model model,
            List<CompletableFuture<ProcessState>> futures,
            Step step,
            Strategy strategy)
            throws Exception {
        switch (step) {
            case WAIT_ZERO -> {
                String expected = refusal(model);
                if (expected.isEmpty()) {
                    expected = !model.ended ? "null" : model.stolen ? "NO_CHILD" : model.end;
                    if (model.ended) {
                        model.status = ProcessStatus.DONE;
                    }
                } else if (model.status == ProcessStatus.DONE) {
                    expected = model.stolen ? "NO_CHILD" : model.end;
                }
                assertEquals(expected, outcome(() -> life.waitFor(Duration.ZERO)));
            }
            case SIGNAL, KILL -> {
                boolean kill = step == Step.KILL;
                String expected = refusal(model);
                boolean gone = model.stolen || (model.ended && strategy == Strategy.FOREIGN_REAPER);
                if (expected.isEmpty() && gone) {
                    expected = "ALREADY_DONE";
                }
                if (expected.equals("ALREADY_DONE") && kill) {
                    expected = "false";
                }
                assertEquals(expected.isEmpty() ? Boolean.toString(kill) : expected, outcome(() -> {
                    if (kill) {
                        return life.kill();
                    }
                    life.signal(Signal.USR1);
                    return false;
                }));
                if (kill && expected.isEmpty() && !model.ended) {
                    ended(lab, life, model, "signal: killed");
                }
            }
            case RELEASE -> {
                assertEquals(model.status, life.release());
                if (model.status == ProcessStatus.OK) {
                    model.status = ProcessStatus.RELEASED;
                }
            }
            case CLOSE -> {
                if (model.status == ProcessStatus.OK && model.ended) {
                    return; // the watcher may be faster or not: both are right, and a model cannot say which
                }
                life.close();
                if (model.status == ProcessStatus.OK) {
                    model.status = ProcessStatus.RELEASED;
                    model.handedOver = true;
                }
            }
            case ON_EXIT -> {
                if (model.status == ProcessStatus.OK && model.ended) {
                    return; // the same
                }
                String refused = outcome(() -> {
                    futures.add(life.onExit(null));
                    return "";
                });
                assertEquals(model.status == ProcessStatus.RELEASED ? "released" : "", refused);
            }
            case LIVENESS -> {
                String expected = refusal(model);
                Liveness seen = !model.ended
                        ? Liveness.RUNNING
                        : model.stolen || strategy == Strategy.FOREIGN_REAPER ? Liveness.GONE : Liveness.EXITED;
                assertEquals(
                        expected.isEmpty() ? seen.toString() : expected.equals("ALREADY_DONE") ? "GONE" : expected,
                        outcome(life::liveness));
            }
            case EXIT -> {
                if (!model.ended) {
                    lab.kernel.exit(life.pid(), 7);
                    ended(lab, life, model, "exit status 7");
                }
            }
            case STEAL -> {
                if (process.phase() == ScriptedProcess.Phase.ZOMBIE && lab.engine.watched() == 0) {
                    lab.kernel.steal(life.pid());
                    model.stolen = true;
                }
            }
            case REUSE -> {
                if (lab.kernel.bearerOf(life.pid()) == null && strategy != Strategy.PID) {
                    lab.kernel.reuse(
                            life.pid()); // by number a theft cannot be told from a newcomer before the next look
                }
            }
            default -> throw new AssertionError(step);
        }
    }

    /** It has ended; if anybody watches, that is seen by itself. */
    private static void ended(Lab lab, LifeCycle life, Model model, String end) {
        boolean watched = lab.engine.watched() > 0;
        model.ended = true;
        model.end = end;
        if (watched || lab.counters().eventAdds() > 0) {
            Patience.until("the watcher to see it", () -> lab.engine.watched() == 0 && life.state() != null);
            if (model.status == ProcessStatus.OK) {
                model.status = ProcessStatus.DONE;
            }
        }
    }

    private static String refusal(Model model) {
        return switch (model.status) {
            case OK -> "";
            case DONE -> "ALREADY_DONE";
            case RELEASED -> "released";
        };
    }

    private static String outcome(Callable<?> call) throws Exception {
        try {
            return String.valueOf(call.call());
        } catch (ProcessReleasedException released) {
            return "released";
        } catch (ProcessException failed) {
            return failed.kind().toString();
        }
    }

    private static void finish(
            Lab lab,
            LifeCycle life,
            ScriptedProcess process,
            Model model,
            List<CompletableFuture<ProcessState>> futures)
            throws Exception {
        if (!model.ended) {
            lab.kernel.exit(life.pid(), 7);
            model.end = "exit status 7";
        }
        for (CompletableFuture<ProcessState> future : futures) {
            if (!model.stolen) {
                assertEquals(model.end, Task.of(future::join).get().toString());
            }
        }
        life.close();
        lab.assertNothingLeft();
        assertEquals(1, lab.counters().closeCalls());
        assertEquals(0, life.references());
        if (model.handedOver) {
            assertEquals(ScriptedProcess.Phase.GONE, process.phase());
        }
    }

    @Property(tries = 60)
    @Rule({"CONC-01", "STATE-02", "STATE-06"})
    void conc01_anyMixFromAnyThreadsEndsWithOneCloseAndNoMisuse(@ForAll Strategy strategy, @ForAll long seed) {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(seed + i);
                tasks.add(Task.doing(() -> {
                    for (int j = 0; j < 8; j++) {
                        anything(lab, life, random.nextInt(9));
                    }
                }));
            }
            tasks.forEach(Task::get);
            lab.kernel.endIfAlive(life.pid());
            life.close();
            Patience.until("the close", () -> lab.counters().closeCalls() == 1 && lab.engine.watched() == 0);
            assertEquals(0, life.references());
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void anything(Lab lab, LifeCycle life, int what) throws Exception {
        try {
            switch (what) {
                case 0 -> life.waitFor(Duration.ZERO);
                case 1 -> life.waitFor(Duration.ofNanos(1));
                case 2 -> life.signal(Signal.USR1);
                case 3 -> {
                    var unused = life.onExit(null);
                }
                case 4 -> life.liveness();
                case 5 -> life.identity();
                case 6 -> life.release();
                case 7 -> life.close();
                default -> lab.kernel.endIfAlive(life.pid());
            }
        } catch (ProcessException | ProcessReleasedException refused) {
            // a right answer; that it is the right one is what the other tests are for
        }
    }
}
