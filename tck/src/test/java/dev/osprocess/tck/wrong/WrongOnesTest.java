// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many there are. */
class WrongOnesTest {
    private static final int AT_LEAST = 100;

    @Test
    void thereAreManyAndEachHasAName() {
        Set<String> all = new HashSet<>();
        WrongEngines.ALL.forEach(wrong -> all.add(wrong.toString()));
        WrongBackends.ALL.forEach(wrong -> all.add(wrong.toString()));
        assertEquals(WrongEngines.ALL.size() + WrongBackends.ALL.size(), all.size(), "two have one name");
        assertTrue(all.size() >= AT_LEAST, () -> all.size() + " wrong ones are too few");
        System.out.println(all.size() + " wrong ones: " + WrongEngines.ALL.size() + " engines, "
                + WrongBackends.ALL.size() + " backends");
    }
}
