// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.Specification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rules a place leaves NOT-TESTED though the kit has tests for them: rows of a Markdown table, {@code | RULE |
 * SUBJECT, SUBJECT | cause |}. What no test shows anywhere is not meant.
 */
final class ExpectedGaps {
    private static final int SUBJECTS = 1;
    private static final int CAUSE = 2;

    private final Path file;
    private final Map<String, Set<String>> bySubject;

    private ExpectedGaps(Path file, Map<String, Set<String>> bySubject) {
        this.file = file;
        this.bySubject = bySubject;
    }

    static ExpectedGaps read(Path file, Specification specification) throws UsageException {
        String markdown;
        try {
            markdown = Files.readString(file);
        } catch (IOException failed) {
            throw new UsageException("--not-tested " + file + " cannot be read: " + failed.getMessage());
        }
        Map<String, Set<String>> bySubject = new TreeMap<>();
        for (Specification.Row row : Specification.rows(markdown)) {
            if (specification.rule(row.id()).isEmpty()) {
                throw new UsageException("--not-tested " + file + ": there is no rule " + row.id());
            }
            if (row.cells().size() <= CAUSE || row.cells().get(CAUSE).isBlank()) {
                throw new UsageException("--not-tested " + file + ": " + row.id() + " needs subjects and a cause");
            }
            for (String subject : row.cells().get(SUBJECTS).split(",", -1)) {
                bySubject
                        .computeIfAbsent(subject.strip(), name -> new TreeSet<>())
                        .add(row.id());
            }
        }
        return new ExpectedGaps(file, bySubject);
    }

    /** What is otherwise in a run than the file says; null if nothing is. */
    @Nullable
    String contradiction(String subject, Map<String, RuleResult> verdicts) {
        Set<String> expected = bySubject.getOrDefault(subject, new TreeSet<>());
        List<String> unexpected = new ArrayList<>();
        TreeSet<String> tested = new TreeSet<>(expected);
        verdicts.forEach((rule, result) -> {
            if (result.outcome() == Outcome.NOT_TESTED && !result.tests().isEmpty()) {
                tested.remove(rule);
                if (!expected.contains(rule)) {
                    unexpected.add(rule + " [" + String.join("; ", result.reasons()) + "]");
                }
            }
        });
        if (unexpected.isEmpty() && tested.isEmpty()) {
            return null;
        }
        return "the NOT-TESTED rules of " + subject + " are not those of " + file
                + (unexpected.isEmpty() ? "" : "; they are not in it: " + String.join(", ", unexpected))
                + (tested.isEmpty() ? "" : "; they are in it, and have come out: " + String.join(", ", tested)) + "\n";
    }
}
