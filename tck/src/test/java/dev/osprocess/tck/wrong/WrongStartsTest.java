// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

/** Mistakes in starting. */
final class WrongStartsTest extends WrongBackendsTest {
    WrongStartsTest() {
        super(WrongStarts.ALL);
    }
}
