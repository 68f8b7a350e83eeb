// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.attributes;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.LinuxAttributes;
import java.io.IOException;
import java.util.List;

/** Starts children that end with the JVM, each from a thread that ends at once; then waits to be ended. */
final class ShortLivedStarters {
    private static final int CHILDREN = 4;

    private ShortLivedStarters() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int i = 0; i < CHILDREN; i++) {
            Thread thread = new Thread(() -> start(LinuxAttributes.builder().killOnParentExit()));
            thread.start();
            thread.join();
        }
        System.out.println("threads are gone");
        start(LinuxAttributes.builder().umask(0));
        if (System.in.read() != -1) {
            throw new AssertionError("nothing was to be said");
        }
    }

    private static void start(LinuxAttributes.Builder system) {
        ProcessAttributes attributes = ProcessAttributes.builder()
                .files(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.nullDevice())
                .system(system.build())
                .build();
        try {
            System.out.println(OsProcess.start("/bin/sleep", List.of("sleep", "1000"), attributes)
                    .pid());
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
    }
}
