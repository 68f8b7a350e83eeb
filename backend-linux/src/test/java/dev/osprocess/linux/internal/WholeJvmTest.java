// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.linux.Orphans;
import dev.osprocess.linux.Surroundings;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library in a JVM: its end, its loaders and threads, its parent, and errors of many threads at once. */
final class WholeJvmTest extends KernelTest {
    /** Calls of a thread; each costs many times more where the kernel is a program of its own. */
    private static final int CALLS = Surroundings.isGvisor() ? 500 : 20_000;

    @TempDir
    private Path directory;

    // ---- the JVM's end
    // -----------------------------------------------------------------------------------------------

    /** Ends while its child runs, is watched, and a future is pending. */
    static final class EndsFirst {
        private EndsFirst() {}

        public static void main(String[] arguments) throws Exception {
            OsProcess child = OsProcess.start("/bin/sleep", List.of("sleep", "1000"), quiet().build());
            var unused = child.onExit().thenAccept(state -> ChildJvm.print("end", state));
            ChildJvm.print("pid", child.pid());
        }
    }

    @Test
    void rel14_theJvmEndsBeforeItsChildAndTheChildLivesOn() throws Exception {
        Map<String, String> printed = ChildJvm.run("", EndsFirst.class);
        long pid = Long.parseLong(printed.getOrDefault("pid", "-1"));
        try (OsProcess orphan = OsProcess.find(pid)) {
            assertEquals(Liveness.RUNNING, orphan.liveness(), printed.toString());
            assertTrue(orphan.kill());
            await(true, () -> orphan.liveness() != Liveness.RUNNING);
        }
        Orphans.reap(pid);
        assertEquals(null, printed.get("end"));
    }

    // ---- its class loader
    // --------------------------------------------------------------------------------------------

    /** Uses the library through a loader of its own, which is closed while a child runs. */
    static final class ClosesTheLoader {
        private ClosesTheLoader() {}

        public static void main(String[] arguments) throws Exception {
            List<URL> places = new ArrayList<>();
            for (String place : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
                places.add(Path.of(place).toUri().toURL());
            }
            long pid;
            CompletableFuture<?> end;
            try (URLClassLoader loader =
                    new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                Class<?> front = loader.loadClass("dev.osprocess.OsProcess");
                ChildJvm.print("separate", front != OsProcess.class);
                Object child = front.getMethod("start", String.class, List.class)
                        .invoke(null, "/bin/sleep", List.of("sleep", "1000"));
                pid = (long) front.getMethod("pid").invoke(child);
                end = (CompletableFuture<?>) front.getMethod("onExit").invoke(child);
            }
            System.gc();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            Object state = end.get(SOON.toSeconds(), TimeUnit.SECONDS);
            ChildJvm.print("status", state.getClass().getMethod("rawStatus").invoke(state));
            ChildJvm.print("zombies", zombies());
        }
    }

    @Test
    void conc14_aClosedClassLoaderNeitherCrashesTheJvmNorLosesTheChild() throws Exception {
        Map<String, String> printed = ChildJvm.run("", ClosesTheLoader.class);
        assertEquals("true", printed.get("separate"));
        assertEquals("OptionalLong[9]", printed.get("status"), printed.toString());
        assertEquals("[]", printed.get("zombies"));
    }

    // ---- virtual threads
    // ---------------------------------------------------------------------------------------------

    private static final int WAITERS = 100;

    /** With one carrier for all virtual threads, many of them wait, and the last one ends what they wait for. */
    static final class VirtualWaiters {
        private VirtualWaiters() {}

        public static void main(String[] arguments) throws Exception {
            OsProcess child = OsProcess.start("/bin/sleep", List.of("sleep", "1000"), quiet().build());
            ExecutorService threads = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            List<Future<ProcessState>> waiters = new ArrayList<>();
            for (int i = 0; i < WAITERS; i++) {
                boolean timed = i % 2 == 0;
                waiters.add(threads.submit(() -> timed ? child.waitFor(SOON).orElseThrow() : child.waitFor()));
            }
            Future<Boolean> killer = threads.submit(child::kill);
            ChildJvm.print("killed", killer.get(SOON.toSeconds() / 2, TimeUnit.SECONDS));
            int ended = 0;
            for (Future<ProcessState> waiter : waiters) {
                ended += waiter.get(SOON.toSeconds(), TimeUnit.SECONDS)
                                .toString()
                                .equals("signal: killed")
                        ? 1
                        : 0;
            }
            ChildJvm.print("ended", ended);
        }
    }

    @Test
    void wait32_waitingVirtualThreadsLeaveTheirCarrierToOthers() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "needs virtual threads (JDK 21)");
        Map<String, String> printed = ChildJvm.run(
                "java=$1; shift; set -- \"$java\" -Djdk.virtualThreadScheduler.parallelism=1"
                        + " -Djdk.virtualThreadScheduler.maxPoolSize=1 \"$@\"",
                VirtualWaiters.class);
        assertEquals("true", printed.get("killed"), printed.toString());
        assertEquals(Integer.toString(WAITERS), printed.get("ended"));
    }

    // ---- the parent
    // --------------------------------------------------------------------------------------------------

    /** Says who its parent is before and after the first one has ended. */
    static final class Orphaned {
        private Orphaned() {}

        public static void main(String[] arguments) throws Exception {
            long first = OsProcess.parentPid();
            boolean asTheJdkSays = first == jdksParent();
            Files.createFile(Path.of(arguments[0])); // for which the parent waits
            await(true, () -> OsProcess.parentPid() != first);
            boolean stillAsTheJdkSays = OsProcess.parentPid() == jdksParent();
            Path said = Path.of(arguments[1]);
            Path complete = Path.of(arguments[1] + ".complete");
            Files.writeString(said, first + " " + asTheJdkSays + " " + stillAsTheJdkSays);
            Files.move(said, complete);
        }

        private static long jdksParent() {
            return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        }
    }

    @Test
    void id03_theParentIsAskedForAtEachCall() throws Exception {
        Path seen = directory.resolve("seen");
        Path said = directory.resolve("said");
        List<String> command =
                dev.osprocess.linux.ChildJvm.command(List.of(), Orphaned.class, seen.toString(), said.toString());
        List<String> arguments = new ArrayList<>(List.of(
                "-c",
                "file=$1; shift; \"$@\" & echo $!;" + " while [ ! -e \"$file\" ]; do sleep 0.02; done",
                "sh",
                seen.toString()));
        arguments.addAll(command);
        OsProcess parent = start(
                dev.osprocess.ProcessAttributes.builder()
                        .files(
                                dev.osprocess.ChildFile.nullDevice(),
                                dev.osprocess.ChildFile.pipe(),
                                dev.osprocess.ChildFile.inherit(2))
                        .build(),
                "/bin/sh",
                arguments.toArray(String[]::new));
        long orphan = Long.parseLong(text(readAll(parent.pipe(1))).trim()); // at the end of both, as both hold the pipe
        parent.pipe(1).close();
        assertTrue(end(parent).success());
        assertEquals(parent.pid() + " true true", Files.readString(Path.of(said + ".complete")));
        await(true, () -> !Files.exists(Path.of("/proc/" + orphan)) || processState(orphan) == 'Z');
        Orphans.reap(orphan);
    }

    // ---- the child's times
    // -------------------------------------------------------------------------------------------

    @Test
    void ps10_theTimesOfADescendantCountWhereTheChildWaitedForItAndASiblingsDoNot() throws Exception {
        String busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        OsProcess idle = sleeper();
        ProcessState waited = end(start(quiet().build(), "/bin/sh", "-c", "(" + busy + "); exit 0"));
        assertTrue(
                cpu(waited).compareTo(Duration.ofMillis(10)) > 0, waited.usage().toString());
        idle.kill();
        ProcessState sibling = end(idle);
        assertTrue(cpu(sibling).compareTo(cpu(waited)) < 0, sibling.usage() + " and " + waited.usage());
    }

    private static Duration cpu(ProcessState state) {
        return state.userTime().orElseThrow().plus(state.systemTime().orElseThrow());
    }

    // ---- errors
    // ------------------------------------------------------------------------------------------------------

    @Test
    void err08_everyThreadGetsTheErrorNumberOfItsOwnCall() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!enough.get()) {
                System.gc(); // the JVM's own calls at its safepoints set errno too
            }
        });
        collector.start();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            byte[] missing = Scripts.bytes("/no/such/file");
            List<Future<?>> all = List.of(
                    threads.submit(() -> repeat(Errno.EBADF, () -> RAW.close(-1))),
                    threads.submit(() -> repeat(Errno.ENOENT, () -> RAW.open(missing, 0, 0))),
                    threads.submit(() -> repeat(Errno.EINVAL, () -> RAW.kill(RAW.getpid(), 999))));
            for (Future<?> one : all) {
                one.get(SOON.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            enough.set(true);
            collector.join();
            threads.shutdown();
        }
    }

    private static void repeat(int expected, org.junit.jupiter.api.function.Executable call) {
        for (int i = 0; i < CALLS; i++) {
            assertEquals(expected, assertThrows(ErrnoException.class, call).errno());
        }
    }

    @Test
    void err13_theCauseIsTheNativeError() throws Exception {
        OsProcess child = sleeper();
        List<org.junit.jupiter.api.function.Executable> failing = List.of(
                () -> OsProcess.start("/no/such/program", List.of("program")),
                () -> OsProcess.start("/", List.of("folder")),
                () -> OsProcess.start(
                        "/bin/true",
                        List.of("true"),
                        quiet().directory(Path.of("/no/such")).build()),
                () -> child.signal(Signal.of(999)));
        for (org.junit.jupiter.api.function.Executable call : failing) {
            ProcessException failure = assertThrows(ProcessException.class, call);
            ErrnoException cause = assertInstanceOf(ErrnoException.class, failure.getCause(), failure.toString());
            assertEquals(failure.nativeNumber().orElseThrow(), cause.errno());
            assertEquals(failure.nativeName().orElseThrow(), Errno.name(cause.errno()));
        }
    }
}
