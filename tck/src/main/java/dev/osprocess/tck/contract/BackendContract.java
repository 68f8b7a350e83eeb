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

    /** ID. */
    @Nested
    public class Identity extends IdentityContract {}

    /** STATE. */
    @Nested
    public class Status extends StatusContract {}
    /** START: program, arguments, directory, thread. */
    @Nested
    public class Start extends StartContract {}

    /** START: environment, signals and limits. */
    @Nested
    public class StartEnvironment extends StartEnvironmentContract {}

    /** START: the descriptor table. */
    @Nested
    public class StartFiles extends StartFilesContract {}

    /** START: what cannot be started. */
    @Nested
    public class StartError extends StartErrorContract {}

    /** WAIT. */
    @Nested
    public class Wait extends WaitContract {}

    /** WAIT, of processes that are not our children. */
    @Nested
    public class ForeignWait extends ForeignWaitContract {}

    /** SIG. */
    @Nested
    public class Signals extends SignalContract {}

    /** SIG, of groups and trees, and stopping. */
    @Nested
    public class Groups extends GroupContract {}

    /** REL. */
    @Nested
    public class Release extends ReleaseContract {}

    /** HND. */
    @Nested
    public class Lending extends LendingContract {}

    /** CONC. */
    @Nested
    public class Concurrency extends ConcurrencyContract {}
    /** PS. */
    @Nested
    public class State extends ProcessStateContract {}

    /** OLD. */
    @Nested
    public class Numbers extends NumberContract {}

    /** ERR. */
    @Nested
    public class Errors extends ErrorContract {}
}
