// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.NoBackendException;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Backends.Found;
import dev.osprocess.spi.ProcessBackend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backends and takes the first that can serve (D11): from the loader of this library, then from the context
 * loader; each provider in a try of its own, so that one that fails becomes a cause and not the end.
 */
public final class Discovery {
    /** Names the backend to take; nothing else is tried then. */
    public static final String PROPERTY = "dev.osprocess.backend";

    /** A provider file can be broken in many lines; more than this is no provider file. */
    private static final int MOST_FAILURES = 64;

    private Discovery() {}

    private static final ReentrantLock MAKING = new ReentrantLock();
    private static volatile @Nullable Engine engine;

    /** The engine that {@code OsProcess} uses: made at first use. After a failure the next caller tries again. */
    public static Engine engine() {
        Engine made = engine;
        return made != null ? made : make();
    }

    private static Engine make() {
        MAKING.lock();
        try {
            Engine made = engine;
            if (made == null) {
                made = over(select(providers(), System.getProperty(PROPERTY)));
                engine = made;
            }
            return made;
        } finally {
            MAKING.unlock();
        }
    }

    private static Engine over(ProcessBackend backend) {
        try {
            return Engine.over(backend);
        } catch (ProcessException failed) {
            NoBackendException none = new NoBackendException("the backend '" + backend.name()
                    + "' cannot watch processes: " + failed.getMessage() + " [docs/errors.md#no-backend]");
            none.initCause(failed);
            throw none;
        }
    }

    /** The backend that {@code OsProcess} uses. */
    public static ProcessBackend selected() {
        return engine().backend();
    }

    /** Every backend, in order, each probed. */
    public static List<Found> found() {
        List<Found> probed = new ArrayList<>();
        for (Found found : providers()) {
            ProcessBackend backend = found.backend();
            probed.add(backend == null ? found : new Found(found.name(), found.order(), probe(backend), backend));
        }
        return probed;
    }

    /**
     * The first that can serve, or the one that was named.
     *
     * @param candidates what was found, in order, not yet probed
     * @param name the one to take; null for the first that can serve
     */
    static ProcessBackend select(List<Found> candidates, @Nullable String name) {
        List<Found> refused = new ArrayList<>();
        boolean known = false;
        for (Found candidate : candidates) {
            if (name != null && !name.equals(candidate.name())) {
                continue;
            }
            known = true;
            ProcessBackend backend = candidate.backend();
            Availability availability = backend == null ? candidate.availability() : probe(backend);
            if (backend != null && availability.isAvailable()) {
                logDegradation(refused, candidate);
                return backend;
            }
            refused.add(new Found(candidate.name(), candidate.order(), availability, backend));
        }
        throw none(candidates, refused, name, known);
    }

    private static Availability probe(ProcessBackend backend) {
        try {
            return backend.probe();
        } catch (RuntimeException | Error failed) {
            return Availability.unavailable("its probe failed: " + failed, failed);
        }
    }

    private static void logDegradation(List<Found> refused, Found taken) {
        StringBuilder causes = new StringBuilder();
        for (Found other : refused) {
            if (other.order() == taken.order()) {
                continue; // native backends of other systems: that they cannot serve here is no loss
            }
            causes.append(causes.length() == 0 ? "" : "; ")
                    .append('\'')
                    .append(other.name())
                    .append("': ")
                    .append(other.availability().cause());
        }
        if (causes.length() > 0) {
            Log.warning(
                    "the backend '" + taken.name() + "' is used, because others cannot serve here (" + causes + ")");
        }
    }

    private static NoBackendException none(
            List<Found> candidates, List<Found> refused, @Nullable String name, boolean known) {
        StringBuilder text = new StringBuilder();
        if (name != null && !known) {
            text.append("there is no backend '")
                    .append(name)
                    .append("' (-D")
                    .append(PROPERTY)
                    .append("); found:");
            for (Found candidate : candidates) {
                text.append(' ').append(candidate.name());
                if (candidate.backend() == null) { // it may be the one that was meant
                    text.append(" (").append(candidate.availability().cause()).append(')');
                    refused.add(candidate);
                }
            }
            if (candidates.isEmpty()) {
                text.append(" none");
            }
        } else if (refused.isEmpty()) {
            text.append(
                    "no backend was found on the class path or module path; add the artifact dev.osprocess:osprocess");
        } else {
            text.append("no backend can serve here:");
            for (Found other : refused) {
                text.append(' ')
                        .append(other.name())
                        .append(": ")
                        .append(other.availability().cause())
                        .append(';');
            }
            text.setLength(text.length() - 1);
        }
        NoBackendException exception = new NoBackendException(
                text.append(" [docs/errors.md#no-backend]").toString());
        for (Found other : refused) {
            Throwable failure = other.availability().failure();
            if (failure != null) {
                exception.addSuppressed(failure);
            }
        }
        return exception;
    }

    /** What the two loaders hold, in order; those that failed last. Not probed. */
    static List<Found> providers() {
        List<Found> found = new ArrayList<>();
        Set<String> classes = new HashSet<>();
        collect(ServiceLoader.load(ProcessBackend.class, Discovery.class.getClassLoader()), classes, found);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null && context != Discovery.class.getClassLoader()) {
            collect(ServiceLoader.load(ProcessBackend.class, context), classes, found);
        }
        found.sort(new InOrder());
        return found;
    }

    private static void collect(ServiceLoader<ProcessBackend> loader, Set<String> classes, List<Found> found) {
        Iterator<ProcessBackend> providers = loader.iterator();
        int failures = 0;
        while (failures < MOST_FAILURES) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                ProcessBackend backend = providers.next();
                if (classes.add(backend.getClass().getName())) {
                    found.add(new Found(backend.name(), backend.order(), Availability.available(), backend));
                }
            } catch (ServiceConfigurationError | RuntimeException | LinkageError failed) {
                failures++;
                String text = String.valueOf(failed.getMessage());
                if (classes.add(text)) {
                    found.add(new Found(
                            "a provider",
                            Integer.MAX_VALUE,
                            Availability.unavailable("it could not be made: " + text, failed),
                            null));
                }
            }
        }
    }

    private static final class InOrder implements Comparator<Found> {
        @Override
        public int compare(Found one, Found other) {
            int byOrder = Integer.compare(one.order(), other.order());
            return byOrder != 0 ? byOrder : one.name().compareTo(other.name());
        }
    }
}
