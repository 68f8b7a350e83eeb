// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.windows.internal.Handled;
import dev.osprocess.windows.internal.Shell32;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Windows's own parser gives back what was put into a command line. */
@AddLifecycleHook(QuotingTest.OnWindowsOnly.class)
final class QuotingTest {
    /** The same condition as that of {@link RealProcesses}. */
    static final class OnWindowsOnly implements SkipExecutionHook {
        @Override
        public SkipResult shouldBeSkipped(LifecycleContext context) {
            return System.getProperty("os.name", "").startsWith("Windows")
                    ? SkipResult.doNotSkip()
                    : SkipResult.skip("these tests need Windows, or Wine: scripts/windows-suite");
        }
    }

    @Provide
    static Arbitrary<List<String>> arguments() {
        Arbitrary<String> hard = Arbitraries.strings()
                .withChars(' ', '\t', '"', '\\', 'a', '\n', '%', '\'')
                .ofMaxLength(10);
        Arbitrary<String> any =
                Arbitraries.strings().withCharRange('\u0001', '\uFFFF').ofMaxLength(5);
        return Arbitraries.frequencyOf(Tuple.of(4, hard), Tuple.of(1, any))
                .list()
                .ofMaxSize(5);
    }

    @Property(tries = 100_000)
    void start41_whatIsPutIntoALineComesBack(@ForAll("arguments") List<String> arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("C:\\my programs\\x.exe"));
        all.addAll(arguments);
        assertEquals(all, Shell32.parse(Handled.commandLine(all)));
    }
}
