// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where the tests run: what a test may count on, and names when it must do without. */
public final class Surroundings {
    private static final Duration SOON = Duration.ofSeconds(30);

    private Surroundings() {}

    /** Whether this JVM is root's. */
    public static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** Whether processes are held by pidfds here, as a fresh child says. */
    public static boolean pidfds() throws Exception {
        try (OsProcess child = OsProcess.start("/bin/true", List.of("true"))) {
            if (child.waitFor(SOON).isEmpty()) {
                throw new AssertionError(child + " has not ended");
            }
            return child.mode() == ProcessMode.HANDLE;
        }
    }

    /** Whether the kernel calls itself at least this version. */
    public static boolean kernelAtLeast(int major, int minor) {
        String[] parts = System.getProperty("os.version", "0.0").split("[^0-9]+", 3);
        int itsMajor = Integer.parseInt(parts[0]);
        return itsMajor > major || (itsMajor == major && Integer.parseInt(parts[1]) >= minor);
    }

    /** Whether orphans of this pid namespace become children of this JVM, as they do in some sandboxes. */
    public static boolean isInit() {
        return OsProcess.currentPid() == 1;
    }

    /** Whether scripts/linux-suite runs the tests under gVisor, a kernel of its own that differs in places. */
    public static boolean isGvisor() {
        return "gvisor".equals(System.getProperty("osprocess.test.place"));
    }

    /** Whether the kernel shows in /proc/PID/stat what only those with a right may see; gVisor shows zeros to all. */
    public static boolean statTellsExitCodes() throws IOException {
        return !statField(OsProcess.currentPid(), 28).equals("0");
    }

    /** A field of /proc/PID/stat, numbered as in proc_pid_stat(5), from the third on. */
    public static String statField(long pid, int field) throws IOException {
        String line = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        return line.substring(line.lastIndexOf(')') + 2).trim().split(" ", -1)[field - 3];
    }
}
