// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SignalForwardingTest {
    @Test
    void theGroupThatHasTheTerminalIsInTheForeground() {
        assertTrue(SignalForwarding.isInForeground("12 (java) S 1 12 10 34816 12 4194304 0"));
        assertTrue(SignalForwarding.isInForeground("12 (a) b (c) S 1 12 10 34816 12 4194304 0"));
    }

    @Test
    void withoutProcfsTheTerminalIsTakenToHaveSentIt() {
        assertTrue(SignalForwarding.isInForeground(null));
    }

    @Test
    void anotherGroupOrNoTerminalIsNot() {
        assertFalse(SignalForwarding.isInForeground("12 (java) S 1 12 10 34816 99 4194304 0"));
        assertFalse(SignalForwarding.isInForeground("12 (java) S 1 12 10 0 -1 4194304 0"));
        assertFalse(SignalForwarding.isInForeground("12 (java"));
    }
}
