// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The identity of a process (D16). On Linux it is of the form that the Linux backend gives, so that either finds what the
 * other wrote down, and it counts ticks since boot: the JDK's start instant is made from those and from a wall clock that
 * moves. Elsewhere it is that start instant.
 */
final class JdkIdentities {
    private static final String LINUX = "linux";

    private JdkIdentities() {}

    static ProcessIdentity of(JdkSystem system, ProcessHandle process) throws ProcessException {
        long pid = process.pid();
        long ticks = system.proc().startTicks(pid);
        if (ticks > 0) {
            TreeMap<String, String> marks = new TreeMap<>();
            put(marks, "boot", system.proc().bootId());
            put(marks, "ns", system.proc().pidNamespace());
            put(marks, "start", Long.toString(ticks));
            return ProcessIdentity.of(LINUX, pid, marks);
        }
        Instant start = process.info().startInstant().orElse(null);
        if (start == null) {
            throw ProcessException.builder(ErrorKind.UNSUPPORTED, "identity")
                    .pid(pid)
                    .detail("the JDK does not tell when this process began")
                    .build();
        }
        return ProcessIdentity.of(JdkBackend.NAME, pid, Map.of("start", Long.toString(start.toEpochMilli())));
    }

    private static void put(Map<String, String> marks, String name, String value) {
        if (!value.isEmpty()) {
            marks.put(name, value);
        }
    }
}
