// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.JavaChild;
import dev.osprocess.tck.child.WindowsSight;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Kit;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Situations that contracts put processes into, and looks at them that every system allows. */
final class Situations {
    /** A child of ours, a child of that child, and an object that was found for the latter. */
    record Family(Kit.Child parent, JavaChild line, OsProcess found) {
        long pid() {
            return line.pid();
        }
    }

    private Situations() {}

    static Family family(Kit kit) throws Exception {
        Kit.Child parent = kit.child();
        JavaChild line = kit.grandchild(parent);
        return new Family(parent, line, kit.find(line.pid()));
    }

    /** A child that has exited with this code and that nobody has waited for. */
    static Kit.Child ended(Kit kit, int code) throws Exception {
        Kit.Child child = kit.child();
        child.exit(code);
        awaitEnded(child.process());
        return child;
    }

    /** Waits until the system says that it has ended. */
    static void awaitEnded(OsProcess process) throws Exception {
        Bounded.await(
                "Target.liveness to say that pid " + process.pid() + " has ended",
                () -> process.liveness() != Liveness.RUNNING);
    }

    static ProcessState end(OsProcess process) throws Exception {
        return Bounded.call("waitFor of pid " + process.pid(), () -> process.waitFor());
    }

    /** What the future gives, in bounded time. */
    static <T> T get(String what, CompletableFuture<T> future) throws Exception {
        try {
            return future.get(Bounded.LONG.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hanging) {
            throw new AssertionError(
                    what + " has not completed within " + Bounded.LONG.toSeconds()
                            + " s; look at ExitEvents.add and await, and at Target.collect",
                    hanging);
        } catch (ExecutionException failed) {
            throw new AssertionError(what + " failed: " + failed.getCause(), failed);
        }
    }

    /**
     * Whether an ended process stays in the system for as long as anybody has a handle of it, which may be somebody else for
     * a moment: with kernel handles, and nothing to reap.
     */
    static boolean isKeptByHandles(Kit kit) {
        return kit.subject().has(Capability.HANDLE) && !kit.subject().has(Capability.REAP);
    }

    /** What an object that was found says of a process whose owner has collected its state. */
    static Liveness afterTheOwner(Kit kit) {
        return isKeptByHandles(kit) ? Liveness.EXITED : Liveness.GONE; // by the found object's own handle
    }

    /** Something to be found again and again. */
    @FunctionalInterface
    interface Finding {
        OsProcess find() throws Exception;
    }

    /** What is found of a process that has ended, once the system has let go of it. */
    static OsProcess findGone(Kit kit, Finding finding) throws Exception {
        OsProcess[] found = {finding.find()};
        if (isKeptByHandles(kit)) {
            Bounded.await("pid " + found[0].pid() + " to be gone, as its owner has no handle any more", () -> {
                if (found[0].status() == ProcessStatus.DONE) {
                    return true;
                }
                found[0].close();
                found[0] = finding.find();
                return false;
            });
        }
        return found[0];
    }

    /** Whether the system has a child of this JVM by this number, a zombie too. */
    static boolean isChild(long pid) {
        return ProcessHandle.current().children().anyMatch(child -> child.pid() == pid);
    }

    /** Waits until this JVM has no such child any more. */
    static void awaitReaped(long pid) throws Exception {
        Bounded.await("somebody to reap the child " + pid, () -> !isChild(pid));
    }

    /** Stops it. Where it can be seen, every thread of it has stopped when this returns. */
    static void stop(Kit kit, OsProcess process) throws Exception {
        process.signal(Signal.STOP);
        if (kit.subject().has(Sight.PROC)) {
            Bounded.await("pid " + process.pid() + " to stop", () -> isStopped(process.pid()));
        }
    }

    private static boolean isStopped(long pid) throws IOException {
        for (String thread : names(Path.of("/proc/" + pid + "/task"))) {
            try {
                if (stateOf(Path.of("/proc/" + pid + "/task/" + thread + "/stat")) != 'T') {
                    return false;
                }
            } catch (NoSuchFileException ended) {
                return false;
            }
        }
        return true;
    }

    /** The letter of /proc: S, T, Z. */
    static char stateOf(long pid) throws IOException {
        return stateOf(Path.of("/proc/" + pid + "/stat"));
    }

    private static char stateOf(Path stat) throws IOException {
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        return line.charAt(line.lastIndexOf(')') + 2);
    }

    /** The names in a folder. */
    static List<String> names(Path folder) throws IOException {
        String[] names = new File(folder.toString()).list();
        if (names == null) {
            throw new NoSuchFileException(folder.toString());
        }
        return List.of(names);
    }

    /** How many descriptors, or handles, this process has open. */
    static int descriptors() throws IOException {
        if (WindowsSight.isThere()) {
            return WindowsSight.handles();
        }
        for (String folder : List.of("/proc/self/fd", "/dev/fd")) {
            if (Files.isDirectory(Path.of(folder))) {
                return names(Path.of(folder)).size();
            }
        }
        throw new AssertionError("the subject says that descriptors can be listed, and there is no folder of them");
    }

    /** Processor time that the threads which watch for exits have used, of all engines in this JVM. */
    static Duration watchersTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
            throw new TestAbortedException("this JVM does not count the processor time of threads");
        }
        long nanos = 0;
        boolean any = false;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().endsWith("-exit-watcher")) {
                any = true;
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getId()));
            }
        }
        if (!any) {
            throw new AssertionError("no thread watches for exits; its name was osprocess-…-exit-watcher");
        }
        return Duration.ofNanos(nanos);
    }

    /** Keeps the processor busy until this thread has used so much of it. */
    static void work(Duration time) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + time.toNanos();
        while (threads.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** The one in the middle: a busy machine is late at times, and what is late every second time is late. */
    static Duration median(List<Duration> odd) {
        return odd.stream().sorted().toList().get(odd.size() / 2);
    }

    /** Names of this JVM's threads that one could have for each process; the JDK's own reaper is declared (D14). */
    static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper"));
    }

    /** Quiet attributes that make a child lead a group. */
    static ProcessAttributes.Builder leader(Kit kit) {
        return Kit.quiet()
                .system(kit.subject()
                        .groupLeader()
                        .orElseThrow(() -> new AssertionError("the backend has the capability SIGNAL_GROUP, and the"
                                + " subject does not say how a child becomes a leader: use Subject.withGroupLeader")));
    }
}
