// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

/** Mistakes in holding, watching and finding. */
final class WrongTargetsTest extends WrongBackendsTest {
    WrongTargetsTest() {
        super(WrongTargets.ALL);
    }
}
