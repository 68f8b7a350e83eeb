// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.subject;

import dev.osprocess.tck.Subject;
import dev.osprocess.tck.contract.BackendContract;
import dev.osprocess.tck.run.Subjects;

/** The JDK fallback. */
final class JdkConformanceTest extends BackendContract {
    @Override
    public Subject subject() {
        return Subjects.named("jdk");
    }
}
