// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.tck.Difference;
import dev.osprocess.tck.Subject;
import dev.osprocess.tck.contract.BackendContract;
import java.util.List;

/** The example passes the kit. */
final class ExampleConformanceTest extends BackendContract {
    private static final List<Difference> JDK = List.of(
            new Difference("START-07", "ProcessBuilder orders the environment anew"),
            new Difference("START-20", "the JDK does not mark its pipes close-on-exec; its launcher closes them"),
            new Difference("START-21", "ProcessBuilder's launcher leaves signals blocked as this JVM has them"),
            new Difference("START-29", "ProcessBuilder tells 'text file busy' by its text alone"),
            new Difference("WAIT-31", "the JDK ends our end of a pipe when the child ends, whoever else holds it"),
            new Difference(
                    "ERR-13", "kill(1) and the JDK make the calls, so there is no native error to be the last cause"));

    @Override
    public Subject subject() {
        return Subject.of("example", new ExampleBackend(), Subject.usualSights(), JDK);
    }
}
