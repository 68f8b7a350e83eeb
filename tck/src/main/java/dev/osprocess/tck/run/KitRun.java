// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Subject;
import dev.osprocess.tck.contract.BackendContract;
import dev.osprocess.tck.engine.EngineTests;
import dev.osprocess.tck.spec.RuleIds;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One run of contracts, rule by rule. Runs one at a time in a JVM. */
public final class KitRun {
    /** Stands for what failed outside of any rule. */
    static final String NO_RULE = "KIT-00";

    private static volatile @Nullable Supplier<Subject> current;

    /** Whether the run that is under way ends with its first failure, and whether that has been. */
    private static volatile boolean firstSuffices;

    private static volatile boolean failed;

    private KitRun() {}

    /** Leaves out what comes after a failure that an assertion found, where that suffices. */
    private static final class UntilFailure implements ExecutionCondition, TestExecutionExceptionHandler {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return firstSuffices && failed
                    ? ConditionEvaluationResult.disabled("a test before this one has failed")
                    : ConditionEvaluationResult.enabled("none has failed");
        }

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
            failed |= thrown instanceof AssertionError;
            throw thrown;
        }
    }

    /** The contracts over the subject of the run that is under way. */
    @SuppressWarnings("exports") // JUnit alone makes one
    @ExtendWith(UntilFailure.class)
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
    public static Map<String, RuleResult> ofSubject(Supplier<Subject> subject, Predicate<String> rules) {
        KitListener listener = new KitListener(rules, name -> {});
        ofSubject(subject, rules, listener);
        return listener.results();
    }

    /** The same up to the first test that an assertion fails, for a proof that something is wrong with a subject. */
    public static Map<String, RuleResult> untilFailure(Supplier<Subject> subject, Predicate<String> rules) {
        firstSuffices = true;
        failed = false;
        try {
            return ofSubject(subject, rules);
        } finally {
            firstSuffices = false;
        }
    }

    /** Runs the rules that the filter takes, of these test classes. */
    public static Map<String, RuleResult> run(Collection<Class<?>> classes, Predicate<String> rules) {
        KitListener listener = new KitListener(rules, name -> {});
        run(classes, rules, listener);
        return listener.results();
    }

    static void ofSubject(Supplier<Subject> subject, Predicate<String> rules, KitListener listener) {
        current = subject;
        try {
            run(List.of(Running.class), rules, listener);
        } finally {
            current = null;
        }
    }

    /** The engine's own tests, on the scripted kernel. */
    static void ofEngine(Predicate<String> rules, KitListener listener) {
        run(EngineTests.all(), rules, listener);
    }

    /** The rules that the engine's own tests show; runs nothing. */
    static Set<String> rulesOfEngine(Predicate<String> rules) {
        KitListener listener = new KitListener(rules, name -> {});
        listener.testPlanExecutionStarted(launcher().discover(request(EngineTests.all(), rules)));
        return listener.results().keySet();
    }

    /** Whether the contracts have a test of this name that shows this rule. */
    static boolean hasTest(String name, String rule) {
        for (Class<?> contract : BackendContract.class.getClasses()) {
            for (Class<?> type = contract; type != null; type = type.getSuperclass()) {
                for (Method method : type.getDeclaredMethods()) {
                    if (method.getName().equals(name)
                            && RuleIds.of(contract, method).contains(rule)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static void run(Collection<Class<?>> classes, Predicate<String> rules, KitListener listener) {
        launcher().execute(request(classes, rules), listener);
    }

    private static Launcher launcher() {
        return LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build());
    }

    private static LauncherDiscoveryRequest request(Collection<Class<?>> classes, Predicate<String> rules) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(DiscoverySelectors::selectClass).toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(takes(test, rules)))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                // For tests that have no limit of their own: those of the engine.
                .configurationParameter("junit.jupiter.execution.timeout.testable.method.default", "90 s")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
    }

    private static boolean takes(TestDescriptor test, Predicate<String> rules) {
        Optional<MethodSource> method = KitListener.method(test.getSource());
        return method.isEmpty() || KitListener.rulesOf(method.get()).stream().anyMatch(rules);
    }
}
