// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.spi.Capability;
import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.Subject;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.spec.Specification;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs the kit against the subjects that were asked for, one after the other, and never longer than it goes on. */
final class Runner {
    /** From one test's end to the next: more than the longest that a test may take. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("osprocess.tck.stall", 240));

    private final Specification specification;
    private final Options options;
    private final PrintStream progress;
    private final Predicate<String> rules;

    /** What the engine shows, if that is left out. */
    private final Set<String> leftOut;

    Runner(Specification specification, Options options, PrintStream progress) {
        this.specification = specification;
        this.options = options;
        this.progress = progress;
        rules = options.rules::contains;
        leftOut = options.withoutEngine ? KitRun.rulesOfEngine(rules) : Set.of();
    }

    KitReport run() throws UsageException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (!options.jars.isEmpty()) { // open until the JVM ends: what hangs may still load from it
            thread.setContextClassLoader(new URLClassLoader(options.jars.toArray(new URL[0]), before));
        }
        try {
            return report(columns());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private KitReport report(List<Column> columns) {
        List<SpecifiedRule> traced = specification.rules().stream()
                .filter(rule -> rules.test(rule.id()))
                .filter(rule -> !leftOut.contains(rule.id())
                        || columns.stream().anyMatch(column -> column.verdicts().containsKey(rule.id())))
                .toList();
        return new KitReport(
                SystemFacts.gather(),
                specification.areas(),
                traced,
                traced.size() == specification.rules().size(),
                columns,
                options.environments,
                options.differences);
    }

    private List<Column> columns() throws UsageException {
        List<String> known = Subjects.names();
        for (String name : options.backends) {
            if (!known.contains(name) && !name.equals(KitReport.ENGINE)) {
                throw new UsageException("no backend is called '" + name + "'; there are " + String.join(", ", known)
                        + " and " + KitReport.ENGINE);
            }
        }
        boolean all = options.backends.isEmpty();
        List<Column> columns = new ArrayList<>();
        Finished engine = options.withoutEngine ? new Finished(Map.of(), List.of(), 0) : engine();
        if (!options.withoutEngine) {
            columns.add(column(
                    KitReport.ENGINE,
                    Map.of("runs on", List.of("the scripted kernel")),
                    Map.of(),
                    engine,
                    engine.results));
        }
        boolean any = options.backends.contains(KitReport.ENGINE);
        for (String name : all ? known : options.backends) {
            if (name.equals(KitReport.ENGINE)) {
                continue;
            }
            String cause = unavailability(name);
            if (cause == null) {
                columns.add(subject(name, engine));
                any = true;
            } else if (all) {
                columns.add(Column.unavailable(name, cause));
            } else {
                throw new UsageException(name + ": " + cause);
            }
        }
        for (String broken : Subjects.broken()) {
            columns.add(Column.unavailable("a backend that cannot be made", broken));
        }
        if (!any) {
            StringBuilder causes = new StringBuilder("there is no backend to run against");
            for (Column column : columns) {
                if (!column.isAvailable()) {
                    causes.append("; ").append(column.name()).append(": ").append(column.cause());
                }
            }
            throw new UsageException(causes.toString());
        }
        return columns;
    }

    private @Nullable String unavailability(String name) {
        try {
            Bounded.call("ProcessBackend.probe or exitEvents of " + name, () -> {
                Subjects.named(name, options.differences).close();
                return true;
            });
            return null;
        } catch (IllegalStateException unavailable) {
            return unavailable.getMessage();
        } catch (AssertionError hanging) {
            return hanging.getMessage();
        } catch (Exception | LinkageError broken) {
            return "the provider threw " + broken + "; ProcessBackend.probe must not";
        }
    }

    private record Finished(Map<String, RuleResult> results, List<String> trouble, long millis) {
        Finished with(String more) {
            List<String> all = new ArrayList<>(trouble);
            all.add(more);
            return new Finished(results, List.copyOf(all), millis);
        }
    }

    private Finished engine() {
        return guarded(KitReport.ENGINE, listener -> KitRun.ofEngine(rules, listener));
    }

    private Column subject(String name, Finished engine) {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        Map<String, String> deviations = new TreeMap<>();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Finished own = guarded(
                name,
                listener -> KitRun.ofSubject(
                        () -> {
                            Thread.currentThread().setContextClassLoader(loader);
                            return Subjects.named(name, options.differences);
                        },
                        rules,
                        listener));
        try (Subject subject = Subjects.named(name, options.differences)) {
            facts.putAll(declared(subject));
            deviations.putAll(subject.backend().deviations());
            deviations.keySet().removeIf(rules.negate());
        }
        Map<String, RuleResult> verdicts = new LinkedHashMap<>();
        List<String> onlyTheEngines = new ArrayList<>();
        for (SpecifiedRule rule : specification.rules()) {
            RuleResult shown = own.results.get(rule.id());
            if (shown == null && leftOut.contains(rule.id())) {
                onlyTheEngines.add(rule.id());
            } else if (rules.test(rule.id())) {
                verdicts.put(rule.id(), combined(rule, shown, engine.results.get(rule.id())));
            }
        }
        if (!onlyTheEngines.isEmpty()) {
            facts.put("left out", onlyTheEngines);
        }
        String contradiction = options.gaps == null ? null : options.gaps.contradiction(name, verdicts);
        if (contradiction != null) {
            own = own.with(contradiction);
        }
        return column(name, facts, deviations, own, verdicts);
    }

    /** Of the engine's tests and the subject's own: a failure counts, else what the subject showed itself. */
    private RuleResult combined(SpecifiedRule rule, @Nullable RuleResult own, @Nullable RuleResult engine) {
        if (own == null) {
            if (engine != null) {
                return engine;
            }
            String difference = options.differences.stream()
                    .filter(differs -> differs.rule().equals(rule.id()))
                    .map(Difference::cause)
                    .findFirst()
                    .orElse(specification.reason(rule));
            return new RuleResult(rule.id(), Outcome.NOT_TESTED, List.of(), List.of(difference), 0);
        }
        if (engine == null) {
            return own;
        }
        List<String> tests = new ArrayList<>(own.tests());
        tests.addAll(engine.tests());
        List<String> reasons = new ArrayList<>(own.reasons());
        Outcome outcome = own.outcome();
        if (engine.outcome() == Outcome.FAIL) {
            if (outcome != Outcome.FAIL) {
                reasons.clear();
            }
            reasons.addAll(engine.reasons());
            outcome = Outcome.FAIL;
        }
        return new RuleResult(rule.id(), outcome, tests, reasons, own.millis() + engine.millis());
    }

    private static Map<String, List<String>> declared(Subject subject) {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        facts.put("backend", List.of(subject.backend().name()));
        facts.put("class", List.of(subject.backend().getClass().getName()));
        facts.put("held by", List.of(subject.backend().handleKind()));
        List<String> lacks = new ArrayList<>();
        List<String> has = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            (subject.has(capability) ? has : lacks).add(capability.name());
        }
        List<String> hidden = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Sight sight : Sight.values()) {
            (subject.has(sight) ? seen : hidden).add(sight.name());
        }
        facts.put("capabilities", has);
        facts.put("lacks", lacks);
        facts.put("kit sees", seen);
        facts.put("kit does not see", hidden);
        return facts;
    }

    private Column column(
            String name,
            Map<String, List<String>> facts,
            Map<String, String> deviations,
            Finished finished,
            Map<String, RuleResult> results) {
        Map<String, RuleResult> verdicts = new LinkedHashMap<>();
        for (SpecifiedRule rule : specification.rules()) {
            RuleResult result = results.get(rule.id());
            if (result != null) {
                verdicts.put(rule.id(), result);
            }
        }
        return new Column(name, null, facts, deviations, verdicts, finished.trouble, finished.millis);
    }

    /** Something that runs tests. */
    private interface Work {
        void run(KitListener listener);
    }

    /** Runs it on a thread that is left behind if nothing happens any more. */
    private Finished guarded(String name, Work work) {
        progress.println("running " + name + " ...");
        long begin = System.nanoTime();
        KitListener listener = new KitListener(rules, test -> progress.println("  " + name + ": " + test));
        List<String> trouble = new ArrayList<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run(listener);
                    } catch (RuntimeException | Error broken) {
                        synchronized (trouble) {
                            trouble.add("the run was broken off: " + FailureText.of(broken));
                        }
                    }
                },
                "osprocess-tck-run " + name);
        thread.setDaemon(true);
        thread.start();
        try {
            while (thread.isAlive() && System.nanoTime() - listener.lastNanos() < STALL_NANOS) {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted while the kit was running", interrupted);
        }
        if (thread.isAlive()) {
            Throwable here = new AssertionError("nothing has happened for "
                    + TimeUnit.NANOSECONDS.toSeconds(STALL_NANOS) + " s; what came after has not run. It stands here:");
            here.setStackTrace(thread.getStackTrace());
            listener.hangs(FailureText.of(here));
        }
        Map<String, RuleResult> results = new LinkedHashMap<>(listener.results());
        RuleResult outside = results.remove(KitRun.NO_RULE);
        synchronized (trouble) {
            if (outside != null) {
                trouble.addAll(outside.reasons());
            }
            return new Finished(
                    results, List.copyOf(trouble), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        }
    }
}
