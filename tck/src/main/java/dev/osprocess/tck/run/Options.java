// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.spec.Specification;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run was asked to do. */
final class Options {
    /** The subjects to run against; empty for all that are available. */
    final Set<String> backends = new LinkedHashSet<>();
    /** The rules to run. */
    final Set<String> rules = new LinkedHashSet<>();
    /** What does not hold here, through no fault of a backend. */
    final List<Difference> differences = new ArrayList<>();
    /** What {@link #differences} were read from. */
    final List<String> environments = new ArrayList<>();
    /** Where a porter's backend is. */
    final List<URL> jars = new ArrayList<>();

    @Nullable
    Path report;

    /** Which rules are expected to be NOT-TESTED though the kit has tests for them; null if that is not checked. */
    @Nullable
    ExpectedGaps gaps;

    boolean help;

    /** Whether to leave out the engine's own tests, which no backend changes. */
    boolean withoutEngine;

    private Options() {}

    static Options parse(Specification specification, String... args) throws UsageException {
        Options options = new Options();
        Iterator<String> words = List.of(args).iterator();
        while (words.hasNext()) {
            String word = words.next();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            if (option.equals("-h") || option.equals("--help")) {
                options.help = true;
                return options;
            }
            if (word.equals("--without-engine")) {
                options.withoutEngine = true;
                continue;
            }
            if (!Set.of("--backend", "--report", "--rule", "--environment", "--not-tested", "--with")
                    .contains(option)) {
                throw new UsageException("unknown option '" + word + "'");
            }
            if (equals < 0 && !words.hasNext()) {
                throw new UsageException(option + " needs a value");
            }
            options.take(option, equals < 0 ? words.next() : word.substring(equals + 1), specification);
        }
        if (options.rules.isEmpty()) {
            specification.rules().forEach(rule -> options.rules.add(rule.id()));
        }
        if (options.withoutEngine && options.backends.contains(KitReport.ENGINE)) {
            throw new UsageException("--without-engine and --backend engine exclude each other");
        }
        if (options.gaps != null && options.rules.size() < specification.rules().size()) {
            throw new UsageException("--not-tested is about a whole run, and --rule chooses some rules");
        }
        return options;
    }

    private void take(String option, String value, Specification specification) throws UsageException {
        switch (option) {
            case "--backend" -> backends.addAll(List.of(value.split(",", -1)));
            case "--report" -> report = path(option, value);
            case "--environment" -> {
                environments.add(value);
                differences.addAll(Environments.read(value, specification));
            }
            case "--not-tested" -> gaps = ExpectedGaps.read(path(option, value), specification);
            case "--with" -> {
                for (String part : value.split(File.pathSeparator, -1)) {
                    addJar(part);
                }
            }
            default -> {
                for (String part : value.split(",", -1)) {
                    addRules(part.toUpperCase(Locale.ROOT), specification);
                }
            }
        }
    }

    private static Path path(String option, String value) throws UsageException {
        try {
            return Path.of(value);
        } catch (InvalidPathException wrong) {
            throw new UsageException(option + " " + value + ": " + wrong.getMessage());
        }
    }

    private void addJar(String value) throws UsageException {
        Path jar = path("--with", value);
        if (!Files.isReadable(jar)) {
            throw new UsageException("--with " + value + " is no file or folder that can be read");
        }
        try {
            jars.add(jar.toUri().toURL());
        } catch (MalformedURLException wrong) {
            throw new UsageException("--with " + value + ": " + wrong.getMessage());
        }
    }

    /** A rule, or a whole area. */
    private void addRules(String name, Specification specification) throws UsageException {
        int before = rules.size();
        for (SpecifiedRule rule : specification.rules()) {
            if (rule.id().equals(name) || rule.area().equals(name)) {
                rules.add(rule.id());
            }
        }
        if (rules.size() == before && !rules.contains(name)) {
            throw new UsageException("there is no rule " + name + ", and no area of that name; areas are "
                    + String.join(", ", specification.areas().keySet()));
        }
    }
}
