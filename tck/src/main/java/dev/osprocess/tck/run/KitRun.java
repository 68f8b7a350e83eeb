// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Subject;
import dev.osprocess.tck.contract.BackendContract;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One run of contracts, rule by rule. Runs one at a time in a JVM. */
public final class KitRun {
    private static @Nullable Supplier<Subject> current;

    private KitRun() {}

    /** The contracts over the subject of the run that is under way. */
    public static final class Running extends BackendContract {
        @Override
        public Subject subject() {
            Supplier<Subject> present = current;
            if (present == null) {
                throw new IllegalStateException("for KitRun alone; extend BackendContract instead");
            }
            return present.get();
        }
    }

    /**
     * Runs the rules that the filter takes against a subject.
     *
     * @param subject made when the first test begins, and closed after the last
     * @return what came out for each rule that has a test
     */
    public static synchronized Map<String, RuleResult> ofSubject(Supplier<Subject> subject, Predicate<String> rules) {
        current = subject;
        try {
            return run(List.of(Running.class), rules);
        } finally {
            current = null;
        }
    }

    /** Runs the rules that the filter takes, of these test classes. */
    public static Map<String, RuleResult> run(Collection<Class<?>> classes, Predicate<String> rules) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(DiscoverySelectors::selectClass).toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(takes(test, rules)))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                .build();
        Listener listener = new Listener(rules);
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(request, listener);
        return listener.results();
    }

    private static boolean takes(TestDescriptor test, Predicate<String> rules) {
        Optional<MethodSource> method = method(test.getSource());
        return method.isEmpty() || rulesOf(method.get()).stream().anyMatch(rules);
    }

    private static Optional<MethodSource> method(Optional<TestSource> source) {
        return source.filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
    }

    private static List<String> rulesOf(MethodSource method) {
        Optional<Rule> own = AnnotationSupport.findAnnotation(method.getJavaMethod(), Rule.class);
        Optional<Rule> rule =
                own.isPresent() ? own : AnnotationSupport.findAnnotation(method.getJavaClass(), Rule.class);
        return rule.map(found -> Arrays.asList(found.value())).orElse(List.of());
    }

    /** What a test reported beside passing or failing, and when it began. */
    private static final class Listener implements TestExecutionListener {
        private final Predicate<String> rules;
        private final Map<String, RuleOutcome> outcomes = new TreeMap<>();
        private final Map<String, Long> begun = new ConcurrentHashMap<>();
        private final Map<String, String> refusals = new ConcurrentHashMap<>();

        Listener(Predicate<String> rules) {
            this.rules = rules;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            begun.put(test.getUniqueId(), System.nanoTime());
        }

        @Override
        public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
            Map<String, String> said = entry.getKeyValuePairs();
            if (Outcome.REFUSED.name().equals(said.get(Outcome.KEY))) {
                refusals.put(test.getUniqueId(), said.getOrDefault(Outcome.REASON, ""));
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            record(test, Outcome.NOT_TESTED, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            switch (result.getStatus()) {
                case SUCCESSFUL -> {
                    String refusal = refusals.get(test.getUniqueId());
                    record(test, refusal == null ? Outcome.PASS : Outcome.REFUSED, refusal);
                }
                case ABORTED ->
                    record(
                            test,
                            Outcome.NOT_TESTED,
                            result.getThrowable().map(Throwable::getMessage).orElse("no reason was given"));
                case FAILED ->
                    record(
                            test,
                            Outcome.FAIL,
                            result.getThrowable().map(Listener::text).orElse("failed without a reason"));
            }
        }

        private static String text(Throwable failure) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text, true));
            return text.toString();
        }

        private void record(TestIdentifier test, Outcome outcome, @Nullable String reason) {
            Optional<MethodSource> method = method(test.getSource());
            if (method.isEmpty() && outcome != Outcome.FAIL) {
                return; // a class
            }
            long nanos = System.nanoTime() - begun.getOrDefault(test.getUniqueId(), System.nanoTime());
            for (String rule : method.map(KitRun::rulesOf).orElse(List.of("KIT-00"))) {
                if (method.isEmpty() || rules.test(rule)) {
                    outcomes.computeIfAbsent(rule, id -> new RuleOutcome())
                            .add(test.getDisplayName(), outcome, reason, nanos);
                }
            }
        }

        Map<String, RuleResult> results() {
            Map<String, RuleResult> results = new TreeMap<>();
            outcomes.forEach((rule, outcome) -> results.put(rule, outcome.of(rule)));
            return results;
        }
    }
}
