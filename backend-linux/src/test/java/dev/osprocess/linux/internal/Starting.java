// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.LinuxCredentials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Starts a thousand children as another user from eight threads, while a process of that user tries to kill this JVM; by the
 * helper, or, to show what that prevents, with the credentials set on its own threads.
 */
final class Starting {
    private static final int USER = 65_534;
    private static final int THREADS = 8;
    private static final int STARTS = 1_000;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int SYS_SETRESUID_X86 = 117;
    private static final int SYS_SETRESUID_ARM = 147;

    private Starting() {}

    public static void main(String[] arguments) throws Exception {
        boolean byHelper = arguments[0].equals("helper");
        ProcessAttributes other = attributes(
                LinuxAttributes.builder()
                        .credentials(LinuxCredentials.of(USER, USER))
                        .build(),
                ChildFile.nullDevice(),
                ChildFile.nullDevice());
        Set<String> before = picture();
        OsProcess attacker = OsProcess.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                List.of(
                        "java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        arguments[1],
                        Attacker.class.getName(),
                        Long.toString(OsProcess.currentPid())),
                ProcessAttributes.builder()
                        .directory(Path.of("/"))
                        .environment(List.of("PATH=/usr/bin:/bin"))
                        .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                        .system(other.system().orElseThrow())
                        .build());
        try {
            check("attacking".equals(line(attacker)), "the attacker did not begin");
            int started = byHelper ? inThreads(() -> once(other)) : inThreads(Starting::onceOnThisThread);
            attacker.pipe(0).write(ByteBuffer.wrap(new byte[1]));
            String[] tried = line(attacker).split(" ", -1);
            System.out.println(started + " starts, " + tried[0] + " signals tried, " + tried[1] + " landed");
            check(Long.parseLong(tried[0]) >= Attacker.ENOUGH, "too few attempts");
            check(tried[1].equals("0"), "a signal landed");
        } finally {
            attacker.kill();
            attacker.waitFor();
        }
        Set<String> after = picture();
        check(before.equals(after), "this JVM was " + before + " and is " + after);
    }

    /** The next line of its output; a Reader over a FileChannel would wait for more. */
    private static String line(OsProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (process.pipe(1).read(one.clear()) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString();
    }

    private static ProcessAttributes attributes(LinuxAttributes system, ChildFile input, ChildFile output) {
        return ProcessAttributes.builder()
                .files(input, output, ChildFile.inherit(2))
                .system(system)
                .build();
    }

    /** One start. */
    private interface Start {
        void run() throws Exception;
    }

    private static int inThreads(Start start) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < STARTS / THREADS; j++) {
                    try {
                        start.run();
                    } catch (Exception failure) {
                        failures.add(failure);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        check(failures.isEmpty(), "failed: " + failures);
        return STARTS;
    }

    private static void once(ProcessAttributes attributes) throws Exception {
        try (OsProcess child = OsProcess.start("/bin/true", List.of("true"), attributes)) {
            check(child.waitFor().success(), child + " failed");
        }
    }

    /** What must not be done: for the time of the start this thread is another user's, who may kill it. */
    private static void onceOnThisThread() throws Exception {
        NativeFunction syscall = NativeFunction.of("syscall", 4);
        int number = System.getProperty("os.arch", "").equals("aarch64") ? SYS_SETRESUID_ARM : SYS_SETRESUID_X86;
        check((int) syscall.call(number, -1, USER, -1) == 0, "the thread's effective user was not changed");
        check((int) syscall.call(number, USER, USER, 0) == 0, "the thread's user was not changed");
        try {
            once(ProcessAttributes.defaults());
        } finally {
            check((int) syscall.call(number, 0, 0, 0) == 0, "the thread's user was not restored");
        }
    }

    /** What this JVM is: of each thread what /proc tells of its rights, and of the process the rest. */
    private static Set<String> picture() throws IOException {
        Set<String> picture = new TreeSet<>();
        NativeFunction prctl = NativeFunction.of("prctl", 1);
        picture.add("dumpable " + (int) prctl.call(PR_GET_DUMPABLE));
        picture.add("cwd " + Files.readSymbolicLink(Path.of("/proc/self/cwd")));
        picture.add("root " + Files.readSymbolicLink(Path.of("/proc/self/root")));
        picture.addAll(Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.US_ASCII));
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                try {
                    for (String line : Files.readAllLines(task.resolve("status"), StandardCharsets.ISO_8859_1)) {
                        if (line.matches("(Uid|Gid|Groups|Umask|Cap...|NoNewPrivs|Seccomp|Cpus_allowed):.*")) {
                            picture.add(line);
                        }
                    }
                    picture.addAll(Files.readAllLines(task.resolve("cgroup"), StandardCharsets.US_ASCII));
                } catch (NoSuchFileException ended) {
                    // a thread that ended meanwhile
                }
            }
        }
        return picture;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
