// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.tck.contract.BackendContract;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;

/**
 * Each wrong variant of the JDK fallback and of the BSD backend is caught: by the kit, where a real process shows the
 * mistake, else by the backend's own tests on a scripted seam.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WrongSourcesTest {
    private static final Map<WrongSource.Port, Integer> AT_LEAST =
            Map.of(WrongSource.Port.JDK, 8, WrongSource.Port.BSD, 10);

    private static final String PATIENCE = "osprocess.tck.patience";
    private static final String SECONDS_FOR_SOUND_ONES = "30";

    /** A hang costs this long. */
    private static final String SECONDS_FOR_WRONG_ONES = "3";

    private static final List<WrongSource> ALL =
            Stream.concat(WrongJdk.ALL.stream(), WrongBsd.ALL.stream()).toList();

    private static final Set<String> TRIED = ConcurrentHashMap.newKeySet();
    private static final Set<String> CAUGHT = ConcurrentHashMap.newKeySet();

    @TestFactory
    @Order(1)
    Stream<DynamicTest> soundBackendsPass() {
        Set<String> seen = new LinkedHashSet<>();
        return ALL.stream()
                .filter(WrongSourcesTest::isChosen)
                .filter(wrong -> seen.add(wrong.port() + wrong.rule() + wrong.test()))
                .map(wrong -> DynamicTest.dynamicTest(
                        wrong.port() + " passes " + wrong.test() + " (" + wrong.rule() + ")", () -> passes(wrong)));
    }

    @TestFactory
    @Order(2)
    Stream<DynamicTest> wrongOnesAreCaught() {
        return ALL.stream()
                .filter(WrongSourcesTest::isChosen)
                .map(wrong -> DynamicTest.dynamicTest(wrong.toString(), () -> isCaught(wrong)));
    }

    @Test
    @Order(3)
    void allOfThemWereCaught() {
        Set<String> all = ALL.stream().map(WrongSource::toString).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ALL.size(), all.size(), "two have one name");
        AT_LEAST.forEach((port, count) -> {
            long there = ALL.stream().filter(wrong -> wrong.port() == port).count();
            assertTrue(there >= count, () -> there + " wrong variants of " + port.module + " are too few");
        });
        assumeTrue(TRIED.containsAll(all), "only some of them were tried");
        Set<String> survivors = new TreeSet<>(all);
        survivors.removeAll(CAUGHT);
        assertEquals(Set.of(), survivors, "wrong ones that survive");
        System.out.println(all.size() + " wrong variants (" + WrongJdk.ALL.size() + " of the JDK fallback, "
                + WrongBsd.ALL.size() + " of the BSD backend): all are caught");
    }

    private static boolean isChosen(WrongSource wrong) {
        return wrong.toString().contains(System.getProperty("wrong.only", ""));
    }

    private static void passes(WrongSource wrong) throws Exception {
        EngineTrial.Result result = trial(wrong, Map.of(), SECONDS_FOR_SOUND_ONES);
        assertEquals(List.of(), result.skipped(), "skipped");
        for (Throwable failure : result.failures()) {
            throw new AssertionError("the sound backend fails " + wrong.test() + ", which so proves nothing", failure);
        }
        assertTrue(result.ran() > 0, "no test ran");
    }

    private static void isCaught(WrongSource wrong) throws Exception {
        TRIED.add(wrong.toString());
        long begin = System.nanoTime();
        EngineTrial.Result result = trial(
                wrong,
                EngineCompiler.compile(wrong.sources(project()), EngineCompiler.classPath()),
                SECONDS_FOR_WRONG_ONES);
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
        System.out.println(wrong + ": " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms: "
                + String.valueOf(result.failures().get(0).getMessage())
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    private static EngineTrial.Result trial(WrongSource wrong, Map<String, byte[]> classes, String patience)
            throws Exception {
        List<URL> places = new ArrayList<>(EngineTrial.places());
        for (String type : wrong.port().places()) {
            places.add(EngineTrial.placeOf(Class.forName(type)));
        }
        String before = System.setProperty(PATIENCE, patience); // each trial has a kit of its own, which reads it
        try {
            return EngineTrial.run(classes, places, wrong.rule(), wrong.test(), loader -> select(loader, wrong));
        } finally {
            if (before == null) {
                System.clearProperty(PATIENCE);
            } else {
                System.setProperty(PATIENCE, before);
            }
        }
    }

    private static List<DiscoverySelector> select(ClassLoader loader, WrongSource wrong) throws Exception {
        Class<?> type = loader.loadClass(wrong.testClass());
        List<DiscoverySelector> selectors = new ArrayList<>();
        if (!wrong.isForTheKit()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().startsWith(wrong.testMethods())) {
                    selectors.add(DiscoverySelectors.selectMethod(type, method));
                }
            }
        } else {
            for (Class<?> nested :
                    loader.loadClass(BackendContract.class.getName()).getClasses()) {
                for (Method method : nested.getSuperclass().getDeclaredMethods()) {
                    if (method.getName().startsWith(wrong.testMethods())) {
                        selectors.add(DiscoverySelectors.selectNestedMethod(List.of(type), nested, method));
                    }
                }
            }
        }
        assertTrue(!selectors.isEmpty(), () -> "no test is called " + wrong.test() + "…");
        return selectors;
    }

    private static Path project() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("tck") ? Objects.requireNonNull(here.getParent()) : here;
    }
}
