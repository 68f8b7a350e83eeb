// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.tck.Subject;
import dev.osprocess.tck.contract.BackendContract;

/** The example passes the kit. */
final class ExampleConformanceTest extends BackendContract {
    @Override
    public Subject subject() {
        return Subject.of(new ExampleBackend());
    }
}
