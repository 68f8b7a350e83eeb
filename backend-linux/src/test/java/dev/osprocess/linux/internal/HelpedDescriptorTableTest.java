// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ProcessAttributes;
import dev.osprocess.linux.LinuxAttributes;

/** The same through the birth helper, which must not be seen: with an attribute that changes nothing (ADR 0018). */
final class HelpedDescriptorTableTest extends DescriptorTableTest {
    private static final LinuxAttributes HELPED =
            LinuxAttributes.builder().nice(0).build();

    @Override
    ProcessAttributes.Builder attributes() {
        return super.attributes().system(HELPED);
    }
}
