// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.spi.Capability;
import java.io.File;
import java.util.EnumSet;
import java.util.Set;

/** What this backend must know of the system below the JDK: tables only, so that all are tested on every host. */
enum JdkHost {
    /** Signals 1 to 64 (signal(7)). */
    LINUX(64, Integer.MAX_VALUE, "/dev/null", "the backend 'linux' has it"),
    /** Signals 1 to 31 (sys/signal.h). */
    MAC(31, Integer.MAX_VALUE, "/dev/null", "the backend 'bsd' has it"),
    /** Any other Unix: as many signals as a wait status can say. */
    UNIX(127, Integer.MAX_VALUE, "/dev/null", "the backend 'bsd' has it, where it is available"),
    /** No signals; process ids of 32 bits. */
    WINDOWS(0, 0xFFFF_FFFFL, "NUL", "the backend 'windows' has it");

    /** Those of the Windows backend. */
    private static final Set<Capability> OF_WINDOWS = EnumSet.of(
            Capability.HANDLE,
            Capability.CHILDREN,
            Capability.EXACT_CAUSE,
            Capability.RESOURCE_USAGE,
            Capability.ARGV0,
            Capability.CLOSED_FILES,
            Capability.FOREIGN_EXIT_EVENT);

    /** What the backend of the BSDs cannot do. */
    private static final Set<Capability> NOT_OF_BSD = EnumSet.of(Capability.HANDLE, Capability.CHILDREN);

    private final int highestSignal;
    private final long highestPid;
    private final String nullDevice;
    private final String whoHas;

    JdkHost(int highestSignal, long highestPid, String nullDevice, String whoHas) {
        this.highestSignal = highestSignal;
        this.highestPid = highestPid;
        this.nullDevice = nullDevice;
        this.whoHas = whoHas;
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

    /** Which backend for this system has what this one lacks; empty if none has. */
    String whoHas(Capability missing) {
        boolean has =
                switch (this) {
                    case LINUX -> true;
                    case MAC, UNIX -> !NOT_OF_BSD.contains(missing);
                    case WINDOWS -> OF_WINDOWS.contains(missing);
                };
        return has ? whoHas : "";
    }

    /** A remedy, and who can do what this backend bends or cannot say. */
    String remedy(String remedy) {
        return remedy + "; " + whoHas;
    }

    /** The same for a capability. */
    String remedy(String remedy, Capability missing) {
        String who = whoHas(missing);
        return who.isEmpty() ? remedy : remedy + "; " + who;
    }

    File nullDevice() {
        return new File(nullDevice);
    }

    /** Whether a name holds a separator of paths. One that holds none would be searched for in PATH. */
    boolean hasSeparator(String program) {
        return program.indexOf('/') >= 0 || (isWindows() && program.indexOf('\\') >= 0);
    }
}
