// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.spec.SpecifiedRule;
import java.util.List;
import java.util.Map;

/**
 * A whole run, for whoever writes it down.
 *
 * @param facts the machine
 * @param areas the areas of the specification and what they are about
 * @param rules the traced rules, in the order of the specification
 * @param whole whether they are all that the specification has
 * @param columns the engine first, then each subject
 * @param environments what the differences were read from
 * @param differences what does not hold here, through no fault of a backend
 */
record KitReport(
        Map<String, String> facts,
        Map<String, String> areas,
        List<SpecifiedRule> rules,
        boolean whole,
        List<Column> columns,
        List<String> environments,
        List<Difference> differences) {
    /** The name of the column of what was proved on the scripted kernel. */
    static final String ENGINE = "engine";

    /** What was run. */
    List<Column> ran() {
        return columns.stream().filter(Column::isAvailable).toList();
    }

    /** What could not be run. */
    List<Column> unavailable() {
        return columns.stream().filter(column -> !column.isAvailable()).toList();
    }

    boolean failed() {
        return columns.stream().anyMatch(Column::failed);
    }
}
