// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.spec.Specification;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/** What does not hold in some surroundings: a properties file with a rule's id and the cause in each line. */
final class Environments {
    /** The profiles that the kit brings: files of the folder {@code environments} beside this class. */
    static final List<String> KNOWN = List.of("wine", "wine-jdk");

    private Environments() {}

    /** The differences of a file, or of a profile of the kit's own. */
    static List<Difference> read(String nameOrFile, Specification specification) throws UsageException {
        Properties lines = new Properties();
        try (InputStream in = open(nameOrFile);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (IOException | IllegalArgumentException failed) {
            throw new UsageException("--environment " + nameOrFile + " cannot be read: " + failed.getMessage());
        }
        List<Difference> differences = new ArrayList<>();
        for (String rule : new TreeSet<>(lines.stringPropertyNames())) {
            if (specification.rule(rule.split("#", 2)[0]).isEmpty()) {
                throw new UsageException("--environment " + nameOrFile + ": there is no rule " + rule);
            }
            if (rule.indexOf('#') >= 0
                    && !KitRun.hasTest(rule.substring(rule.indexOf('#') + 1), rule.split("#", 2)[0])) {
                throw new UsageException("--environment " + nameOrFile + ": there is no test " + rule);
            }
            String cause = lines.getProperty(rule);
            if (cause.isBlank()) {
                throw new UsageException("--environment " + nameOrFile + ": " + rule + " needs a cause");
            }
            differences.add(new Difference(rule, cause.strip()));
        }
        if (differences.isEmpty()) {
            throw new UsageException("--environment " + nameOrFile + " names no rule; write lines like 'PS-10 = why'");
        }
        return differences;
    }

    private static InputStream open(String nameOrFile) throws IOException, UsageException {
        if (KNOWN.contains(nameOrFile)) {
            InputStream own = Environments.class.getResourceAsStream("environments/" + nameOrFile + ".properties");
            if (own == null) {
                throw new IllegalStateException("the kit was packed without its profile " + nameOrFile);
            }
            return own;
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--environment " + nameOrFile + " is no file"
                    + (KNOWN.isEmpty() ? "" : ", and none of " + String.join(", ", KNOWN)));
        }
        return Files.newInputStream(file);
    }
}
