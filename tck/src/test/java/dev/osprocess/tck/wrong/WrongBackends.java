// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import java.util.List;
import java.util.stream.Stream;

/** The backends that the kit must see through. */
final class WrongBackends {
    private WrongBackends() {}

    static final List<WrongBackend> ALL =
            Stream.concat(WrongStarts.ALL.stream(), WrongTargets.ALL.stream()).toList();
}
