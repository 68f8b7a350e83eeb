// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a Linux process (D16): boot, pid namespace, start time in clock ticks since boot (usually 10 ms each),
 * and the inode of its pidfd where the kernel has pidfs. Two bearers of one number differ in the inode always, and in the
 * ticks unless both began within one.
 */
final class Identities {
    static final String SYSTEM = "linux";

    private Identities() {}

    static ProcessIdentity of(ProcFs proc, long pid, ProcFs.@Nullable Stat stat, String inode) throws ProcessException {
        TreeMap<String, String> marks = new TreeMap<>();
        put(marks, "boot", proc.bootId());
        put(marks, "ns", proc.pidNamespace());
        put(marks, "inode", inode);
        if (stat != null && stat.startTicks() > 0) { // some kernels say 0: no start time then
            put(marks, "start", Long.toString(stat.startTicks()));
        }
        if (!marks.containsKey("start") && !marks.containsKey("inode")) {
            throw ProcessException.builder(ErrorKind.UNSUPPORTED, "identity")
                    .pid(pid)
                    .detail("neither a start time in /proc/" + pid + "/stat nor a pidfs inode can be read here")
                    .build();
        }
        return ProcessIdentity.of(SYSTEM, pid, marks);
    }

    private static void put(Map<String, String> marks, String name, String value) {
        if (!value.isEmpty()) {
            marks.put(name, value);
        }
    }
}
