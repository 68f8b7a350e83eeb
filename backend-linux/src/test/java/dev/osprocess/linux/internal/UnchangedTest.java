// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.linux.ChildJvm;
import dev.osprocess.linux.Surroundings;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts with another user's credentials leave the JVM as it was, and that user cannot reach it meanwhile (START-35). In
 * JVMs of their own, with an attacker of that user beside them.
 */
@Tag("kernel")
@Timeout(300)
final class UnchangedTest {
    private static final int KILLED = 128 + 9;
    private static final int LIMIT_SECONDS = 240;

    /** The classes that the attacker needs, where everybody may read them. */
    @TempDir
    private Path readable;

    @BeforeEach
    void copyClasses() throws IOException {
        assumeTrue(Surroundings.isRoot(), "needs root, to start children of another user");
        assumeFalse(Surroundings.isGvisor(), "gVisor has no /proc/PID/limits to compare");
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String classPath() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path to = readable.resolve(copies.size() + "-" + from.getFileName());
                copy(from, to);
                copies.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                open(Files.createDirectories(to.resolve(from.relativize(folder).toString())), "rwxr-xr-x");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                open(Files.copy(file, to.resolve(from.relativize(file).toString())), "rw-r--r--");
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void open(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private int run(String how) throws Exception {
        Process jvm = new ProcessBuilder(ChildJvm.command(List.of(), Starting.class, how, classPath()))
                .inheritIO()
                .start();
        try {
            assertTrue(jvm.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "the JVM has not ended");
            return jvm.exitValue();
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void start35_aThousandStartsAsAnotherUserAreOutOfThatUsersReach() throws Exception {
        assertEquals(0, run("helper"));
    }

    /** Shows that the attack works: that it would hit a JVM which sets credentials on its threads. */
    @Test
    void start35_credentialsOnAThreadOfTheJvmWouldBeHit() throws Exception {
        int code = run("thread");
        assertNotEquals(0, code);
        assertEquals(KILLED, code);
    }
}
