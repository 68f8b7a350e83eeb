// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where a run took place: what a bug report needs to know of the machine. */
final class SystemFacts {
    private static final Path RELEASE = Path.of("/etc/os-release");
    private static final String NAME = "PRETTY_NAME=";

    private SystemFacts() {}

    /** Words and what they are here, in the order in which reports say them. */
    static Map<String, String> gather() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("kit", "osprocess-tck " + version());
        facts.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put(
                "system",
                property("os.name")
                        + distribution().map(name -> " (" + name + ")").orElse(""));
        facts.put("kernel", property("os.version"));
        facts.put("architecture", property("os.arch"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("java", property("java.runtime.version") + ", " + property("java.vm.name"));
        facts.put("java vendor", property("java.vendor"));
        facts.put("user", property("user.name"));
        facts.put("encoding", property("file.encoding") + ", of the system " + property("sun.jnu.encoding"));
        return facts;
    }

    private static String property(String key) {
        return System.getProperty(key, "unknown");
    }

    static String version() {
        return Optional.ofNullable(SystemFacts.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    private static Optional<String> distribution() {
        if (!Files.isReadable(RELEASE)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(RELEASE).stream()
                    .filter(line -> line.startsWith(NAME))
                    .map(line -> line.substring(NAME.length()).replace("\"", ""))
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.of("/etc/os-release cannot be read: " + unreadable.getMessage());
        }
    }
}
