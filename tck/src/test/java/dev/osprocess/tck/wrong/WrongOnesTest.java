// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.SystemAttributes;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.Subject;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.run.KitRun;
import dev.osprocess.tck.run.RuleResult;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/** Each wrong engine and each wrong backend is caught by the rule that it breaks. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WrongOnesTest {
    private static final String PATIENCE = "osprocess.tck.patience";

    /** A hang costs this long; what works never takes it. */
    private static final String SECONDS_FOR_WRONG_ONES = "2";

    private static final int AT_ONCE = 2;

    private static final long LONGEST_BOUND = 5;

    private static final int AT_LEAST = 60;

    private static final SystemAttributes GROUP_LEADER = newProcessGroup();

    private static final Set<String> TRIED = ConcurrentHashMap.newKeySet();

    private static final Set<String> CAUGHT = ConcurrentHashMap.newKeySet();

    private static final Pattern STRAY = Pattern.compile("\\A\\S+: [a-z.]+[.$]\\w*(Exception|Error)\\b(?!.* ==> )");

    @TestFactory
    @Order(1)
    List<DynamicTest> wrongEnginesAreCaught() throws Exception {
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

    @TestFactory
    @Order(2)
    Stream<DynamicTest> wrongBackendsAreCaught() {
        assumeTrue(
                Bounded.LONG.toSeconds() <= LONGEST_BOUND,
                "each hang would cost " + Bounded.LONG.toSeconds() + " s: the execution 'wrong-ones' runs this with -D"
                        + PATIENCE);
        Set<String> rules =
                WrongBackends.ALL.stream().map(WrongBackend::rule).collect(Collectors.toCollection(TreeSet::new));
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest(
                        "the forwarding backend keeps " + rules, () -> soundBackendPasses(rules))),
                WrongBackends.ALL.stream()
                        .filter(wrong -> wrong.toString().contains(System.getProperty("wrong.only", "")))
                        .map(wrong -> DynamicTest.dynamicTest(wrong.toString(), () -> isCaught(wrong))));
    }

    @Test
    @Order(3)
    void allOfThemWereCaught() {
        Set<String> all = new TreeSet<>();
        WrongEngines.ALL.forEach(wrong -> all.add(wrong.toString()));
        WrongBackends.ALL.forEach(wrong -> all.add(wrong.toString()));
        assertEquals(WrongEngines.ALL.size() + WrongBackends.ALL.size(), all.size(), "two have one name");
        assertTrue(all.size() >= AT_LEAST, () -> all.size() + " wrong ones are too few");
        assumeTrue(TRIED.containsAll(all), "only some of them were tried");
        Set<String> survivors = new TreeSet<>(all);
        survivors.removeAll(CAUGHT);
        assertEquals(Set.of(), survivors, "wrong ones that survive");
        System.out.println(all.size() + " wrong ones (" + WrongEngines.ALL.size() + " engines, "
                + WrongBackends.ALL.size() + " backends): all are caught");
    }

    private static Subject subject(ProcessBackend backend) {
        return Subject.of(backend).withGroupLeader(GROUP_LEADER);
    }

    /** Not by its type: the kit's tests are compiled without any backend. */
    private static SystemAttributes newProcessGroup() {
        try {
            Object builder = Class.forName("dev.osprocess.linux.LinuxAttributes")
                    .getMethod("builder")
                    .invoke(null);
            builder.getClass().getMethod("newProcessGroup").invoke(builder);
            return (SystemAttributes) builder.getClass().getMethod("build").invoke(builder);
        } catch (ReflectiveOperationException failed) {
            throw new LinkageError("LinuxAttributes is not as this test expects it", failed);
        }
    }

    private static void soundBackendPasses(Set<String> rules) {
        Map<String, RuleResult> results = KitRun.ofSubject(() -> subject(new ForwardingBackend()), rules::contains);
        for (RuleResult result : results.values()) {
            assertEquals(Outcome.PASS, result.outcome(), () -> result.rule() + ": " + result.reasons());
        }
        assertEquals(rules, results.keySet(), "rules that have a test");
    }

    private static void isCaught(WrongBackend wrong) {
        TRIED.add(wrong.toString());
        long begin = System.nanoTime();
        Map<String, RuleResult> results =
                KitRun.ofSubject(() -> subject(wrong.backend().get()), wrong.rule()::equals);
        RuleResult result = results.get(wrong.rule());
        assertNotNull(result, () -> "no test of " + wrong.rule() + " ran: " + results);
        assertEquals(Outcome.FAIL, result.outcome(), () -> "survives " + result.tests() + result.reasons());
        // an assertion says what is wrong; the text of anything else begins with the name of its class
        List<String> stray =
                result.reasons().stream().filter(STRAY.asPredicate()).toList();
        assertTrue(
                stray.size() < result.reasons().size(),
                () -> "it is found by accident, by no assertion: " + result.reasons());
        CAUGHT.add(wrong.toString());
        System.out.println(wrong + ": " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms: "
                + result.reasons().stream()
                        .filter(STRAY.asPredicate().negate())
                        .findFirst()
                        .orElse("")
                        .lines()
                        .findFirst()
                        .orElse(""));
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
        TRIED.add(wrong.toString());
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
        CAUGHT.add(wrong.toString());
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
        return EngineCompiler.compile(engine.sources(api()), classPath());
    }

    private static Path api() {
        Path here = Path.of("").toAbsolutePath();
        return (here.endsWith("tck") ? here.resolveSibling("api") : here.resolve("api"));
    }

    static String classPath() {
        return EngineTrial.places().stream()
                        .map(WrongOnesTest::path)
                        .collect(Collectors.joining(java.io.File.pathSeparator))
                + java.io.File.pathSeparator
                + System.getProperty("java.class.path");
    }

    private static String path(URL place) {
        try {
            return Path.of(place.toURI()).toString();
        } catch (java.net.URISyntaxException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
