// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long after a process was killed its end is seen: by the JDK's own {@code onExit} and by this library's,
 * for a child and for a process that is none; and what one look at such a process costs. No test: it prints, and
 * {@code scripts/exit-latency} runs it.
 */
final class ExitLatency {
    private static final int LOOKS = 20_000;

    private ExitLatency() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        System.out.println(
                "JDK " + Runtime.version() + "; milliseconds from the kill to the end of the future, median (worst)");
        System.out.printf(Locale.ROOT, "%-12s %-10s %-22s %-22s%n", "process", "ran for", "JDK", "osprocess");
        for (int millis : new int[] {100, 500, 2000, 5000}) {
            foreign(millis, rounds);
        }
        for (int millis : new int[] {100, 500}) {
            child(millis, rounds);
        }
        lookCost();
    }

    private static void foreign(int millis, int rounds) throws Exception {
        double[] jdk = new double[rounds];
        double[] ours = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            try (OsProcess shell = sleeperOfAShell();
                    OsProcess found = OsProcess.find(numberOf(shell))) {
                ProcessHandle handle = ProcessHandle.of(found.pid()).orElseThrow();
                CompletableFuture<Long> byJdk = handle.onExit().thenApply(unused -> System.nanoTime());
                CompletableFuture<Long> byUs = found.onExit().thenApply(unused -> System.nanoTime());
                pause(millis);
                long killed = System.nanoTime();
                handle.destroyForcibly();
                jdk[i] = (byJdk.get() - killed) / 1e6;
                ours[i] = (byUs.get() - killed) / 1e6;
                shell.waitFor();
            }
        }
        print("not a child", millis, jdk, ours);
    }

    private static void child(int millis, int rounds) throws Exception {
        double[] jdk = new double[rounds];
        double[] ours = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Process theirs = new ProcessBuilder("/bin/sleep", "300").start();
            CompletableFuture<Long> byJdk = theirs.onExit().thenApply(unused -> System.nanoTime());
            try (OsProcess child = OsProcess.start("/bin/sleep", List.of("/bin/sleep", "300"))) {
                CompletableFuture<Long> byUs = child.onExit().thenApply(unused -> System.nanoTime());
                pause(millis);
                long killed = System.nanoTime();
                theirs.toHandle().destroyForcibly();
                jdk[i] = (byJdk.get() - killed) / 1e6;
                killed = System.nanoTime();
                child.kill();
                ours[i] = (byUs.get() - killed) / 1e6;
            }
        }
        print("child", millis, jdk, ours);
    }

    /** A shell that tells the number of its child and reaps it. */
    private static OsProcess sleeperOfAShell() throws Exception {
        return OsProcess.start(
                "/bin/sh",
                List.of("/bin/sh", "-c", "sleep 300 >/dev/null & echo $!; wait"),
                ProcessAttributes.builder()
                        .files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.inherit(2))
                        .build());
    }

    private static long numberOf(OsProcess shell) throws Exception {
        return Long.parseLong(
                new BufferedReader(new InputStreamReader(Channels.newInputStream(shell.pipe(1)), "US-ASCII"))
                        .readLine());
    }

    private static void lookCost() throws Exception {
        try (OsProcess shell = sleeperOfAShell()) {
            ProcessHandle handle = ProcessHandle.of(numberOf(shell)).orElseThrow();
            FoundTarget target =
                    new FoundTarget(JdkSystem.over(new JavaCalls(), JdkHost.of(System.getProperty("os.name"))), handle);
            long spent = 0;
            for (int round = 0; round < 2; round++) { // the first warms up
                long before = System.nanoTime();
                for (int i = 0; i < LOOKS; i++) {
                    if (target.collect() != null) {
                        throw new AssertionError("it has ended");
                    }
                }
                spent = System.nanoTime() - before;
            }
            System.out.printf(Locale.ROOT, "one look at a process that is no child: %.1f µs%n", spent / 1e3 / LOOKS);
            handle.destroyForcibly();
            shell.waitFor();
        }
    }

    private static void pause(int millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void print(String what, int millis, double[] jdk, double[] ours) {
        System.out.printf(Locale.ROOT, "%-12s %-10s %-22s %-22s%n", what, millis + " ms", text(jdk), text(ours));
    }

    private static String text(double[] values) {
        Arrays.sort(values);
        return String.format(Locale.ROOT, "%.1f (%.1f)", values[values.length / 2], values[values.length - 1]);
    }
}
