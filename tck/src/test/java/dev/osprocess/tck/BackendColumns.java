// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import dev.osprocess.bsd.internal.BsdOnLinux;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.tck.contract.BackendContract;
import dev.osprocess.tck.engine.EngineTests;
import dev.osprocess.tck.spec.RuleIds;
import dev.osprocess.tck.spec.Specification;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The columns {@code windows}, {@code bsd} and {@code jdk} of docs/specification.md: for each rule what the kit does with
 * the backend, as that follows from what the backend declares and what the tests of the rule need.
 */
final class BackendColumns {
    /** Runs against this backend, and must pass. */
    private static final String KIT = "kit";

    private static final String ENGINE = "engine";
    private static final String REFUSES = "refuses";
    private static final String DEVIATES = "deviates";
    private static final String OWN = "own";
    private static final String NOTHING = "–";

    private static final int FIRST = 4;

    private final List<Declared> columns;
    private final List<Method> contracts;
    private final Set<String> engine = new TreeSet<>();
    private final TestSources tests;

    /** What a backend declares, and what the kit sees where it runs. */
    private record Declared(
            String name, Set<Capability> capabilities, Set<Sight> sights, Map<String, String> deviations) {}

    BackendColumns(TestSources tests) {
        this.tests = tests;
        contracts = Arrays.stream(BackendContract.class.getDeclaredClasses())
                .flatMap(BackendColumns::methods)
                .toList();
        for (Class<?> type : EngineTests.all()) {
            methods(type).forEach(method -> engine.addAll(RuleIds.of(type, method)));
        }
        columns = List.of(
                declared("windows", named("windows"), EnumSet.of(Sight.DESCRIPTORS, Sight.HANDLES)),
                declared("bsd", new BsdOnLinux(), EnumSet.allOf(Sight.class)),
                declared("jdk", named("jdk"), EnumSet.allOf(Sight.class)));
    }

    private static Stream<Method> methods(Class<?> type) {
        return ReflectionSupport.findMethods(
                type,
                method -> !method.isSynthetic() && !RuleIds.of(type, method).isEmpty(),
                HierarchyTraversalMode.TOP_DOWN)
                .stream();
    }

    private static Declared declared(String name, ProcessBackend backend, Set<Sight> sights) {
        return new Declared(name, backend.capabilities(), sights, backend.deviations());
    }

    private static ProcessBackend named(String name) {
        for (ProcessBackend backend : ServiceLoader.load(ProcessBackend.class)) {
            if (backend.name().equals(name)) {
                return backend;
            }
        }
        throw new AssertionError("the backend '" + name + "' is not on the class path");
    }

    /** The word for a rule in each column. */
    List<String> words(String rule) {
        return columns.stream().map(column -> word(rule, column)).toList();
    }

    private String word(String rule, Declared column) {
        if (column.deviations().containsKey(rule)) {
            return DEVIATES;
        }
        boolean refuses = false;
        for (Method test : contracts) {
            if (RuleIds.of(test.getDeclaringClass(), test).contains(rule)) {
                String does = does(test, column);
                if (does.equals(KIT)) {
                    return KIT;
                }
                refuses |= does.equals(REFUSES);
            }
        }
        if (refuses) {
            return REFUSES;
        }
        boolean own = tests.claims().stream()
                .anyMatch(claim -> claim.id().equals(rule)
                        && (claim.test().startsWith("backend-" + column.name() + "/")
                                || claim.test().startsWith("backend-" + column.name() + "-")));
        return own ? OWN : engine.contains(rule) ? ENGINE : NOTHING;
    }

    /** In the order in which the kit asks (KitExtension). */
    private static String does(Method test, Declared column) {
        Optional<Rule> rules = find(test, Rule.class);
        if (rules.map(Rule::value).stream().flatMap(Arrays::stream).anyMatch(column.deviations()::containsKey)) {
            return NOTHING;
        }
        Optional<Needs> needs = find(test, Needs.class);
        if (!needs.map(Needs::value).stream().flatMap(Arrays::stream).allMatch(column.capabilities()::contains)) {
            return REFUSES;
        }
        return needs.map(Needs::sight).stream().flatMap(Arrays::stream).allMatch(column.sights()::contains)
                ? KIT
                : NOTHING;
    }

    private static <A extends java.lang.annotation.Annotation> Optional<A> find(Method test, Class<A> type) {
        return AnnotationSupport.findAnnotation(test, type)
                .or(() -> AnnotationSupport.findAnnotation(test.getDeclaringClass(), type));
    }

    /** Which cells say something else, with what they should say. */
    List<String> problems(String markdown, Set<String> areas) {
        List<String> problems = new ArrayList<>();
        for (Specification.Row row : Specification.rows(markdown)) {
            if (areas.contains(row.area()) && row.cells().size() == Specification.CELLS) {
                List<String> words = words(row.id());
                List<String> said = row.cells().subList(FIRST, FIRST + words.size());
                if (!said.equals(words)) {
                    problems.add("line " + row.line() + ": " + row.id() + " has " + said + " for windows, bsd and jdk;"
                            + " what is declared and tested says " + words);
                }
            }
        }
        return problems;
    }

    /** Writes all cells anew: {@code FOLDER}, that of the sources. */
    public static void main(String[] folder) throws IOException {
        Path root = Path.of(folder[0]);
        Path file = root.resolve("docs/specification.md");
        BackendColumns columns = new BackendColumns(TestSources.below(root));
        String[] lines = Files.readString(file).split("\n", -1);
        for (Specification.Row row : Specification.rows(String.join("\n", lines))) {
            if (row.cells().size() == Specification.CELLS) {
                List<String> cells = new ArrayList<>(row.cells());
                List<String> words = columns.words(row.id());
                for (int i = 0; i < words.size(); i++) {
                    cells.set(FIRST + i, words.get(i));
                }
                lines[row.line() - 1] = "| " + String.join(" | ", cells) + " |";
            }
        }
        Files.writeString(file, String.join("\n", lines));
    }
}
