// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.coldstart;

import dev.osprocess.OsProcess;
import java.util.List;

/**
 * What a program pays for its first child: starts /bin/true, waits for it, and prints the microseconds from the beginning
 * of main. See scripts/first-child. The argument says by what: {@code osprocess}, or {@code jdk} for ProcessBuilder.
 */
public final class FirstChild {
    private FirstChild() {}

    /** See above. */
    public static void main(String[] args) throws Exception {
        long begin = System.nanoTime();
        long code;
        if (args[0].equals("jdk")) {
            code = new ProcessBuilder("/bin/true").start().waitFor();
        } else {
            code = OsProcess.start("/bin/true", List.of("true")).waitFor().exitCode();
        }
        long micros = (System.nanoTime() - begin) / 1000;
        if (code != 0) {
            throw new AssertionError("/bin/true ended with " + code);
        }
        System.out.println(micros);
    }
}
