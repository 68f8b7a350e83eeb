// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.linux.Surroundings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** JVMs in odd surroundings: limits, inherited signals and descriptors. */
final class SurroundingsTest extends KernelTest {
    private static final int WAITED_FOR_AT_ONCE = Integer.getInteger("osprocess.test.manyWaiters", 2000);

    // ---- SIGCHLD ignored
    // ---------------------------------------------------------------------------------------------

    static final class ExitCodes {
        private ExitCodes() {}

        public static void main(String[] arguments) throws Exception {
            long before = Long.parseUnsignedLong(statusField(RAW.getpid(), "SigIgn"), 16);
            ChildJvm.print("ignoredAtFirst", (before & (1L << (LinuxAbi.SIGCHLD - 1))) != 0);
            for (int code = 0; code < 20; code++) {
                OsProcess child = OsProcess.start("/bin/sh", List.of("sh", "-c", "exit " + code), quiet().build());
                ChildJvm.print("mode", child.mode());
                ChildJvm.print("code" + code, child.waitFor(SOON).orElseThrow());
            }
            OsProcess child = OsProcess.start("/bin/sleep", List.of("sleep", "1000"), quiet().build());
            // 32 and 33 are the C library's own, and ignored in whatever its posix_spawn made without naming them
            long ignored = Long.parseUnsignedLong(statusField(child.pid(), "SigIgn"), 16);
            ChildJvm.print("ignored", Long.toHexString(ignored & ~(3L << 31)));
            child.kill();
            ChildJvm.print("killed", child.waitFor(SOON).orElseThrow());
            ChildJvm.print("zombies", zombies());
        }
    }

    @Test
    void wait18_aJvmThatWasStartedWithSigchldIgnoredStillLearnsEveryState() throws Exception {
        assumeShowsSignals();
        // shells keep SIGCHLD for themselves, env(1) of GNU does not
        String surroundings = "set -- env --default-signal=INT,QUIT --ignore-signal=CHLD \"$@\"";
        assumeTrue(
                new ProcessBuilder("env", "--ignore-signal=CHLD", "true")
                                .start()
                                .waitFor()
                        == 0,
                "env(1) has no --ignore-signal (GNU coreutils 8.31)");
        Map<String, String> printed = ChildJvm.run(surroundings, ExitCodes.class);
        assertEquals("true", printed.get("ignoredAtFirst"), "the surroundings are not as this test needs them");
        for (int code = 0; code < 20; code++) {
            assertEquals("exit status " + code, printed.get("code" + code));
        }
        assertEquals("signal: killed", printed.get("killed"));
        assertEquals("[]", printed.get("zombies"));
        assertEquals("0", printed.get("ignored"), "the child's own signals");
        assertEquals(expectedMode().toString(), printed.get("mode"));
        String log = Objects.requireNonNull(printed.get("log"));
        assertEquals(log.indexOf("SIGCHLD was ignored"), log.lastIndexOf("SIGCHLD was ignored"), "said once: " + log);
        assertTrue(log.contains("SIGCHLD was ignored"), printed.toString());
    }

    @Test
    void start21_whatWasIgnoredWhenTheJvmWasStartedStaysIgnoredInItsChildren() throws Exception {
        assumeShowsSignals();
        Map<String, String> printed =
                ChildJvm.run("trap '' HUP USR1; set -- env --default-signal=INT,QUIT \"$@\"", ExitCodes.class);
        assertEquals("201", printed.get("ignored"), "HUP (1) and USR1 (10)");
        assertEquals("signal: killed", printed.get("killed"));
    }

    // ---- inherited descriptors
    // ---------------------------------------------------------------------------------------

    static final class Tables {
        private Tables() {}

        public static void main(String[] arguments) throws Exception {
            OsProcess child = OsProcess.start("/bin/sleep", List.of("sleep", "1000"));
            ProcessAttributes all = ProcessAttributes.builder()
                    .files(ChildFile.inherit(0), ChildFile.inherit(1), ChildFile.inherit(2))
                    .build();
            OsProcess listed = OsProcess.start("/bin/sleep", List.of("sleep", "1000"), all);
            awaitTable(child, expected(arguments));
            awaitTable(listed, expected(arguments));
            ChildJvm.print(
                    "own7", Objects.requireNonNullElse(table(RAW.getpid()).get(7), "closed"));
            for (OsProcess each : List.of(child, listed)) {
                each.kill();
                each.waitFor();
            }
            ChildJvm.print("done", true);
        }

        private static Map<Integer, String> expected(String[] streams) throws Exception {
            Map<Integer, String> own = table(RAW.getpid());
            own.keySet().retainAll(Arrays.stream(streams).map(Integer::valueOf).toList());
            return own;
        }
    }

    @Test
    void start19_aDescriptorThatTheJvmInheritedIsNotPassedOn() throws Exception {
        Map<String, String> printed = ChildJvm.run("exec 7</dev/null", Tables.class, "0", "1", "2");
        assertEquals("/dev/null", printed.get("own7"), "the surroundings are not as this test needs them");
        assertEquals("true", printed.get("done"));
    }

    @Test
    void start17_aStreamThatIsClosedInTheJvmIsClosedInItsChildren() throws Exception {
        // the JVM opens its own files at the lowest numbers, so 0 is in use there, but it is not a standard stream;
        // what is asked for here is that the child sees what the parent has
        assertEquals(
                "true", ChildJvm.run("exec 0<&-", Tables.class, "0", "1", "2").get("done"));
    }

    // ---- no descriptors left
    // -----------------------------------------------------------------------------------------

    static final class Exhausted {
        private Exhausted() {}

        public static void main(String[] arguments) throws Exception {
            warmUp();
            ProcessAttributes bare =
                    ProcessAttributes.builder().environment(List.of()).build();
            ProcessAttributes files = ProcessAttributes.builder()
                    .files(ChildFile.nullDevice(), ChildFile.inherit(1), ChildFile.inherit(2))
                    .build();
            List<String> script = List.of("sh", "-c", "read line; exit 7");
            OsProcess before = OsProcess.start("/bin/sleep", List.of("sleep", "1000"), bare);
            CompletableFuture<ProcessState> pending = before.onExit();
            List<Integer> taken = new ArrayList<>();
            int errno = exhaust(taken);
            ProcessException refused = null;
            ProcessException missing = null;
            OsProcess child;
            ProcessState state;
            try {
                child = OsProcess.start("/bin/sh", script, bare);
                state = child.waitFor(SOON).orElseThrow();
                try {
                    OsProcess.start("/bin/sh", script, files);
                } catch (ProcessException expected) {
                    refused = expected;
                }
                try {
                    OsProcess.start("/no/such/program", List.of("program"), bare);
                } catch (ProcessException expected) {
                    missing = expected;
                }
                before.kill();
                pending.get(SOON.toSeconds(), TimeUnit.SECONDS);
            } finally {
                before.kill();
                for (int descriptor : taken) {
                    RAW.close(descriptor);
                }
            }
            ChildJvm.print("errno", Errno.name(errno));
            ChildJvm.print("taken", taken.size());
            ChildJvm.print("mode", child.mode());
            ChildJvm.print("state", state);
            ChildJvm.print("pending", pending.get());
            ChildJvm.print("refused", Objects.requireNonNull(refused).kind() + " " + refused.getMessage());
            ChildJvm.print("missing", Objects.requireNonNull(missing).kind());
            ChildJvm.print("zombies", zombies());
        }

        /** Loads every class of the way to come: without descriptors none can be read. */
        private static void warmUp() throws Exception {
            ForwardingSyscalls calls = new ForwardingSyscalls(RAW);
            Engine engine =
                    Engine.over(new LinuxBackend(LinuxProbe.of(calls, new JavaProcFiles(), SWITCHED_OFF ? "off" : "")));
            calls.fail("pidfd_open", Errno.EMFILE).fail("waitid", Errno.EINTR);
            FrontDoor.start(engine, "/bin/true", List.of("true"), ProcessAttributes.defaults())
                    .waitFor();
            engine.stop();
            OsProcess first = OsProcess.start(
                    "/bin/true",
                    List.of("true"),
                    ProcessAttributes.builder().environment(List.of()).build());
            first.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS);
            OsProcess second = OsProcess.start("/bin/sleep", List.of("sleep", "1000"));
            second.kill();
            second.waitFor(SOON);
            exhaust(new ArrayList<>(), 1);
            OsProcess.start("/bin/true", List.of("true"), quiet().build()).waitFor();
        }

        private static int exhaust(List<Integer> taken) {
            return exhaust(taken, Integer.MAX_VALUE);
        }

        private static int exhaust(List<Integer> taken, int most) {
            while (taken.size() < most) {
                try {
                    taken.add(RAW.open(Scripts.bytes("/dev/null"), LinuxAbi.O_RDONLY | LinuxAbi.O_CLOEXEC, 0));
                } catch (ErrnoException full) {
                    return full.errno();
                }
            }
            return 0;
        }
    }

    @Test
    void conc15_withoutAnyDescriptorLeftAChildIsStillStartedAndWaitedFor() throws Exception {
        assumeFalse(
                Surroundings.isGvisor(),
                "needs close_range(2) (Linux 5.9): without it the C library closes a child's descriptors through"
                        + " /proc/self/fd, for which it needs a descriptor itself; gVisor has none");
        Map<String, String> printed = ChildJvm.run("ulimit -n 200", Exhausted.class);
        assertEquals("EMFILE", printed.get("errno"), printed.toString());
        assertEquals("PID", printed.get("mode"), "no pidfd can be had: " + printed);
        assertEquals("exit status 7", printed.get("state"));
        assertEquals("signal: killed", printed.get("pending"), "what was under way goes on");
        String refused = Objects.requireNonNull(printed.get("refused"));
        assertTrue(refused.startsWith("EXHAUSTED open /dev/null: EMFILE"), refused);
        assertEquals("NOT_FOUND", printed.get("missing"), "what explains a failed start was loaded before");
        assertEquals("[]", printed.get("zombies"));
    }

    // ---- many at once
    // ------------------------------------------------------------------------------------------------

    static final class ManyWaiters {
        private ManyWaiters() {}

        public static void main(String[] arguments) throws Exception {
            int wanted = Integer.parseInt(arguments[0]);
            Set<String> threadsBefore = threads();
            int descriptorsBefore = ownDescriptors();
            ProcessAttributes attributes =
                    ProcessAttributes.builder().environment(List.of()).files().build();
            List<OsProcess> children = new ArrayList<>(wanted);
            List<CompletableFuture<ProcessState>> ends = new ArrayList<>(wanted);
            for (int i = 0; i < wanted; i++) {
                OsProcess child = OsProcess.start("/bin/sleep", List.of("sleep", "1000"), attributes);
                children.add(child);
                ends.add(child.onExit());
            }
            Set<String> more = threads();
            more.removeAll(threadsBefore);
            ChildJvm.print("threads", more);
            ChildJvm.print("descriptors", ownDescriptors() - descriptorsBefore);
            for (OsProcess child : children) {
                child.kill();
            }
            int killed = 0;
            for (CompletableFuture<ProcessState> end : ends) {
                if (end.get(SOON.toSeconds(), TimeUnit.SECONDS).toString().equals("signal: killed")) {
                    killed++;
                }
            }
            ChildJvm.print("killed", killed);
            ChildJvm.print("zombies", zombies().size());
        }

        private static Set<String> threads() {
            Set<String> names = new TreeSet<>();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                names.add(thread.getName() + " " + thread.getId());
            }
            return names;
        }
    }

    @Test
    void wait26_twoThousandChildrenAreWaitedForByOneThread() throws Exception {
        Map<String, String> printed = ChildJvm.run("", ManyWaiters.class, Integer.toString(WAITED_FOR_AT_ONCE));
        assertEquals(Integer.toString(WAITED_FOR_AT_ONCE), printed.get("killed"), printed.toString());
        assertEquals("0", printed.get("zombies"));
        String threads = Objects.requireNonNull(printed.get("threads"));
        // the library's own: the watcher, and the Cleaner of dropped objects; the binding has a Cleaner as well
        assertTrue(threads.split(",", -1).length <= 3, "more threads: " + threads);
        assertEquals(1, threads.split("osprocess", -1).length - 1, "more threads: " + threads);
        int descriptors = Integer.parseInt(Objects.requireNonNull(printed.get("descriptors")));
        assertTrue(descriptors < (PIDFDS ? WAITED_FOR_AT_ONCE : 0) + 50, descriptors + " more descriptors");
        System.out.println(WAITED_FOR_AT_ONCE + " children waited for at once (" + expectedMode() + "): more threads: "
                + threads + ", " + descriptors + " more descriptors");
    }
}
