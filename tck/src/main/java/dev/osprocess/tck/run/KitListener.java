// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.RuleIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Notes what came out, rule by rule. Can be asked while the run is under way, and when it hangs. */
final class KitListener implements TestExecutionListener {
    private static final String LOOK = "  look at ";

    private final Predicate<String> rules;
    private final Consumer<String> progress;
    private final Map<String, RuleOutcome> outcomes = new TreeMap<>();
    private final Map<String, Begun> begun = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();
    private final Set<String> planned = new TreeSet<>();
    private volatile String reached = "";
    private long lastNanos = System.nanoTime();

    private record Begun(TestIdentifier test, long nanos) {}

    /**
     * Notes the rules that the filter takes.
     *
     * @param progress told the name of each class of tests that begins
     */
    KitListener(Predicate<String> rules, Consumer<String> progress) {
        this.rules = rules;
        this.progress = progress;
    }

    static Optional<MethodSource> method(Optional<TestSource> source) {
        return source.filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
    }

    static Set<String> rulesOf(MethodSource method) {
        return RuleIds.of(method.getJavaClass(), method.getJavaMethod());
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan plan) {
        for (TestIdentifier root : plan.getRoots()) {
            for (TestIdentifier test : plan.getDescendants(root)) {
                method(test.getSource()).map(KitListener::rulesOf).orElse(Set.of()).stream()
                        .filter(rules)
                        .forEach(planned::add);
            }
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            method(test.getSource())
                    .map(method -> method.getJavaMethod().getDeclaringClass().getSimpleName())
                    .ifPresent(this::reached);
        }
        synchronized (this) {
            lastNanos = System.nanoTime();
            begun.put(test.getUniqueId(), new Begun(test, lastNanos));
        }
    }

    private void reached(String contract) {
        if (!contract.equals(reached)) {
            reached = contract;
            progress.accept(contract);
        }
    }

    @Override
    public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        Map<String, String> said = entry.getKeyValuePairs();
        if (Outcome.REFUSED.name().equals(said.get(Outcome.KEY))) {
            refusals.put(test.getUniqueId(), said.getOrDefault(Outcome.REASON, ""));
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        record(test, Outcome.NOT_TESTED, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        lastNanos = System.nanoTime();
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                String refusal = refusals.get(test.getUniqueId());
                if (test.isTest()) { // what holds tests proves nothing itself
                    record(test, refusal == null ? Outcome.PASS : Outcome.REFUSED, refusal);
                }
            }
            case ABORTED ->
                record(
                        test,
                        Outcome.NOT_TESTED,
                        result.getThrowable().map(Throwable::getMessage).orElse("no reason was given"));
            case FAILED -> {
                String text = result.getThrowable().map(FailureText::of).orElse("failed without a reason\n");
                record(test, Outcome.FAIL, name(test) + ": " + text + (text.contains(LOOK) ? "" : hint(test)));
            }
        }
        begun.remove(test.getUniqueId());
    }

    /** What {@link LookAt} says, for failures that did not pass through the test itself: time limits, leaks. */
    private static String hint(TestIdentifier test) {
        return method(test.getSource())
                .flatMap(source -> AnnotationSupport.findAnnotation(source.getJavaMethod(), LookAt.class)
                        .or(() -> AnnotationSupport.findAnnotation(source.getJavaClass(), LookAt.class)))
                .map(look -> LOOK + look.value() + "\n")
                .orElse("");
    }

    /** {@code WaitContract.wait13_…}, and which of its cases. */
    private static String name(TestIdentifier test) {
        Optional<MethodSource> method = method(test.getSource());
        if (method.isEmpty()) {
            return test.getDisplayName();
        }
        String called = method.get().getMethodName();
        String name = method.get().getJavaMethod().getDeclaringClass().getSimpleName() + "." + called;
        // arguments may hold what no terminal should get
        String display = test.getDisplayName().replaceAll("\\p{Cntrl}", "?");
        return display.startsWith(called) ? name : name + " " + display;
    }

    private void record(TestIdentifier test, Outcome outcome, @Nullable String reason) {
        Optional<MethodSource> method = method(test.getSource());
        if (method.isEmpty() && outcome != Outcome.FAIL) {
            return; // a class that is left out as a whole
        }
        Begun since = begun.get(test.getUniqueId());
        long nanos = since == null ? 0 : System.nanoTime() - since.nanos();
        for (String rule : method.map(KitListener::rulesOf).orElse(Set.of(KitRun.NO_RULE))) {
            if (method.isEmpty() || rules.test(rule)) {
                outcomes.computeIfAbsent(rule, id -> new RuleOutcome()).add(name(test), outcome, reason, nanos);
            }
        }
    }

    /** When a test began or ended last. */
    synchronized long lastNanos() {
        return lastNanos;
    }

    /** Counts every test that is under way as failed: the run does not go on. */
    synchronized void hangs(String text) {
        for (Begun test : new ArrayList<>(begun.values())) {
            if (test.test().isTest()) {
                record(test.test(), Outcome.FAIL, name(test.test()) + ": " + text);
            }
        }
        outcomes.computeIfAbsent(KitRun.NO_RULE, id -> new RuleOutcome()).add("the run", Outcome.FAIL, text, 0);
    }

    synchronized Map<String, RuleResult> results() {
        Map<String, RuleResult> results = new TreeMap<>();
        outcomes.forEach((rule, outcome) -> results.put(rule, outcome.of(rule)));
        for (String rule : planned) {
            results.putIfAbsent(
                    rule, new RuleResult(rule, Outcome.NOT_TESTED, List.of(), List.of("its tests did not run"), 0));
        }
        return results;
    }
}
