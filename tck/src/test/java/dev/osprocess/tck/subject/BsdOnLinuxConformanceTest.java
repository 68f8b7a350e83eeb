// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.subject;

import dev.osprocess.bsd.BsdAttributes;
import dev.osprocess.bsd.internal.BsdOnLinux;
import dev.osprocess.tck.Subject;
import dev.osprocess.tck.contract.BackendContract;

/** The BSD backend on Linux, under the profile of its own tests. */
final class BsdOnLinuxConformanceTest extends BackendContract {
    @Override
    public Subject subject() {
        return Subject.of(new BsdOnLinux())
                .withGroupLeader(BsdAttributes.builder().newProcessGroup().build());
    }
}
