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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each wrong backend is caught by the rule that it breaks. A class for each list, so that they run beside each other. */
abstract class WrongBackendsTest {
    private static final String PATIENCE = "osprocess.tck.patience";

    static final long LONGEST_BOUND = 5;

    private static final SystemAttributes GROUP_LEADER = newProcessGroup();

    private static final Pattern STRAY = Pattern.compile("\\A\\S+: [a-z.]+[.$]\\w*(Exception|Error)\\b(?!.* ==> )");

    private final List<WrongBackend> wrongs;

    WrongBackendsTest(List<WrongBackend> wrongs) {
        this.wrongs = wrongs;
    }

    @AfterAll
    static void nobodyIsLeftBehind() throws Exception {
        Bounded.await("every child of the kit to have ended", () -> leftBehind().isEmpty());
    }

    /** Those of our descendants that run the kit's child, also stopped ones, and without the zombies of wrong backends. */
    private static List<String> leftBehind() {
        return ProcessHandle.current()
                .descendants()
                .map(process ->
                        process.pid() + ": " + process.info().commandLine().orElse(""))
                .filter(text -> text.contains("ChildMain"))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> wrongBackendsAreCaught() {
        assumeTrue(
                Bounded.LONG.toSeconds() <= LONGEST_BOUND,
                "each hang would cost " + Bounded.LONG.toSeconds() + " s: the execution 'wrong-ones' runs this with -D"
                        + PATIENCE);
        Set<String> rules = wrongs.stream().map(WrongBackend::rule).collect(Collectors.toCollection(TreeSet::new));
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest(
                        "the forwarding backend keeps " + rules, () -> soundBackendPasses(rules))),
                wrongs.stream()
                        .filter(wrong -> wrong.toString().contains(System.getProperty("wrong.only", "")))
                        .map(wrong -> DynamicTest.dynamicTest(wrong.toString(), () -> isCaught(wrong))));
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
        long begin = System.nanoTime();
        Map<String, RuleResult> results =
                KitRun.untilFailure(() -> subject(wrong.backend().get()), wrong.rule()::equals);
        RuleResult result = results.get(wrong.rule());
        assertNotNull(result, () -> "no test of " + wrong.rule() + " ran: " + results);
        assertEquals(Outcome.FAIL, result.outcome(), () -> "survives " + result.tests() + result.reasons());
        // an assertion says what is wrong; the text of anything else begins with the name of its class
        List<String> stray =
                result.reasons().stream().filter(STRAY.asPredicate()).toList();
        assertTrue(
                stray.size() < result.reasons().size(),
                () -> "it is found by accident, by no assertion: " + result.reasons());
        System.out.println(wrong + ": " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms: "
                + result.reasons().stream()
                        .filter(STRAY.asPredicate().negate())
                        .findFirst()
                        .orElse("")
                        .lines()
                        .findFirst()
                        .orElse(""));
    }
}
