// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.Signal;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.LinuxCapability;
import dev.osprocess.linux.LinuxCredentials;
import dev.osprocess.linux.LinuxNamespace;
import dev.osprocess.linux.LinuxResource;
import dev.osprocess.linux.LinuxScheduling;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the birth helper does, in the order of START-37. Limits, priorities and the control group come before the credentials,
 * because they may need rights that are given up there; the directory comes after, because it must need none.
 */
final class BirthSteps {
    static final String EXECVE = "execve";

    private static final int KERNEL_SIGSET_SIZE = 8;
    private static final byte[] TERMINAL = "/dev/tty".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = "none".getBytes(StandardCharsets.US_ASCII);

    private final BirthScript script;
    private final BirthAbi.Calls calls;
    private final LinuxAttributes attributes;

    private BirthSteps(BirthAbi abi, LinuxAttributes attributes) {
        this.script = new BirthScript(abi);
        this.calls = abi.calls;
        this.attributes = attributes;
    }

    /**
     * Where the helper finds what is its own, and in which world it begins.
     *
     * @param status the child's descriptor for the report
     * @param image the child's descriptor of the helper itself
     * @param cgroup the child's descriptor of cgroup.procs; −1 for none
     * @param parent the pid of this JVM
     * @param hasTerminal whether this session has a controlling terminal to give up
     * @param rights what the child begins with
     */
    record World(int status, int image, int cgroup, int parent, boolean hasTerminal, ProcFs.Rights rights) {}

    /** What is executed in the end, encoded. */
    static final class Program {
        private final byte[] path;
        private final byte[][] arguments;
        private final byte[][] environment;
        private final byte @Nullable [] directory;
        private final String directoryName;
        private final byte @Nullable [] root;

        Program(
                byte[] path,
                byte[][] arguments,
                byte[][] environment,
                byte @Nullable [] directory,
                String directoryName,
                byte @Nullable [] root) {
            this.path = path;
            this.arguments = arguments;
            this.environment = environment;
            this.directory = directory;
            this.directoryName = directoryName;
            this.root = root;
        }

        byte[] firstArgument() {
            return arguments[0];
        }
    }

    static BirthScript of(BirthAbi abi, LinuxAttributes attributes, World world, Program program) {
        BirthSteps steps = new BirthSteps(abi, attributes);
        steps.ownDescriptors(world);
        steps.cgroup(world);
        steps.foreground();
        steps.detachTerminal(world);
        steps.scheduling();
        steps.limits();
        steps.namespaces();
        steps.umask();
        steps.root(program);
        steps.credentials();
        steps.ambientCapabilities(world.rights());
        steps.noNewPrivileges();
        steps.directory(program);
        steps.parentDeathSignal(world);
        steps.controllingTerminal();
        steps.execute(program);
        return steps.script;
    }

    private void ownDescriptors(World world) {
        script.call("close", calls.close(), world.image());
        script.call("fcntl", calls.fcntl(), world.status(), LinuxAbi.F_SETFD, LinuxAbi.FD_CLOEXEC);
    }

    private void cgroup(World world) {
        if (world.cgroup() >= 0) {
            script.call("write", calls.write(), world.cgroup(), script.string(new byte[] {'0'}), 1)
                    .on(attributes.cgroup().map(Object::toString).orElse("") + "/cgroup.procs")
                    .saying("; the child could not enter the control group");
            script.call("close", calls.close(), world.cgroup());
        }
    }

    /** Our own group is in the background then, where tcsetpgrp would stop the child. */
    private void foreground() {
        OptionalInt place = attributes.foreground();
        if (place.isEmpty()) {
            return;
        }
        long group = script.words(attributes.processGroup());
        if (attributes.processGroup() == 0) {
            script.call("getpid", calls.getpid()).resultTo(group);
        }
        long stop = script.words(1L << (BirthAbi.SIGTTOU - 1));
        script.call("rt_sigprocmask", calls.rtSigprocmask(), BirthAbi.SIG_BLOCK, stop, 0, KERNEL_SIGSET_SIZE);
        script.call("ioctl(TIOCSPGRP)", calls.ioctl(), place.getAsInt(), BirthAbi.TIOCSPGRP, group)
                .saying("; descriptor " + place.getAsInt()
                        + " of the child must be the controlling terminal of this session");
        script.call("rt_sigprocmask", calls.rtSigprocmask(), BirthAbi.SIG_UNBLOCK, stop, 0, KERNEL_SIGSET_SIZE);
    }

    /** A new session has none (setsid(2)); else the terminal is opened to be told. It is closed by the exec. */
    private void detachTerminal(World world) {
        if (attributes.isTerminalDetached() && !attributes.isNewSession() && world.hasTerminal()) {
            long name = script.string(TERMINAL);
            script.call(
                            "open",
                            calls.openat(),
                            LinuxAbi.AT_FDCWD,
                            name,
                            BirthAbi.O_RDWR | LinuxAbi.O_NOCTTY | LinuxAbi.O_CLOEXEC)
                    .on("/dev/tty")
                    .resultTo(script.firstArgumentOfNext());
            script.call("ioctl(TIOCNOTTY)", calls.ioctl(), 0, BirthAbi.TIOCNOTTY)
                    .on("/dev/tty");
        }
    }

    private void scheduling() {
        attributes.nice().ifPresent(nice -> script.call(
                        "setpriority", calls.setpriority(), BirthAbi.PRIO_PROCESS, 0, nice)
                .saying("; the nice value " + nice + " needs CAP_SYS_NICE or a limit of it"));
        attributes.scheduling().ifPresent(this::schedule);
        if (!attributes.cpus().isEmpty()) {
            long[] mask = new long[1 + highest(attributes.cpus()) / Long.SIZE];
            for (int cpu : attributes.cpus()) {
                mask[cpu / Long.SIZE] |= 1L << (cpu % Long.SIZE);
            }
            script.call(
                            "sched_setaffinity",
                            calls.schedSetaffinity(),
                            0,
                            (long) mask.length * Long.BYTES,
                            script.words(mask))
                    .saying("; processors " + attributes.cpus() + ": none that this process may use");
        }
    }

    private void schedule(LinuxScheduling policy) {
        script.call(
                        "sched_setscheduler",
                        calls.schedSetscheduler(),
                        0,
                        policy.number(),
                        script.ints(attributes.priority()))
                .saying("; " + policy + " " + attributes.priority() + " needs CAP_SYS_NICE or a limit of it");
    }

    private static int highest(Set<Integer> numbers) {
        int highest = 0;
        for (int number : numbers) {
            highest = Math.max(highest, number);
        }
        return highest;
    }

    private void limits() {
        for (Map.Entry<LinuxResource, LinuxAttributes.Limit> limit :
                attributes.limits().entrySet()) {
            long pair = script.words(limit.getValue().soft(), limit.getValue().hard());
            script.call("prlimit", calls.prlimit64(), 0, limit.getKey().number(), pair, 0)
                    .saying("; " + limit.getKey() + ": raising a hard limit needs CAP_SYS_RESOURCE");
        }
    }

    private void namespaces() {
        if (attributes.namespaces().isEmpty()) {
            return;
        }
        int flags = 0;
        for (LinuxNamespace namespace : attributes.namespaces()) {
            flags |= namespace.flag();
        }
        script.call("unshare", calls.unshare(), flags)
                .saying("; namespaces " + attributes.namespaces() + " need CAP_SYS_ADMIN");
        if (attributes.namespaces().contains(LinuxNamespace.MOUNT)) {
            // a copy of a shared mount still reaches the one it was copied from (mount_namespaces(7))
            script.call(
                    "mount",
                    calls.mount(),
                    script.string(NONE),
                    script.string(new byte[] {'/'}),
                    0,
                    BirthAbi.MS_REC | BirthAbi.MS_PRIVATE);
        }
    }

    private void umask() {
        attributes.umask().ifPresent(mask -> script.call("umask", calls.umask(), mask));
    }

    /** The directory that was left behind would still be outside. */
    private void root(Program program) {
        byte[] root = program.root;
        if (root != null) {
            String name = attributes.root().map(Object::toString).orElse("");
            script.call("chroot", calls.chroot(), script.string(root)).on(name);
            script.call("chdir", calls.chdir(), script.string(new byte[] {'/'})).on("/");
        }
    }

    private void credentials() {
        LinuxCredentials credentials = attributes.credentials().orElse(null);
        if (credentials == null) {
            return;
        }
        if (!attributes.ambientCapabilities().isEmpty()) {
            script.call("prctl(PR_SET_KEEPCAPS)", calls.prctl(), BirthAbi.PR_SET_KEEPCAPS, 1);
        }
        List<Long> groups = credentials.groups().orElse(null);
        if (groups != null) {
            int[] ids = groups.stream().mapToInt(Long::intValue).toArray();
            script.call("setgroups", calls.setgroups(), ids.length, script.ints(ids))
                    .saying("; supplementary groups need CAP_SETGID; see LinuxCredentials.keepingGroups");
        }
        long group = (int) credentials.group();
        script.call("setresgid", calls.setresgid(), group, group, group)
                .saying("; group " + credentials.group() + " needs CAP_SETGID");
        long user = (int) credentials.user();
        script.call("setresuid", calls.setresuid(), user, user, user)
                .saying("; user " + credentials.user() + " needs CAP_SETUID");
    }

    private void ambientCapabilities(ProcFs.Rights rights) {
        if (attributes.ambientCapabilities().isEmpty()) {
            return;
        }
        long wanted = 0;
        for (LinuxCapability capability : attributes.ambientCapabilities()) {
            wanted |= 1L << capability.number();
        }
        boolean leavesRoot = attributes
                .credentials()
                .filter(credentials -> credentials.user() != 0)
                .isPresent();
        long held = leavesRoot ? wanted : wanted | rights.afterExec();
        long inherited = wanted | rights.inheritable();
        long header = script.ints(BirthAbi.LINUX_CAPABILITY_VERSION_3, 0);
        long sets = script.ints(
                (int) held,
                (int) held,
                (int) inherited,
                (int) (held >>> Integer.SIZE),
                (int) (held >>> Integer.SIZE),
                (int) (inherited >>> Integer.SIZE));
        String remark = "; capabilities " + attributes.ambientCapabilities() + ": this process must have them";
        script.call("capset", calls.capset(), header, sets).saying(remark);
        for (LinuxCapability capability : attributes.ambientCapabilities()) {
            script.call(
                            "prctl(PR_CAP_AMBIENT)",
                            calls.prctl(),
                            BirthAbi.PR_CAP_AMBIENT,
                            BirthAbi.PR_CAP_AMBIENT_RAISE,
                            capability.number())
                    .saying("; CAP_" + capability + ": this process must have it");
        }
    }

    private void noNewPrivileges() {
        if (attributes.isNoNewPrivileges()) {
            script.call("prctl(PR_SET_NO_NEW_PRIVS)", calls.prctl(), BirthAbi.PR_SET_NO_NEW_PRIVS, 1);
        }
    }

    private void directory(Program program) {
        byte[] directory = program.directory;
        if (directory != null) {
            script.call("chdir", calls.chdir(), script.string(directory)).on(program.directoryName);
        }
    }

    /** After the credentials, whose change takes it back; the parent may have ended before it was armed (START-38). */
    private void parentDeathSignal(World world) {
        Signal signal = attributes.parentDeathSignal().orElse(null);
        if (signal != null) {
            script.call("prctl(PR_SET_PDEATHSIG)", calls.prctl(), BirthAbi.PR_SET_PDEATHSIG, Signals.numberOf(signal));
            script.call("getppid", calls.getppid()).expecting(world.parent());
        }
    }

    private void controllingTerminal() {
        attributes.controllingTerminal().ifPresent(place -> script.call(
                        "ioctl(TIOCSCTTY)", calls.ioctl(), place, BirthAbi.TIOCSCTTY, 0)
                .saying("; descriptor " + place + " of the child must be a terminal that no session has"));
    }

    private void execute(Program program) {
        script.call(
                EXECVE,
                calls.execve(),
                script.string(program.path),
                script.strings(program.arguments),
                script.strings(program.environment));
    }
}
