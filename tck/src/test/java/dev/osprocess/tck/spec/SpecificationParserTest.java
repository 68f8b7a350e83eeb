// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.tck.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SpecificationParserTest {
    private static final String TEXT = """
            ## REL: Release and close

            | id | rule | why | linux | windows | bsd | jdk | state |
            |---|---|---|---|---|---|---|---|
            | <a id="rel-02"></a>REL-02 | `close()` MUST do ([ADR 1](adr/1.md)). And more. | because | both | kit | own | kit | kept: `m/ATest#a*` |
            | <a id="rel-01"></a>REL-01 | It MAY. | because | – | – | – | – | not yet: Windows |
            | <a id="rel-03"></a>REL-03 | too few cells |

            ## Decisions

            | id | decision |
            |---|---|
            | <a id="d4"></a>D4 | Close never kills. |
            """;

    @Test
    void rulesComeInTheirOrderWithTheirCells() {
        Specification specification = Specification.parse(TEXT, "");
        assertEquals(
                List.of(
                        new SpecifiedRule(
                                "REL-02",
                                "REL",
                                "`close()` MUST do ([ADR 1](adr/1.md)). And more.",
                                "because",
                                "kept: `m/ATest#a*`"),
                        new SpecifiedRule("REL-01", "REL", "It MAY.", "because", "not yet: Windows")),
                specification.rules());
        assertEquals(Map.of("REL", "Release and close"), specification.areas());
        assertTrue(specification.rule("D4").isEmpty());
    }

    @Test
    void theTitleIsTheFirstSentenceWithoutMarks() {
        SpecifiedRule rule = Specification.parse(TEXT, "").rules().get(0);
        assertEquals("close() MUST do (ADR 1).", rule.title());
    }

    @Test
    void theReasonIsTheWrittenOneOrWhatTheRowSays() {
        Specification specification = Specification.parse(TEXT, "REL-01\tno such system here\n");
        assertEquals(
                "not in the kit; proved by m/ATest#a*",
                specification.reason(specification.rules().get(0)));
        assertEquals(
                "no such system here",
                specification.reason(specification.rules().get(1)));
        Specification silent = Specification.parse(TEXT, "");
        assertEquals("not yet: Windows", silent.reason(silent.rules().get(1)));
    }

    @Test
    void theOneInTheKitHasAllAreasAndRules() {
        Specification specification = Specification.load();
        assertEquals(
                List.of("ID", "START", "STATE", "WAIT", "SIG", "REL", "HND", "PS", "CONC", "OLD", "ERR"),
                List.copyOf(specification.areas().keySet()));
        assertTrue(
                specification.rules().size() >= 230,
                "rules: " + specification.rules().size());
        for (SpecifiedRule rule : specification.rules()) {
            assertEquals(false, specification.reason(rule).isBlank(), rule.id());
        }
    }

    /** Names rules in each way. */
    @Rule("REL-09")
    @SuppressWarnings("UnusedMethod") // only their names are read
    private static final class Named {
        @Rule({"WAIT-13", "D4"})
        void wait14_sig02_byBoth() {}

        void rel01_byNameAndClass() {}
    }

    @Test
    void aTestNamesRulesByItsAnnotationOrItsClassAndByItsName() throws Exception {
        assertEquals(
                Set.of("WAIT-13", "D4", "WAIT-14", "SIG-02"),
                RuleIds.of(Named.class, Named.class.getDeclaredMethod("wait14_sig02_byBoth")));
        assertEquals(
                Set.of("REL-01", "REL-09"),
                RuleIds.of(Named.class, Named.class.getDeclaredMethod("rel01_byNameAndClass")));
        assertEquals(List.of(), RuleIds.ofName("camelCaseOnly"));
    }
}
