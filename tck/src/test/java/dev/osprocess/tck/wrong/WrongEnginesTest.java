// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.tck.scripted.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each wrong engine is caught by the rule that it breaks. */
class WrongEnginesTest {
    private static final String PATIENCE = "osprocess.tck.patience";

    /** A hang costs this long; what works never takes it. */
    private static final String SECONDS_FOR_WRONG_ONES = "2";

    private static final int AT_ONCE = 2;

    @TestFactory
    List<DynamicTest> wrongEnginesAreCaught() throws Exception {
        assumeTrue(
                Patience.SECONDS <= WrongBackendsTest.LONGEST_BOUND,
                "the execution 'wrong-ones' runs this, with -D" + PATIENCE);
        Map<String, Callable<String>> sound = new LinkedHashMap<>();
        Map<String, byte[]> asItIs = compile(WrongEngine.of("sound", "", ""));
        Map<String, Callable<String>> wrongs = new LinkedHashMap<>();
        for (WrongEngine wrong : WrongEngines.ALL) {
            sound.putIfAbsent(
                    "the sound engine passes " + wrong.test(), () -> passes(asItIs, wrong.rule(), wrong.test()));
            wrongs.put(wrong.toString(), () -> caught(wrong));
        }
        List<DynamicTest> tests = new ArrayList<>(run(sound));
        String before = System.setProperty(PATIENCE, SECONDS_FOR_WRONG_ONES);
        try {
            tests.addAll(run(wrongs));
        } finally {
            if (before == null) {
                System.clearProperty(PATIENCE);
            } else {
                System.setProperty(PATIENCE, before);
            }
        }
        return tests;
    }

    private static List<DynamicTest> run(Map<String, Callable<String>> trials) throws InterruptedException {
        ExecutorService two = Executors.newFixedThreadPool(AT_ONCE);
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, Future<String>> results = new LinkedHashMap<>();
        trials.forEach((name, trial) -> results.put(name, two.submit(() -> timed(trial))));
        two.shutdown();
        assertTrue(two.awaitTermination(10, TimeUnit.MINUTES), "the trials do not end");
        results.forEach((name, result) ->
                tests.add(DynamicTest.dynamicTest(name, () -> System.out.println(name + ": " + said(result)))));
        return tests;
    }

    private static String timed(Callable<String> trial) throws Exception {
        long begin = System.nanoTime();
        String said = trial.call();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms: " + said;
    }

    private static String said(Future<String> trial) throws Exception {
        try {
            return trial.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
    }

    private static String caught(WrongEngine wrong) throws Exception {
        EngineTrial.Result result = EngineTrial.run(compile(wrong), wrong.rule(), wrong.test());
        assertEquals(List.of(), result.skipped(), "skipped is not caught");
        assertTrue(
                !result.failures().isEmpty(),
                "survives " + result.ran() + " tests of " + wrong.rule() + " (" + wrong.test() + ")");
        for (Throwable failure : result.failures()) {
            if (!(failure instanceof AssertionError)) {
                throw new AssertionError("it is found by accident, by no assertion: " + failure, failure);
            }
        }
        return firstLine(result.failures().get(0));
    }

    private static String passes(Map<String, byte[]> classes, String rule, String test) throws Exception {
        EngineTrial.Result result = EngineTrial.run(classes, rule, test);
        assertEquals(List.of(), result.skipped(), "skipped");
        for (Throwable failure : result.failures()) {
            throw new AssertionError("the sound engine fails " + test + ", which so proves nothing", failure);
        }
        assertTrue(result.ran() > 0, "no test ran");
        return result.ran() + " tests";
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static Map<String, byte[]> compile(WrongEngine engine) throws IOException {
        return EngineCompiler.compile(engine.sources(api()), EngineCompiler.classPath());
    }

    private static Path api() {
        Path here = Path.of("").toAbsolutePath();
        return (here.endsWith("tck") ? here.resolveSibling("api") : here.resolve("api"));
    }
}
