// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.OsProcess;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.ScriptedKernel;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests of the engine against other class files of it, in a class loader of their own. */
final class EngineTrial {
    /** Far more than the tests of one rule take, each hang bounded: longer is a hang that no test bounds. */
    private static final long LONGEST_MILLIS = 60_000;

    private static final String TESTS = "dev.osprocess.tck.engine.";

    private EngineTrial() {}

    /** What came out: how many tests ran, and how each failed that did. */
    record Result(int ran, List<Throwable> failures, List<String> skipped) {}

    /** Child first for everything of ours, so that tests meet the engine that they are to judge. */
    private static final class Isolated extends URLClassLoader {
        static {
            registerAsParallelCapable();
        }

        private final Map<String, byte[]> classes;

        Isolated(Map<String, byte[]> classes, URL[] urls) {
            super("wrong-engine", urls, EngineTrial.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.osprocess.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
        }
    }

    static URL placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** Where our classes are: the library, the kit, the kit's tests. */
    static List<URL> places() {
        return List.of(placeOf(OsProcess.class), placeOf(ScriptedKernel.class), placeOf(EngineTrial.class));
    }

    /** Runs those tests of a rule whose names begin so, {@code WaitTest#wait13}. */
    static Result run(Map<String, byte[]> classes, String rule, String test) throws Exception {
        return run(classes, places(), rule, test, loader -> select(loader, rule, test));
    }

    /** What to run, of the classes of this loader. */
    @FunctionalInterface
    interface Selection {
        List<DiscoverySelector> of(ClassLoader loader) throws Exception;
    }

    /** Runs what is selected, with everything of ours from these places alone. */
    static Result run(Map<String, byte[]> classes, List<URL> places, String rule, String test, Selection selection)
            throws Exception {
        try (Isolated loader = new Isolated(classes, places.toArray(new URL[0]))) {
            List<DiscoverySelector> selectors = selection.of(loader);
            Listener listener = new Listener();
            Thread thread = new Thread(() -> execute(selectors, listener), "wrong: " + test);
            thread.setContextClassLoader(loader);
            thread.setDaemon(true);
            thread.start();
            thread.join(LONGEST_MILLIS);
            if (thread.isAlive()) {
                AssertionError hang =
                        new AssertionError("a test of " + rule + " hangs, and no bound ends it; it is here:");
                hang.setStackTrace(thread.getStackTrace());
                throw hang;
            }
            return new Result(listener.ran.get(), List.copyOf(listener.failures), List.copyOf(listener.skipped));
        }
    }

    private static List<DiscoverySelector> select(ClassLoader loader, String rule, String test)
            throws ClassNotFoundException, MalformedURLException {
        String[] parts = test.split("#", -1);
        Class<?> type = loader.loadClass(TESTS + parts[0]);
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            // the annotation is of that loader too, so it is read by its text
            boolean proves = Arrays.stream(method.getAnnotations())
                    .filter(mark -> mark.annotationType().getName().equals(Rule.class.getName()))
                    .anyMatch(mark -> mark.toString().contains('"' + rule + '"'));
            if (proves && method.getName().startsWith(parts[1])) {
                selectors.add(DiscoverySelectors.selectMethod(type, method));
            }
        }
        if (selectors.isEmpty()) {
            throw new AssertionError("no test of " + rule + " is called " + test + "…");
        }
        return selectors;
    }

    private static void execute(List<DiscoverySelector> selectors, Listener listener) {
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .enableLauncherDiscoveryListenerAutoRegistration(false)
                        .enablePostDiscoveryFilterAutoRegistration(false)
                        .build())
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectors)
                                .filters(EngineFilter.includeEngines("junit-jupiter"))
                                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                                .configurationParameter(
                                        "junit.jupiter.extensions.autodetection.include",
                                        OneFailureSuffices.class.getName())
                                .build(),
                        listener);
    }

    private static final class Listener implements TestExecutionListener {
        private final AtomicInteger ran = new AtomicInteger();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> skipped = new ConcurrentLinkedQueue<>();

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            if (reason.contains(OneFailureSuffices.REASON)) {
                return;
            }
            skipped.add(test.getDisplayName() + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Optional<Throwable> thrown = result.getThrowable();
            if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
                skipped.add(test.getDisplayName() + ": "
                        + thrown.map(Throwable::getMessage).orElse(""));
            } else if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failures.add(thrown.orElseGet(() -> new AssertionError(test.getDisplayName())));
            }
            if (test.isTest()
                    && test.getSource().filter(MethodSource.class::isInstance).isPresent()) {
                ran.incrementAndGet();
            }
        }
    }
}
