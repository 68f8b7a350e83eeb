// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.engine.Engine;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.tck.child.WindowsSight;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kit is run against: a backend under an engine of its own, with what is declared of it. Nothing is found out by
 * trying: what the backend can do is what {@link ProcessBackend#capabilities()} says, and where the surroundings differ is
 * what was said here.
 *
 * <p>Thread-safe. {@link #close()} ends the engine.
 */
public final class Subject implements AutoCloseable {
    private final String name;
    private final ProcessBackend backend;
    private final Engine engine;
    private final Set<Sight> sights;
    private final List<Difference> differences;
    private final @Nullable SystemAttributes groupLeader;

    private Subject(
            String name,
            ProcessBackend backend,
            Engine engine,
            Set<Sight> sights,
            List<Difference> differences,
            @Nullable SystemAttributes groupLeader) {
        this.name = name;
        this.backend = backend;
        this.engine = engine;
        this.sights = sights;
        this.differences = differences;
        this.groupLeader = groupLeader;
    }

    /**
     * This backend on this platform. It must not be used by anything else in this JVM.
     *
     * @throws IllegalStateException if it says that it is not available, with its cause
     */
    public static Subject of(ProcessBackend backend) {
        return of(backend.name(), backend, usualSights(), List.of());
    }

    /**
     * The same with everything declared.
     *
     * @param name what the report calls it
     * @param sights what the kit can look at here
     * @param differences what does not hold here through no fault of the backend
     */
    public static Subject of(String name, ProcessBackend backend, Set<Sight> sights, List<Difference> differences) {
        Availability availability = backend.probe();
        if (!availability.isAvailable()) {
            throw new IllegalStateException(
                    "the backend '" + backend.name() + "' is not available here: " + availability.cause());
        }
        try {
            return new Subject(
                    name,
                    backend,
                    Engine.over(backend),
                    sights.isEmpty() ? EnumSet.noneOf(Sight.class) : EnumSet.copyOf(sights),
                    List.copyOf(differences),
                    null);
        } catch (ProcessException failed) {
            throw new IllegalStateException(
                    "no engine can be put over '" + backend.name() + "'; look at ProcessBackend.exitEvents", failed);
        }
    }

    /**
     * The same subject, whose children lead a process group of their own when they are started with these attributes. To be
     * declared where the backend has {@link Capability#SIGNAL_GROUP}.
     */
    public Subject withGroupLeader(SystemAttributes attributes) {
        return new Subject(name, backend, engine, sights, differences, attributes);
    }

    /** What can be looked at on the system that this JVM runs on, by its name. */
    public static Set<Sight> usualSights() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return WindowsSight.isThere() ? EnumSet.of(Sight.DESCRIPTORS, Sight.HANDLES) : EnumSet.noneOf(Sight.class);
        }
        return system.equals("linux") ? EnumSet.allOf(Sight.class) : EnumSet.of(Sight.DESCRIPTORS, Sight.SIGNALS);
    }

    /** What the report calls it. */
    public String name() {
        return name;
    }

    /** The backend. */
    public ProcessBackend backend() {
        return backend;
    }

    /** The engine over it. For the kit, to which alone its package is exported. */
    @SuppressWarnings("exports")
    public Engine engine() {
        return engine;
    }

    /** Whether the backend declares this. */
    public boolean has(Capability capability) {
        return backend.capabilities().contains(capability);
    }

    /** Whether the kit can look at this here. */
    public boolean has(Sight sight) {
        return sights.contains(sight);
    }

    /** What makes a child the leader of a process group of its own. */
    public Optional<SystemAttributes> groupLeader() {
        return Optional.ofNullable(groupLeader);
    }

    /** Why this rule, or this test of it, does not hold here; empty if it must. */
    public Optional<String> difference(String rule, String test) {
        return deviation(rule).or(() -> declared(rule)).or(() -> declared(rule + "#" + test));
    }

    /** Why the backend does not keep this rule; empty if it does, as far as it says. */
    public Optional<String> deviation(String rule) {
        return Optional.ofNullable(backend.deviations().get(rule))
                .map(cause -> "the backend declares a deviation: " + cause);
    }

    private Optional<String> declared(String rule) {
        return differences.stream()
                .filter(difference -> difference.rule().equals(rule))
                .map(difference -> "differs here: " + difference.cause())
                .findFirst();
    }

    @Override
    public void close() {
        try {
            engine.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
