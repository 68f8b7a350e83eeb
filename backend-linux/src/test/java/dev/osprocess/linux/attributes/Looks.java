// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.attributes;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What /proc says of a child's attributes. */
final class Looks {
    static final long NOBODY = 65_534;

    private Looks() {}

    static ProcessAttributes.Builder with(LinuxAttributes.Builder system) {
        return ProcessAttributes.builder().system(system.build());
    }

    /** A field of /proc/PID/status, its parts separated by one space each. */
    static String status(long pid, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(field + ":")) {
                return line.substring(field.length() + 1).trim().replaceAll("\\s+", " ");
            }
        }
        throw new AssertionError("no " + field + " in /proc/" + pid + "/status");
    }

    static String own(String field) throws IOException {
        return status(OsProcess.currentPid(), field);
    }

    static String link(long pid, String name) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/" + name)).toString();
    }

    static void assumeRoot() throws IOException {
        assumeTrue(Surroundings.isRoot(), "needs root");
    }

    static void assumePlainUser() throws IOException {
        assumeFalse(Surroundings.isRoot(), "needs an unprivileged user: scripts/linux-suite nobody");
    }
}
