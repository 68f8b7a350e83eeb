// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.Pause;
import dev.osprocess.tck.scripted.Point;
import dev.osprocess.tck.scripted.ScriptedHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every operation does in every status: the whole table, in each strategy. */
class StatusTableTest {
    private static final String TABLE = """
      operation           | OK                | WAITED         | STOLEN   | BIRTH    | RELEASED | CLOSED
      waitFor             | exit status 7     | exit status 7  | NO_CHILD | DONE     | RELEASED | RELEASED
      waitFor zero        | empty             | exit status 7  | NO_CHILD | DONE     | RELEASED | RELEASED
      onExit              | exit status 7     | exit status 7  | NO_CHILD | DONE     | RELEASED | RELEASED
      signal              | delivered         | DONE           | DONE     | DONE     | RELEASED | RELEASED
      kill                | true              | false          | false    | false    | RELEASED | RELEASED
      withHandle HANDLE   | lent              | DONE           | DONE     | DONE     | RELEASED | RELEASED
      withHandle PID      | NO_HANDLE         | NO_HANDLE      | NO_HANDLE| NO_HANDLE| NO_HANDLE| NO_HANDLE
      release             | OK, then RELEASED | DONE, then DONE| DONE, then DONE | DONE, then DONE | RELEASED, then RELEASED | RELEASED, then RELEASED
      close               | then RELEASED     | then DONE      | then DONE| then DONE| then RELEASED | then RELEASED
      close twice         | then RELEASED     | then DONE      | then DONE| then DONE| then RELEASED | then RELEASED
      pid                 | same              | same           | same     | same     | same     | same
      state               | empty             | exit status 7  | empty    | empty    | empty    | empty
      identity            | true one          | DONE           | DONE     | DONE     | RELEASED | RELEASED
      liveness            | RUNNING           | GONE           | GONE     | GONE     | RELEASED | RELEASED
      status              | OK                | DONE           | DONE     | DONE     | RELEASED | RELEASED
      mode HANDLE         | HANDLE            | HANDLE         | HANDLE   | HANDLE   | HANDLE   | HANDLE
      mode PID            | PID               | PID            | PID      | PID      | PID      | PID
      toString            | process P (OK)    | process P (exit status 7) | process P (DONE) | process P (DONE) | process P (RELEASED) | process P (RELEASED)
      """;

    @TestFactory
    @Rule({
        "STATE-11",
        "STATE-13",
        "STATE-16",
        "STATE-17",
        "SIG-03",
        "SIG-04",
        "REL-03",
        "REL-05",
        "REL-06",
        "WAIT-05",
        "HND-02",
        "HND-03",
        "ERR-05",
        "ERR-07",
        "ID-02",
        "CONC-02"
    })
    Stream<DynamicTest> everyOperationInEveryStatus() {
        List<DynamicTest> tests = new ArrayList<>();
        List<String> lines = TABLE.lines().toList();
        List<String> situations = cellsOf(lines.get(0));
        for (Strategy strategy : Strategy.values()) {
            for (int line = 1; line < lines.size(); line++) {
                List<String> cells = cellsOf(lines.get(line));
                String operation = cells.get(0);
                if (operation.endsWith(strategy == Strategy.HANDLE ? " PID" : " HANDLE")) {
                    continue;
                }
                for (int column = 1; column < cells.size(); column++) {
                    String situation = situations.get(column);
                    String expected = cells.get(column);
                    if (situation.equals("STOLEN") && strategy == Strategy.FOREIGN_REAPER) {
                        continue; // whoever reaps there cannot be robbed by others
                    }
                    tests.add(DynamicTest.dynamicTest(
                            strategy + ": " + operation + " when " + situation + " gives " + expected,
                            () -> check(strategy, situation, operation, expected)));
                }
            }
        }
        return tests.stream();
    }

    private static List<String> cellsOf(String line) {
        return List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
    }

    private static void check(Strategy strategy, String situation, String operation, String expected) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            OsProcess process = in(situation, lab);
            long collects = lab.counters().collectCalls();
            long signals = lab.counters().signalCalls();
            assertEquals(expected, outcome(lab, process, operation));
            if (!situation.equals("OK") && !situation.equals("CLOSED")) {
                assertEquals(collects, lab.counters().collectCalls(), "native looks in a final status");
                assertEquals(signals, lab.counters().signalCalls(), "native signals in a final status");
            }
        }
    }

    private static OsProcess in(String situation, Lab lab) throws Exception {
        if (situation.equals("BIRTH")) {
            return lab.findFront(4711);
        }
        OsProcess process = lab.startFront();
        switch (situation) {
            case "OK" -> {}
            case "WAITED" -> {
                lab.kernel.exit(process.pid(), 7);
                process.waitFor();
            }
            case "STOLEN" -> {
                try (Pause reap = lab.kernel.pauseAt(Point.BEFORE_REAP)) {
                    lab.kernel.exit(process.pid(), 7);
                    Task<?> robbed = Task.of(process::waitFor);
                    reap.awaitArrival();
                    lab.kernel.steal(process.pid());
                    reap.letGo();
                    robbed.failure(dev.osprocess.NoChildException.class);
                }
            }
            case "RELEASED" -> process.release();
            case "CLOSED" -> process.close();
            default -> throw new AssertionError(situation);
        }
        return process;
    }

    private static String outcome(Lab lab, OsProcess process, String operation) throws Exception {
        try {
            return switch (operation) {
                case "waitFor" -> {
                    Task<ProcessState> waiter = Task.of(process::waitFor);
                    endIfOk(lab, process);
                    yield text(waiter);
                }
                case "waitFor zero" ->
                    process.waitFor(Duration.ZERO).map(ProcessState::toString).orElse("empty");
                case "onExit" -> {
                    CompletableFuture<ProcessState> future = process.onExit();
                    endIfOk(lab, process);
                    yield text(Task.of(() -> future.get(Patience.SECONDS, TimeUnit.SECONDS)));
                }
                case "signal" -> {
                    process.signal(Signal.USR1);
                    assertEquals(
                            List.of(Signal.USR1),
                            lab.kernel.process(process.pid()).received());
                    yield "delivered";
                }
                case "kill" -> Boolean.toString(process.kill());
                case "withHandle HANDLE", "withHandle PID" ->
                    process.withHandle(ScriptedHandle.class, handle -> {
                        assertEquals(process.pid(), handle.process().pid());
                        assertEquals(true, handle.isOpen());
                        return "lent";
                    });
                case "release" -> process.release() + ", then " + process.status();
                case "close" -> {
                    process.close();
                    yield "then " + process.status();
                }
                case "close twice" -> {
                    process.close();
                    process.close();
                    yield "then " + process.status();
                }
                case "pid" -> process.pid() == 100 || process.pid() == 4711 ? "same" : "other";
                case "state" -> process.state().map(ProcessState::toString).orElse("empty");
                case "identity" ->
                    process.identity()
                                    .equals(dev.osprocess.tck.scripted.ScriptedKernel.identityOf(
                                            lab.kernel.process(process.pid())))
                            ? "true one"
                            : "false one";
                case "liveness" -> process.liveness().toString();
                case "status" -> process.status().toString();
                case "mode HANDLE", "mode PID" -> process.mode().toString();
                case "toString" -> process.toString().replace(" " + process.pid() + " ", " P ");
                default -> throw new AssertionError(operation);
            };
        } catch (Throwable failed) {
            return text(failed);
        }
    }

    private static void endIfOk(Lab lab, OsProcess process) {
        if (process.status() == dev.osprocess.ProcessStatus.OK) {
            lab.kernel.exit(process.pid(), 7);
        }
    }

    private static String text(Task<ProcessState> task) {
        try {
            return task.get().toString();
        } catch (AssertionError failed) {
            if (failed.getCause() == null) {
                throw failed; // it hangs
            }
            return text(failed.getCause());
        }
    }

    private static String text(@Nullable Throwable failed) {
        if (failed instanceof java.util.concurrent.ExecutionException || failed instanceof CompletionException) {
            return text(failed.getCause());
        }
        if (failed instanceof ProcessReleasedException) {
            return "RELEASED";
        }
        if (failed instanceof ProcessException reported) {
            return reported.kind().toString().replace("ALREADY_", "");
        }
        throw new AssertionError(failed);
    }
}
