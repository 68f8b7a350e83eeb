// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import dev.osprocess.tck.SubjectSource;
import org.junit.jupiter.api.Nested;

/**
 * All rules that a backend can show from outside. Extend it, say in {@link #subject()} what to run them against, and JUnit
 * does the rest:
 *
 * <pre>{@code
 * final class MyBackendConformanceTest extends BackendContract {
 *     public Subject subject() {
 *         return Subject.of(new MyBackend());
 *     }
 * }
 * }</pre>
 */
public abstract class BackendContract implements SubjectSource {
    /** For subclasses. */
    protected BackendContract() {}

    /** WAIT. */
    @Nested
    public class Wait extends WaitContract {}
}
