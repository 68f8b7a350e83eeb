// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.linux.Surroundings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start needs, and what it leaves alone: memory, other starts, helpers, the calling thread. */
final class StartsTest extends KernelTest {
    private static final int UNDER_COLLECTIONS = 20;

    @TempDir
    private Path directory;

    // ---- memory
    // ------------------------------------------------------------------------------------------------------

    @Test
    void start23_underAStreamOfCollectionsEveryChildGetsWhatItWasGiven() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!enough.get()) {
                System.gc();
            }
        });
        collector.start();
        try {
            for (int i = 0; i < UNDER_COLLECTIONS; i++) {
                String value = "value " + i + "x".repeat(2000);
                String argument = "argument " + i + "y".repeat(2000);
                byte[] seen = output(
                        ProcessAttributes.builder().directory(directory).environment(Map.of("GIVEN", value)),
                        "printf '%s %s %s' \"$GIVEN\" \"$1\" \"$(pwd)\"",
                        OsString.of(argument));
                assertEquals(value + " " + argument + " " + directory.toRealPath(), text(seen));
            }
        } finally {
            enough.set(true);
            collector.join();
        }
    }

    private static final int PAGE = 4096;
    private static final int PAGES = 16_384;

    /** Says how many faults it costs to write to all pages again after a start by us, and after one that copies. */
    static final class Faults {
        private Faults() {}

        public static void main(String[] arguments) throws Exception {
            ByteBuffer memory = ByteBuffer.allocateDirect(PAGES * PAGE);
            OsProcess.start("/bin/true", List.of("true")).waitFor();
            new ProcessBuilder("/bin/true").start().waitFor();
            ChildJvm.print("none", faultsAfter(memory, () -> "nothing"));
            ChildJvm.print("copied", faultsAfter(memory, () -> new ProcessBuilder("/bin/true")
                    .start()
                    .waitFor()));
            ChildJvm.print("ours", faultsAfter(memory, () -> OsProcess.start("/bin/true", List.of("true"))
                    .waitFor()));
        }

        private static long faultsAfter(ByteBuffer memory, java.util.concurrent.Callable<?> start) throws Exception {
            write(memory);
            start.call();
            long before = faults();
            write(memory);
            return faults() - before;
        }

        private static void write(ByteBuffer memory) {
            for (int i = 0; i < PAGES; i++) {
                memory.put(i * PAGE, (byte) i);
            }
        }

        /** Field 10 of proc_pid_stat(5): minor faults. */
        private static long faults() throws Exception {
            return Long.parseLong(Surroundings.statField(RAW.getpid(), 10));
        }
    }

    @Test
    void start49_aStartCopiesNoMemory() throws Exception {
        // the JDK's way to fork copies the page tables, so that each page faults when it is written to again
        Map<String, String> printed = ChildJvm.run(
                "java=$1; shift; set -- \"$java\" -Djdk.lang.Process.launchMechanism=FORK \"$@\"", Faults.class);
        long none = Long.parseLong(printed.getOrDefault("none", "-1"));
        long copied = Long.parseLong(printed.getOrDefault("copied", "-1"));
        long ours = Long.parseLong(printed.getOrDefault("ours", "-1"));
        assumeTrue(
                copied - none > PAGES / 2,
                "needs a kernel that counts a fault for each page (/proc/PID/stat, field 10): " + printed);
        assertTrue(ours - none < PAGES / 8, printed.toString());
    }

    // ---- other starts
    // ------------------------------------------------------------------------------------------------

    @Test
    void start48_aStartThatHangsInItsFilesHoldsUpNobody() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertTrue(
                end(start(quiet().build(), "/usr/bin/mkfifo", fifo.toString())).success());
        ProcessAttributes attributes = ProcessAttributes.builder()
                .files(ChildFile.readFrom(fifo), ChildFile.nullDevice(), ChildFile.nullDevice())
                .build();
        FutureTask<OsProcess> hanging = new FutureTask<>(() -> start(attributes, "/bin/cat"));
        Thread thread = new Thread(hanging, "hangs");
        thread.start();
        await(true, () -> isIn(thread, "FileTable"));
        assertTrue(end(start(quiet().build(), "/bin/true")).success());
        assertFalse(hanging.isDone());
        FileChannel.open(fifo, StandardOpenOption.WRITE).close();
        assertTrue(end(hanging.get(SOON.toSeconds(), TimeUnit.SECONDS)).success());
    }

    private static boolean isIn(Thread thread, String className) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().endsWith(className)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void start48_aStartThatHangsInItsExecHoldsUpNobody() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LinuxSyscalls calls = (LinuxSyscalls) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LinuxSyscalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("posixSpawn")
                            && Thread.currentThread().getName().equals("hangs")) {
                        hangs.countDown();
                        goOn.await();
                    }
                    try {
                        return method.invoke(RAW, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getTargetException();
                    }
                });
        Engine engine =
                Engine.over(new LinuxBackend(LinuxProbe.of(calls, new JavaProcFiles(), SWITCHED_OFF ? "off" : "")));
        try {
            FutureTask<OsProcess> hanging =
                    new FutureTask<>(() -> FrontDoor.start(engine, "/bin/true", List.of("true"), quiet().build()));
            new Thread(hanging, "hangs").start();
            assertTrue(hangs.await(SOON.toSeconds(), TimeUnit.SECONDS));
            for (ProcessAttributes attributes : List.of(
                    ProcessAttributes.defaults(),
                    quiet().build(),
                    quiet().environment(List.of()).build())) {
                OsProcess other = FrontDoor.start(engine, "/bin/sleep", List.of("sleep", "1000"), attributes);
                assertTrue(other.kill());
                assertEquals("signal: killed", end(other).toString());
            }
            assertFalse(hanging.isDone());
            goOn.countDown();
            assertTrue(end(hanging.get(SOON.toSeconds(), TimeUnit.SECONDS)).success());
        } finally {
            goOn.countDown();
            engine.stop();
        }
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    /** Says whether the JDK can start a program, and whether we can. */
    static final class Starts {
        private Starts() {}

        public static void main(String[] arguments) throws Exception {
            boolean jdkCan = true;
            try {
                new ProcessBuilder("/bin/true").start().waitFor();
            } catch (java.io.IOException noHelper) {
                jdkCan = false;
            }
            ChildJvm.print("jdk", jdkCan);
            ChildJvm.print("ours", OsProcess.start("/bin/true", List.of("true")).waitFor());
        }
    }

    @Test
    void start50_aJdkWithoutItsHelperProgramStartsChildren() throws Exception {
        Path helper =
                Path.of(System.getProperty("java.home"), "lib", "jspawnhelper").toRealPath();
        String hide = "mount --bind /dev/null " + helper;
        assumeTrue(
                end(start(quiet().build(), "/bin/sh", "-c", "exec unshare --mount sh -c '" + hide + "'"))
                        .success(),
                "needs root, and mount namespaces, to hide " + helper);
        Map<String, String> printed =
                ChildJvm.run("set -- unshare --mount sh -c '" + hide + " && exec \"$@\"' sh \"$@\"", Starts.class);
        assertEquals("false", printed.get("jdk"), "the helper is there: " + printed);
        assertEquals("exit status 0", printed.get("ours"));
    }

    // ---- the calling thread
    // ------------------------------------------------------------------------------------------

    /** Field 19 of proc_pid_stat(5), of a process or thread. */
    private static String nice(String path) throws Exception {
        String line = Files.readString(Path.of(path + "/stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[19 - 3];
    }

    @Test
    void start51_theChildInheritsThePriorityOfTheThreadThatStartsIt() throws Exception {
        String before = nice("/proc/self");
        String lower = Integer.toString(Math.min(19, Integer.parseInt(before) + 3));
        FutureTask<OsProcess> polite = new FutureTask<>(() -> {
            Path self = Path.of("/proc/thread-self");
            assumeTrue(Files.exists(self), "needs /proc/thread-self, by which a thread learns its number");
            Path thread = Path.of("/proc").resolve(Files.readSymbolicLink(self));
            new ProcessBuilder("renice", "-n", lower, "-p", String.valueOf(thread.getFileName()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            assumeTrue(
                    nice(thread.toString()).equals(lower) && nice("/proc/self").equals(before),
                    "needs a kernel on which each thread has its own nice value (setpriority(2))");
            return start(quiet().build(), "/bin/sleep", "1000");
        });
        new Thread(polite, "polite").start();
        OsProcess child;
        try {
            child = polite.get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            if (failed.getCause() instanceof org.opentest4j.TestAbortedException aborted) {
                throw aborted;
            }
            throw failed;
        }
        assertEquals(lower, nice("/proc/" + child.pid()));
        assertEquals(before, nice("/proc/" + sleeper().pid()));
    }
}
