// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.NoBackendException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Backends.Found;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D11: which backend is taken, and what is said when none can be. */
class DiscoveryTest {
    /** A backend that is only looked for. */
    static class Fake implements ProcessBackend {
        final AtomicInteger probes = new AtomicInteger();
        private final String name;
        private final int order;
        private final Availability availability;

        Fake(String name, int order, Availability availability) {
            this.name = name;
            this.order = order;
            this.availability = availability;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int order() {
            return order;
        }

        @Override
        public Availability probe() {
            probes.incrementAndGet();
            return availability;
        }

        @Override
        public String handleKind() {
            return "pid";
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Target start(StartRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Target open(long pid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long currentPid() {
            return 1;
        }

        @Override
        public long parentPid() {
            return 0;
        }

        @Override
        public ExitEvents exitEvents() {
            throw new UnsupportedOperationException();
        }
    }

    /** Found by its name in a provider file. */
    public static final class Late extends Fake {
        public Late() {
            super("late", 900, Availability.available());
        }
    }

    /** Found by its name in a provider file. */
    public static final class Early extends Fake {
        public Early() {
            super("early", 100, Availability.available());
        }
    }

    /** Has the same place as the one before. */
    public static final class AlsoEarly extends Fake {
        public AlsoEarly() {
            super("also", 100, Availability.available());
        }
    }

    /** Cannot be made. */
    public static final class Throwing extends Fake {
        public Throwing() {
            super("throwing", 1, Availability.available());
            throw new IllegalStateException("no library here");
        }
    }

    /** Fails when it is asked for its name. */
    public static final class Nameless extends Fake {
        public Nameless() {
            super("nameless", 1, Availability.available());
        }

        @Override
        public String name() {
            throw new IllegalStateException("no name");
        }
    }

    private static Found found(Fake backend) {
        return new Found(backend.name(), backend.order(), Availability.available(), backend);
    }

    @Test
    void d11_theFirstThatCanServeIsTakenAndNoLaterOneIsProbed() {
        Fake broken = new Fake("broken", 1, Availability.unavailable("no system call", null));
        Fake good = new Fake("good", 2, Availability.available());
        Fake later = new Fake("later", 3, Availability.available());
        assertSame(good, Discovery.select(List.of(found(broken), found(good), found(later)), null));
        assertEquals(1, broken.probes.get());
        assertEquals(1, good.probes.get());
        assertEquals(0, later.probes.get());
    }

    @Test
    void d11_whatIsUsedInsteadIsSaidInOneLineWithEveryCause() {
        Fake first = new Fake("first", 100, Availability.unavailable("no library", null));
        Fake second = new Fake("second", 100, Availability.unavailable("another system", null));
        Fake last = new Fake("last", 1000, Availability.available());
        List<String> said = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                said.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.osprocess");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            assertSame(last, Discovery.select(List.of(found(first), found(second), found(last)), null));
        } finally {
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
        assertEquals(
                List.of("the backend 'last' is used, because others cannot serve here ('first': no library; 'second':"
                        + " another system)"),
                said);
    }

    @Test
    void d11_theNamedOneIsTakenAndNothingElseIsTried() {
        Fake first = new Fake("first", 1, Availability.available());
        Fake second = new Fake("second", 2, Availability.available());
        assertSame(second, Discovery.select(List.of(found(first), found(second)), "second"));
        assertEquals(0, first.probes.get());
        Fake broken = new Fake("broken", 3, Availability.unavailable("no system call", null));
        NoBackendException none = assertThrows(
                NoBackendException.class, () -> Discovery.select(List.of(found(first), found(broken)), "broken"));
        assertTrue(String.valueOf(none.getMessage()).contains("broken: no system call"), none.getMessage());
        assertEquals(0, first.probes.get(), "no silent fall back");
    }

    @Test
    void d11_anUnknownNameIsSaidWithThoseThatWereFound() {
        Fake first = new Fake("first", 1, Availability.available());
        NoBackendException none =
                assertThrows(NoBackendException.class, () -> Discovery.select(List.of(found(first)), "frist"));
        assertTrue(String.valueOf(none.getMessage()).contains("'frist'"), none.getMessage());
        assertTrue(String.valueOf(none.getMessage()).contains("-D" + Discovery.PROPERTY), none.getMessage());
        assertTrue(String.valueOf(none.getMessage()).contains("found: first"), none.getMessage());
        NoBackendException nothing = assertThrows(NoBackendException.class, () -> Discovery.select(List.of(), "x"));
        assertTrue(String.valueOf(nothing.getMessage()).contains("none"), nothing.getMessage());
    }

    @Test
    void d11_ifNoneCanServeTheErrorCarriesEveryCause() {
        IllegalStateException thrown = new IllegalStateException("probe");
        Fake one = new Fake("one", 1, Availability.unavailable("the kernel is too old", thrown));
        Fake throwing = new Fake("two", 2, Availability.available()) {
            @Override
            public Availability probe() {
                throw new UnsatisfiedLinkError("libx");
            }
        };
        Found failed = new Found("a provider", 3, Availability.unavailable("it could not be made", thrown), null);
        NoBackendException none = assertThrows(
                NoBackendException.class, () -> Discovery.select(List.of(found(one), found(throwing), failed), null));
        assertTrue(String.valueOf(none.getMessage()).contains("one: the kernel is too old"), none.getMessage());
        assertTrue(String.valueOf(none.getMessage()).contains("libx"), none.getMessage());
        assertTrue(String.valueOf(none.getMessage()).contains("it could not be made"), none.getMessage());
        assertEquals(3, none.getSuppressed().length);
        assertSame(thrown, none.getSuppressed()[0]);
    }

    @Test
    void d11_aNameThatIsUnknownBecauseItsProviderFailedHasTheCause() {
        RuntimeException thrown = new IllegalStateException("no constructor today");
        Found failed = new Found(
                "a provider", Integer.MAX_VALUE, Availability.unavailable("it could not be made", thrown), null);
        NoBackendException none = assertThrows(
                NoBackendException.class, () -> Discovery.select(List.of(found(new Early()), failed), "mine"));
        assertTrue(String.valueOf(none.getMessage()).contains("there is no backend 'mine'"), none.getMessage());
        assertTrue(
                String.valueOf(none.getMessage()).contains("early a provider (it could not be made)"),
                none.getMessage());
        assertSame(thrown, none.getSuppressed()[0]);
    }

    @Test
    void d11_withoutAnyBackendTheRemedyIsNamed() {
        NoBackendException none = assertThrows(NoBackendException.class, () -> Discovery.select(List.of(), null));
        assertTrue(String.valueOf(none.getMessage()).contains("dev.osprocess:osprocess"), none.getMessage());
    }

    @Test
    void d11_providersComeFromTheContextLoaderInOrderAndOneThatFailsIsACauseNotTheEnd(@TempDir Path folder)
            throws Exception {
        List<Found> all = providersNamedBy(
                folder,
                Late.class.getName(),
                Throwing.class.getName(),
                "dev.osprocess.engine.IsNotThere",
                Nameless.class.getName(),
                Early.class.getName(),
                AlsoEarly.class.getName(),
                Late.class.getName());
        List<String> served = all.stream()
                .filter(one -> one.backend() != null)
                .map(Found::name)
                .toList();
        assertEquals(List.of("also", "early", "late"), served, "by order, then by name, each once");
        List<Found> failed = all.stream().filter(one -> one.backend() == null).toList();
        assertEquals(3, failed.size(), all::toString);
        assertEquals(failed, all.subList(all.size() - 3, all.size()), "those that failed come last");
        for (Found one : failed) {
            assertFalse(one.availability().isAvailable());
            assertNotNull(one.availability().failure());
        }
        assertTrue(failed.stream().anyMatch(one -> one.availability().cause().contains("IsNotThere")));
        assertTrue(failed.stream().anyMatch(one -> one.availability().cause().contains("Throwing")));
        assertSame(AlsoEarly.class, Discovery.select(all, null).getClass());
    }

    @Test
    void d11_withoutAContextLoaderNothingBreaks() {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try {
            current.setContextClassLoader(null);
            assertNotNull(Discovery.providers());
        } finally {
            current.setContextClassLoader(before);
        }
    }

    @Test
    void d11_aReportProbesEachAndKeepsThoseThatFailed(@TempDir Path folder) throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader loader = loaderOf(folder, Early.class.getName(), Throwing.class.getName())) {
            current.setContextClassLoader(loader);
            List<Found> all = Discovery.found();
            Found early = all.stream()
                    .filter(one -> one.name().equals("early"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(early.availability().isAvailable());
            assertTrue(all.stream().anyMatch(one -> one.backend() == null));
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static List<Found> providersNamedBy(Path folder, String... classes) throws IOException {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader loader = loaderOf(folder, classes)) {
            current.setContextClassLoader(loader);
            return Discovery.providers();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static URLClassLoader loaderOf(Path folder, String... classes) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve(ProcessBackend.class.getName()), List.of(classes));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, DiscoveryTest.class.getClassLoader());
    }
}
