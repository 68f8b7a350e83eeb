// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.io.File;

/** What this backend must know of the system below the JDK: tables only, so that all are tested on every host. */
enum JdkHost {
    /** Signals 1 to 64 (signal(7)). */
    LINUX(64, Integer.MAX_VALUE, "/dev/null"),
    /** Signals 1 to 31 (sys/signal.h). */
    MAC(31, Integer.MAX_VALUE, "/dev/null"),
    /** Any other Unix: as many signals as a wait status can say. */
    UNIX(127, Integer.MAX_VALUE, "/dev/null"),
    /** No signals; process ids of 32 bits. */
    WINDOWS(0, 0xFFFF_FFFFL, "NUL");

    private final int highestSignal;
    private final long highestPid;
    private final String nullDevice;

    JdkHost(int highestSignal, long highestPid, String nullDevice) {
        this.highestSignal = highestSignal;
        this.highestPid = highestPid;
        this.nullDevice = nullDevice;
    }

    /** The one that {@code os.name} means. */
    static JdkHost of(String osName) {
        if (osName.startsWith("Windows")) {
            return WINDOWS;
        }
        if (osName.equals("Linux")) {
            return LINUX;
        }
        return osName.startsWith("Mac") || osName.equals("Darwin") ? MAC : UNIX;
    }

    boolean isWindows() {
        return this == WINDOWS;
    }

    /** The largest number that a signal can have; 0 where there are none. */
    int highestSignal() {
        return highestSignal;
    }

    /** The largest number that a process id can be. The JDK narrows to 32 bits without a look (ID-09). */
    long highestPid() {
        return highestPid;
    }

    File nullDevice() {
        return new File(nullDevice);
    }

    /** Whether a name holds a separator of paths. One that holds none would be searched for in PATH. */
    boolean hasSeparator(String program) {
        return program.indexOf('/') >= 0 || (isWindows() && program.indexOf('\\') >= 0);
    }
}
