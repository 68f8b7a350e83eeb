// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.EncodedEnvironment;
import dev.osprocess.spi.unix.EnvironmentEncoder;
import dev.osprocess.spi.unix.ParentEnds;
import dev.osprocess.spi.unix.TextEncoder;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Starts children by posix_spawn on the calling thread (D8), and takes hold of them before anyone of ours could reap.
 */
final class LinuxStarter {
    /** Pauses between tries while somebody still writes the program (ETXTBSY), in milliseconds: about 100 together. */
    private static final int[] BUSY_PAUSES = {1, 1, 2, 4, 8, 16, 32, 36};

    /** A child that never set its files keeps 0, 1 and 2. */
    private static final int STANDARD_STREAMS = 3;

    private static final List<ChildFile> STREAMS =
            List.of(ChildFile.inherit(0), ChildFile.inherit(1), ChildFile.inherit(2));

    private static final String START = "fork/exec";

    private final LinuxSystem system;
    private final LinuxSyscalls calls;
    private final TextEncoder encoder;
    private final EnvironmentEncoder environments;
    private final CloseFrom closeFrom;
    private final FileActions defaultActions;
    private final ChildSignals signals;
    private final SpawnFailure failures;
    private final SpawnFlags defaultFlags;
    private final SpawnFlags sessionFlags;
    private final SpawnFlags groupFlags;
    private final @Nullable BirthHelper helper;

    LinuxStarter(LinuxSystem system, TextEncoder encoder, ChildSignals signals) throws ProcessException {
        this.system = system;
        this.calls = system.calls();
        this.encoder = encoder;
        this.environments = new EnvironmentEncoder(calls::environment, encoder);
        this.closeFrom = new CloseFrom(system);
        this.defaultActions = new FileActions(true);
        if (system.closeFrom()) {
            closeFrom.addTo(defaultActions, STANDARD_STREAMS);
        }
        this.signals = signals;
        this.failures = new SpawnFailure(calls, encoder);
        loadFallbacks();
        this.defaultFlags = new SpawnFlags(signals.defaults(), false, SpawnFlags.SAME_GROUP);
        this.sessionFlags = new SpawnFlags(signals.defaults(), true, SpawnFlags.SAME_GROUP);
        this.groupFlags = new SpawnFlags(signals.defaults(), false, 0);
        BirthAbi abi = BirthAbi.of(System.getProperty("os.arch", ""));
        this.helper = abi == null
                ? null
                : new BirthHelper(system, abi, closeFrom, environments.encode(ChildEnvironment.exactly(List.of())));
    }

    /**
     * Loads now what a child is held by and its end told by, and what a failed start is explained by: later there may be no
     * descriptor to read a class with, or the class loader is closed, and the child would be lost (CONC-14, CONC-15).
     */
    private void loadFallbacks() {
        var unusedTarget = new OwnNumberTarget(system, 1, ParentEnds.NONE, false);
        var unusedLost = new LostChildTarget(1, ParentEnds.NONE);
        var noUsage = new ChildReport.Usage(0, 0, 0, 0, 0, 0, 0, 0, 0);
        var unusedState = LinuxStates.of(1, new ChildReport(1, LinuxAbi.CLD_KILLED, 9, noUsage), -1);
        var unusedError = LinuxErrors.of(new ErrnoException("posix_spawn", Errno.EMFILE));
    }

    Target start(StartRequest request) throws ProcessException {
        LinuxAttributes attributes = linux(request.system());
        SpawnFlags flags = flags(attributes);
        byte[] program = encoder.encode(request.program(), "program");
        byte[][] arguments = arguments(request.arguments());
        byte @Nullable [] directory = directory(request.directory());
        EncodedEnvironment environment = environments.encode(request.environment());
        List<ChildFile> files = request.files();
        signals.beforeSpawn();
        SpawnCall spawn = new SpawnCall(request, program, arguments, directory, environment, flags);
        if (attributes != null && attributes.needsHelper()) {
            return startThroughHelper(spawn, attributes);
        }
        if (files == null) {
            int pid = spawn(spawn, plain(directory) ? defaultActions : actions(directory, null));
            return adopt(pid, ParentEnds.NONE, flags.leadsGroup(), null);
        }
        try (FileTable table = FileTable.open(calls, encoder, files)) {
            boolean started = false;
            try {
                int pid = spawn(spawn, actions(directory, table));
                started = true;
                return adopt(pid, table.parentEnds(), flags.leadsGroup(), null);
            } finally {
                if (!started) {
                    table.abandonParentEnds();
                }
            }
        }
    }

    private boolean plain(byte @Nullable [] directory) {
        return directory == null && system.closeFrom();
    }

    /** What posix_spawn cannot set (ADR 0018). */
    private Target startThroughHelper(SpawnCall spawn, LinuxAttributes attributes) throws ProcessException {
        if (helper == null) {
            throw new UnsupportedFeatureException(
                    "these LinuxAttributes on this architecture",
                    LinuxBackend.NAME,
                    "sessions and process groups can be had everywhere");
        }
        List<ChildFile> files = spawn.request.files() == null ? STREAMS : spawn.request.files();
        checkPlace("controllingTerminal", attributes.controllingTerminal(), spawn.request, files);
        checkPlace("foreground", attributes.foreground(), spawn.request, files);
        byte[] root =
                attributes.root().isPresent() ? encoder.encode(attributes.root().get(), "root") : null;
        BirthSteps.Program program = new BirthSteps.Program(
                spawn.program,
                spawn.arguments,
                spawn.environment.entries(),
                spawn.directory,
                String.valueOf(spawn.request.directory()),
                root);
        Cgroup cgroup = cgroup(attributes);
        boolean started = false;
        FileTable table = null;
        try {
            table = FileTable.open(calls, encoder, files);
            int pid;
            try (BirthHelper.Birth birth = helper.prepare(attributes, spawn.flags, table, cgroup, program)) {
                pid = start(birth, spawn, attributes);
            }
            started = true;
            if (cgroup != null) {
                cgroup.born();
            }
            return adopt(pid, table.parentEnds(), spawn.flags.leadsGroup(), ownOrClosed(cgroup, attributes));
        } finally {
            if (table != null) {
                if (!started) {
                    table.abandonParentEnds();
                }
                table.close();
            }
            if (!started && cgroup != null) {
                cgroup.close();
            }
        }
    }

    private @Nullable Cgroup cgroup(LinuxAttributes attributes) throws ProcessException {
        OsString directory = attributes.cgroup().orElse(null);
        return directory == null
                ? null
                : Cgroup.open(
                        calls,
                        encoder.encode(directory, "control group"),
                        directory.toString(),
                        attributes.hasOwnCgroup());
    }

    private static @Nullable Cgroup ownOrClosed(@Nullable Cgroup cgroup, LinuxAttributes attributes) {
        if (cgroup == null || attributes.hasOwnCgroup()) {
            return cgroup;
        }
        cgroup.close();
        return null;
    }

    /** START-33: the descriptor is the child's, so it must be in the child's table. */
    private static void checkPlace(String what, OptionalInt place, StartRequest request, List<ChildFile> files)
            throws ProcessException {
        if (place.isEmpty()) {
            return;
        }
        int number = place.getAsInt();
        if (number >= files.size() || files.get(number).kind() == ChildFile.Kind.CLOSED) {
            throw ProcessException.builder(ErrorKind.INVALID, START)
                    .path(request.program().toString())
                    .detail(what + "(" + number + "): the child has no such descriptor; its table has " + files.size()
                            + " places, and the terminal must be at this one")
                    .build();
        }
    }

    private int start(BirthHelper.Birth birth, SpawnCall call, LinuxAttributes attributes) throws ProcessException {
        int busy = 0;
        while (true) {
            try {
                return birth.start();
            } catch (ErrnoException failed) {
                throw helperFailed(failed, call.request);
            } catch (BirthHelper.StepFailedException failed) {
                // START-29, as for spawn
                if (failed.errno() != Errno.ETXTBSY || busy == BUSY_PAUSES.length) {
                    throw stepFailed(failed, call, attributes);
                }
                pause(BUSY_PAUSES[busy++]);
            }
        }
    }

    private static ProcessException helperFailed(ErrnoException failed, StartRequest request) {
        return switch (failed.errno()) {
            case Errno.ENOENT, Errno.EACCES -> BirthHelper.notUsable(failed);
            default ->
                failed.call().equals("posix_spawn")
                        ? LinuxErrors.onFile(START, request.program().toString(), failed, "")
                        : LinuxErrors.of(failed);
        };
    }

    private ProcessException stepFailed(
            BirthHelper.StepFailedException failed, SpawnCall call, LinuxAttributes attributes) {
        BirthScript.Step step = failed.step();
        ErrnoException cause = new ErrnoException(step.call(), failed.errno());
        if (step.call().equals(BirthSteps.EXECVE)) {
            boolean elsewhere = attributes.root().isPresent()
                    || attributes.credentials().isPresent()
                    || !attributes.namespaces().isEmpty();
            return elsewhere
                    ? SpawnFailure.elsewhere(call.request, cause, call.sizes())
                    : failures.ofProgram(call.request, call.directory, cause, call.sizes());
        }
        if (failed.errno() == 0) { // only getppid has an expected result
            return ProcessException.builder(ErrorKind.SYSTEM, step.call())
                    .detail("the JVM that started this child had ended before the child could ask to be told")
                    .build();
        }
        String path = step.path();
        return path == null
                ? LinuxErrors.onCall(cause, step.remark())
                : LinuxErrors.onFile(step.call(), path, cause, step.remark());
    }

    /** What one spawn is made of, encoded. */
    private static final class SpawnCall {
        final StartRequest request;
        final byte[] program;
        final byte[][] arguments;
        final byte @Nullable [] directory;
        final EncodedEnvironment environment;
        final SpawnFlags flags;

        SpawnCall(
                StartRequest request,
                byte[] program,
                byte[][] arguments,
                byte @Nullable [] directory,
                EncodedEnvironment environment,
                SpawnFlags flags) {
            this.request = request;
            this.program = program;
            this.arguments = arguments;
            this.directory = directory;
            this.environment = environment;
            this.flags = flags;
        }

        /** For an error text: how much, never what (ERR-15). */
        String sizes() {
            long bytes = 0;
            for (byte[] argument : arguments) {
                bytes += argument.length + 1;
            }
            return arguments.length + " arguments of " + bytes + " bytes, " + environment.entries().length
                    + " environment entries of " + environment.bytes() + " bytes";
        }
    }

    private static @Nullable LinuxAttributes linux(@Nullable SystemAttributes attributes) {
        if (attributes == null) {
            return null;
        }
        if (!(attributes instanceof LinuxAttributes linux)) {
            throw new UnsupportedFeatureException(
                    attributes.getClass().getName() + " (attributes of the backend '" + attributes.backend() + "')",
                    LinuxBackend.NAME,
                    "give it LinuxAttributes");
        }
        return linux;
    }

    private SpawnFlags flags(@Nullable LinuxAttributes linux) {
        if (linux == null) {
            return defaultFlags;
        }
        if (linux.isNewSession()) {
            return sessionFlags;
        }
        return switch (linux.processGroup()) {
            case SpawnFlags.SAME_GROUP -> defaultFlags;
            case 0 -> groupFlags;
            default -> new SpawnFlags(signals.defaults(), false, linux.processGroup());
        };
    }

    private byte[][] arguments(List<OsString> arguments) {
        byte[][] encoded = new byte[arguments.size()][];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = encoder.encode(arguments.get(i), i == 0 ? "argument 0" : "argument " + i);
        }
        return encoded;
    }

    private byte @Nullable [] directory(@Nullable OsString directory) {
        if (directory == null) {
            return null;
        }
        if (!system.chdir()) {
            throw new UnsupportedFeatureException(
                    "a directory for the child",
                    LinuxBackend.NAME,
                    "this C library has no posix_spawn_file_actions_addchdir_np; glibc has it since 2.29");
        }
        return encoder.encode(directory, "directory");
    }

    private FileActions actions(byte @Nullable [] directory, @Nullable FileTable table) throws ProcessException {
        FileActions actions = new FileActions(false);
        if (directory != null) {
            actions.chdir(directory); // START-12: before the program's name is resolved
        }
        if (table != null) {
            table.addTo(actions, system.sameNumberIsKept());
        }
        closeFrom.addTo(actions, table == null ? STANDARD_STREAMS : table.size());
        return actions;
    }

    private int spawn(SpawnCall call, FileActions actions) throws ProcessException {
        int busy = 0;
        while (true) {
            try {
                return calls.posixSpawn(call.program, actions, call.flags, call.arguments, call.environment);
            } catch (ErrnoException failed) {
                // START-29: another thread's child may hold the freshly written file open until its own exec
                if (failed.errno() != Errno.ETXTBSY || busy == BUSY_PAUSES.length) {
                    throw failures.explain(call.request, call.directory, failed, call.sizes());
                }
                pause(BUSY_PAUSES[busy++]);
            }
        }
    }

    private void pause(int millis) throws ProcessException {
        try {
            Polling.pause(calls, millis);
        } catch (ErrnoException failed) {
            throw LinuxErrors.of(failed);
        }
    }

    /**
     * Takes hold of a child. Nobody of ours can have reaped it, so its number is its own, unless the system was told that
     * nobody waits (START-39); that is checked before the pidfd is trusted. The child is never lost: where no pidfd can be
     * had it is held by its number (CONC-15).
     */
    private Target adopt(int pid, ParentEnds pipes, boolean leadsGroup, @Nullable Cgroup own) throws ProcessException {
        int pidfd = -1;
        if (system.pidfds()) {
            try {
                pidfd = calls.pidfdOpen(pid, 0);
            } catch (ErrnoException failed) {
                if (failed.errno() == Errno.ESRCH) {
                    return lost(pid, pipes, own);
                }
            }
        }
        boolean ours = isOurChild(pid, pidfd);
        if (pidfd >= 0 && ours) {
            return new OwnPidfdTarget(system, pid, pidfd, pipes, leadsGroup, own);
        }
        if (pidfd >= 0) {
            try {
                calls.close(pidfd);
            } catch (ErrnoException gone) {
                // close(2): gone in any case
            }
        }
        return ours ? new OwnNumberTarget(system, pid, pipes, leadsGroup, own) : lost(pid, pipes, own);
    }

    private static Target lost(int pid, ParentEnds pipes, @Nullable Cgroup own) {
        if (own != null) {
            own.close();
        }
        return new LostChildTarget(pid, pipes);
    }

    private boolean isOurChild(int pid, int pidfd) throws ProcessException {
        int options = LinuxAbi.WEXITED | LinuxAbi.WNOHANG | LinuxAbi.WNOWAIT;
        try {
            if (pidfd >= 0) {
                ChildWaits.waitid(calls, LinuxAbi.P_PIDFD, pidfd, options);
            } else {
                ChildWaits.waitid(calls, LinuxAbi.P_PID, pid, options);
            }
            return true;
        } catch (ErrnoException failed) {
            return failed.errno() != Errno.ECHILD; // any other failure says nothing of whose child it is
        }
    }
}
