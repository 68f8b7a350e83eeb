// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.SystemAttributes;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The subjects that can be had by name: each backend on the class path, and the further modes of our own. */
public final class Subjects {
    /** Modes of a backend that a system property forces: what is appended to its name, and the property. */
    private static final Map<String, Map<String, Property>> MODES =
            Map.of("linux", Map.of("pid", new Property("dev.osprocess.linux.pidfd", "off")));

    /** Where a backend of our own has its attributes. Not on the kit's path at build time: the kit needs no backend. */
    private static final Map<String, String> ATTRIBUTES = Map.of(
            "linux", "dev.osprocess.linux.LinuxAttributes",
            "bsd", "dev.osprocess.bsd.BsdAttributes");

    private record Property(String key, String value) {}

    private Subjects() {}

    /**
     * The subject of this name: a backend's own, or with a mode behind a colon, {@code linux:pid}.
     *
     * @throws IllegalArgumentException if there is none, with the names that there are
     * @throws IllegalStateException if it is not available here, with the cause
     */
    public static Subject named(String name) {
        return named(name, List.of());
    }

    /** The same where some rules do not hold, through no fault of the backend. */
    public static Subject named(String name, List<Difference> differences) {
        int colon = name.indexOf(':');
        String backend = colon < 0 ? name : name.substring(0, colon);
        if (colon < 0) {
            return subject(name, backend, differences);
        }
        Property property = MODES.getOrDefault(backend, Map.of()).get(name.substring(colon + 1));
        if (property == null) {
            throw new IllegalArgumentException("no subject is called '" + name + "'; there are " + names());
        }
        // Backends read it when they are probed, and keep their answer.
        String before = System.setProperty(property.key(), property.value());
        try {
            return subject(name, backend, differences);
        } finally {
            if (before == null) {
                System.clearProperty(property.key());
            } else {
                System.setProperty(property.key(), before);
            }
        }
    }

    private static Subject subject(String name, String backend, List<Difference> differences) {
        for (ProcessBackend made : backends()) {
            if (made.name().equals(backend)) {
                Subject subject = Subject.of(name, made, Subject.usualSights(), differences);
                String attributes = ATTRIBUTES.get(backend);
                return attributes == null
                        ? subject
                        : subject.withGroupLeader(
                                groupLeader(attributes, made.getClass().getClassLoader()));
            }
        }
        throw new IllegalArgumentException("no subject is called '" + name + "'; there are " + names());
    }

    /** {@code builder().newProcessGroup().build()}, which all attributes that know groups have. */
    private static SystemAttributes groupLeader(String attributes, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(attributes, true, loader);
            Object builder = type.getMethod("builder").invoke(null);
            builder.getClass().getMethod("newProcessGroup").invoke(builder);
            return (SystemAttributes) builder.getClass().getMethod("build").invoke(builder);
        } catch (ReflectiveOperationException changed) {
            throw new LinkageError(attributes + " is not as Subjects expects it", changed);
        }
    }

    /** All names, in the order in which backends are chosen; also of those that are not available here. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (ProcessBackend backend : backends()) {
            names.add(backend.name());
            for (String mode : MODES.getOrDefault(backend.name(), Map.of()).keySet()) {
                names.add(backend.name() + ":" + mode);
            }
        }
        return names;
    }

    /** Providers that cannot even be made, each with what it threw. */
    static List<String> broken() {
        List<String> broken = new ArrayList<>();
        all(broken);
        return broken;
    }

    private static List<ProcessBackend> backends() {
        return all(new ArrayList<>());
    }

    /** Made anew, since an engine wants a backend for itself. */
    private static List<ProcessBackend> all(List<String> broken) {
        List<ProcessBackend> all = new ArrayList<>();
        for (ServiceLoader<ProcessBackend> loader : List.of(
                ServiceLoader.load(ProcessBackend.class, ProcessBackend.class.getClassLoader()),
                ServiceLoader.load(ProcessBackend.class))) {
            Iterator<ProcessBackend> found = loader.iterator();
            while (true) {
                try {
                    if (!found.hasNext()) {
                        break;
                    }
                    ProcessBackend made = found.next();
                    if (all.stream().noneMatch(known -> known.getClass().equals(made.getClass()))) {
                        all.add(made);
                    }
                } catch (ServiceConfigurationError failed) { // the others are found all the same
                    String text = String.valueOf(failed.getMessage());
                    if (!broken.contains(text)) { // both loaders may come upon it
                        broken.add(text);
                    }
                }
            }
        }
        all.sort(Comparator.comparingInt(ProcessBackend::order));
        return all;
    }
}
