// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.Target;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many there are. */
class WrongOnesTest {
    private static final int AT_LEAST = 100;

    /** What is not forwarded would be the interface's default: a mistake that nobody meant. */
    @Test
    void whatHasNoMistakeForwardsEverything() throws Exception {
        Map<Class<?>, Class<?>> forwarding = Map.of(
                ProcessBackend.class, ForwardingBackend.class,
                Target.class, ForwardingTarget.class,
                ExitEvents.class, ForwardingExitEvents.class);
        for (Map.Entry<Class<?>, Class<?>> pair : forwarding.entrySet()) {
            for (Method method : pair.getKey().getMethods()) {
                Method found = pair.getValue().getMethod(method.getName(), method.getParameterTypes());
                assertEquals(pair.getValue(), found.getDeclaringClass(), () -> "who overrides " + method);
            }
        }
    }

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
