// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Outcome;
import dev.osprocess.tck.spec.Specification;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of what a run under Wine does not test, against the profiles; scripts/tck-on-wine holds it against the run. */
final class WineTableTest {
    private static final Path TABLE = Path.of(System.getProperty("basedir", "."), "../docs/platforms.md");

    /** The rows of a subject: what the table says has come out, if nothing was untested. */
    private static Set<String> rows(String subject) throws UsageException {
        ExpectedGaps gaps = ExpectedGaps.read(TABLE, Specification.load());
        String said = gaps.contradiction(subject, Map.of());
        if (said == null) {
            return Set.of();
        }
        return new TreeSet<>(
                List.of(said.replaceFirst("(?s).*have come out: ", "").strip().split(", ", -1)));
    }

    @Test
    void everyRuleThatDiffersUnderWineHasARow() throws Exception {
        Set<String> rows = rows("windows");
        for (Difference difference : Environments.read("wine", Specification.load())) {
            if (difference.rule().indexOf('#') < 0) {
                assertEquals(
                        true, rows.contains(difference.rule()), () -> difference.rule() + " has no row in " + TABLE);
            }
        }
    }

    @Test
    void theTableIsReadForBothSubjects() throws Exception {
        ExpectedGaps gaps = ExpectedGaps.read(TABLE, Specification.load());
        for (String subject : List.of("windows", "jdk")) {
            Map<String, RuleResult> untested = new java.util.TreeMap<>();
            for (String rule : rows(subject)) {
                untested.put(rule, new RuleResult(rule, Outcome.NOT_TESTED, List.of("a test"), List.of("why"), 0));
            }
            assertEquals(true, untested.size() > 5, untested::toString);
            assertNull(gaps.contradiction(subject, untested));
        }
    }
}
