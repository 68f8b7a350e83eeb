// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Tries to kill every thread of a process by kill and tgkill, again and again, until its input ends and it has tried often
 * enough; says how often, and how many were not refused.
 */
final class Attacker {
    static final long ENOUGH = 1_000_000;

    private static final int SIGKILL = 9;
    private static final int ROUNDS = 50;

    private Attacker() {}

    public static void main(String[] arguments) throws IOException {
        int victim = Integer.parseInt(arguments[0]);
        LinuxAbi abi = Objects.requireNonNull(LinuxAbi.of(System.getProperty("os.arch", "")));
        NativeFunction kill = NativeFunction.of("kill", 2);
        NativeFunction tgkill = NativeFunction.of("syscall", 4);
        int number = abi.sysWaitid == 247 ? 234 : 131; // tgkill, asm/unistd.h
        System.out.println("attacking");
        InputStream input = System.in;
        long tried = 0;
        long landed = 0;
        boolean wanted = true;
        while (wanted || tried < ENOUGH) {
            for (int thread : threads(victim)) {
                for (int i = 0; i < ROUNDS; i++) {
                    landed += (int) kill.call(thread, SIGKILL) == 0 ? 1 : 0;
                    landed += (int) tgkill.call(number, victim, thread, SIGKILL) == 0 ? 1 : 0;
                    tried += 2;
                }
            }
            if (wanted && input.available() > 0) {
                wanted = false;
            }
            if (!Files.exists(Path.of("/proc/" + victim))) {
                break;
            }
        }
        System.out.println(tried + " " + landed);
    }

    private static List<Integer> threads(int victim) throws IOException {
        List<Integer> threads = new ArrayList<>(List.of(victim));
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + victim + "/task"))) {
            for (Path task : tasks) {
                threads.add(Integer.parseInt(String.valueOf(task.getFileName())));
            }
        } catch (IOException ended) {
            // looked for below
        }
        return threads;
    }
}
