// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.leak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.linux.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects that are dropped without wait, close or release (REL-12, D13), each time in a JVM of its own. */
final class LeakTest {
    private static final String WARNING = "was dropped without";

    private static List<String> linesWith(String part, List<String> lines) {
        List<String> with = new ArrayList<>();
        for (String line : lines) {
            if (line.contains(part)) {
                with.add(line);
            }
        }
        return with;
    }

    /** What main says whether or not leaks are traced. */
    private static String lostPidOf(List<String> output) {
        List<String> said = ChildJvm.said(output);
        assertEquals(8, said.size(), output.toString());
        assertTrue(said.get(0).startsWith("lost "), said.toString());
        assertEquals("it lives on", said.get(1));
        assertEquals(
                List.of(
                        "reaped",
                        "counted 3",
                        "closed and reaped",
                        "future exit status 7",
                        "timed out exit status 7",
                        "released and a zombie"),
                said.subList(2, 8));
        return said.get(0).substring("lost ".length());
    }

    @Test
    void rel12_aDroppedObjectIsNamedOnceWithThePlaceOfItsCreationAndOthersAreNot() throws Exception {
        List<String> output = ChildJvm.run(List.of("-Ddev.osprocess.leaks=trace"), LeakMain.class);
        String pid = lostPidOf(output);
        List<String> warnings = linesWith(WARNING, output);
        assertEquals(3, warnings.size(), output.toString());
        assertEquals(1, linesWith(" pid " + pid + " ", warnings).size(), warnings.toString());
        assertEquals(1, linesWith("for pid " + pid + " was made here", output).size(), output.toString());
        // the place: one frame in the method that lost it, called by main
        assertEquals(3, linesWith("LeakMain.lose(", output).size(), output.toString());
        assertEquals(3, linesWith("LeakMain.main(", output).size(), output.toString());
    }

    @Test
    void rel12_withoutTracingADroppedObjectIsCountedAndNotNamed() throws Exception {
        List<String> output = ChildJvm.run(List.of(), LeakMain.class);
        lostPidOf(output);
        assertEquals(List.of(), linesWith(WARNING, output));
    }
}
