// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.EncodedEnvironment;
import dev.osprocess.spi.unix.EnvironmentEncoder;
import dev.osprocess.spi.unix.ParentEnds;
import dev.osprocess.spi.unix.TextEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts children by posix_spawn on the calling thread (D8), and takes hold of them before anyone of ours could reap.
 */
final class LinuxStarter {
    /** Pauses between tries while somebody still writes the program (ETXTBSY), in milliseconds: about 100 together. */
    private static final int[] BUSY_PAUSES = {1, 1, 2, 4, 8, 16, 32, 36};

    /** A child that never set its files keeps 0, 1 and 2. */
    private static final int STANDARD_STREAMS = 3;

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
        SpawnFlags flags = flags(request.system());
        byte[] program = encoder.encode(request.program(), "program");
        byte[][] arguments = arguments(request.arguments());
        byte @Nullable [] directory = directory(request.directory());
        EncodedEnvironment environment = environments.encode(request.environment());
        List<ChildFile> files = request.files();
        signals.beforeSpawn();
        SpawnCall spawn = new SpawnCall(request, program, arguments, directory, environment, flags);
        if (files == null) {
            int pid = spawn(spawn, directory == null && system.closeFrom() ? defaultActions : actions(directory, null));
            return adopt(pid, ParentEnds.NONE, flags.leadsGroup());
        }
        try (FileTable table = FileTable.open(calls, encoder, files)) {
            boolean started = false;
            try {
                int pid = spawn(spawn, actions(directory, table));
                started = true;
                return adopt(pid, table.parentEnds(), flags.leadsGroup());
            } finally {
                if (!started) {
                    table.abandonParentEnds();
                }
            }
        }
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

    private SpawnFlags flags(@Nullable SystemAttributes attributes) {
        if (attributes == null) {
            return defaultFlags;
        }
        if (!(attributes instanceof LinuxAttributes linux)) {
            throw new UnsupportedFeatureException(
                    attributes.getClass().getName() + " (attributes of the backend '" + attributes.backend() + "')",
                    LinuxBackend.NAME,
                    "give it LinuxAttributes");
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
    private Target adopt(int pid, ParentEnds pipes, boolean leadsGroup) throws ProcessException {
        int pidfd = -1;
        if (system.pidfds()) {
            try {
                pidfd = calls.pidfdOpen(pid, 0);
            } catch (ErrnoException failed) {
                if (failed.errno() == Errno.ESRCH) {
                    return new LostChildTarget(pid, pipes);
                }
            }
        }
        boolean ours = isOurChild(pid, pidfd);
        if (pidfd >= 0 && ours) {
            return new OwnPidfdTarget(system, pid, pidfd, pipes, leadsGroup);
        }
        if (pidfd >= 0) {
            try {
                calls.close(pidfd);
            } catch (ErrnoException gone) {
                // close(2): gone in any case
            }
        }
        return ours ? new OwnNumberTarget(system, pid, pipes, leadsGroup) : new LostChildTarget(pid, pipes);
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
