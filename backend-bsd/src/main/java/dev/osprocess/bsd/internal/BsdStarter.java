// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.bsd.BsdAttributes;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.EncodedEnvironment;
import dev.osprocess.spi.unix.EnvironmentEncoder;
import dev.osprocess.spi.unix.ParentEnds;
import dev.osprocess.spi.unix.TextEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts children by posix_spawn on the calling thread (D8). What a system cannot do is refused before it. */
final class BsdStarter {
    /** Pauses between tries while somebody still writes the program (ETXTBSY), in milliseconds: about 100 together. */
    private static final int[] BUSY_PAUSES = {1, 1, 2, 4, 8, 16, 32, 36};

    private static final int SAME_GROUP = -1;
    private static final String SPAWN = "posix_spawn";

    private final BsdSystem system;
    private final BsdSyscalls calls;
    private final BsdProfile profile;
    private final TextEncoder encoder;
    private final EnvironmentEncoder environments;
    private final ChildSignals signals;
    private final OtherDescriptors others;
    private final ExecCheck check;

    BsdStarter(BsdSystem system, TextEncoder encoder) {
        this.system = system;
        this.calls = system.calls();
        this.profile = system.profile();
        this.encoder = encoder;
        this.environments = new EnvironmentEncoder(calls::environment, encoder);
        this.signals = new ChildSignals(system);
        this.others = new OtherDescriptors(system);
        this.check = new ExecCheck(system);
        // loaded now: at the limit of open files not even a class could be read, and the child would be lost (CONC-15)
        var unused = new OwnTarget(system, 1, ParentEnds.NONE, false);
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

        String sizes() {
            long bytes = 0;
            for (byte[] argument : arguments) {
                bytes += argument.length + 1;
            }
            return arguments.length + " arguments of " + bytes + " bytes, " + environment.entries().length
                    + " environment entries of " + environment.bytes() + " bytes";
        }
    }

    Target start(StartRequest request) throws ProcessException {
        SpawnCall call = new SpawnCall(
                request,
                encoder.encode(request.program(), "program"),
                arguments(request.arguments()),
                directory(request.directory()),
                environments.encode(request.environment()),
                flags(request.system()));
        signals.beforeSpawn();
        List<ChildFile> files = request.files() == null ? FileTable.STANDARD_STREAMS : request.files();
        try (FileTable table = FileTable.open(system, encoder, files)) {
            boolean started = false;
            try {
                int pid = spawn(call, actions(call.directory, table), files.size());
                started = true;
                return new OwnTarget(system, pid, table.parentEnds(), call.flags.leadsGroup());
            } finally {
                if (!started) {
                    table.abandonParentEnds();
                }
            }
        }
    }

    private SpawnFlags flags(@Nullable SystemAttributes attributes) {
        boolean newSession = false;
        int group = SAME_GROUP;
        if (attributes != null) {
            if (!(attributes instanceof BsdAttributes bsd)) {
                throw new UnsupportedFeatureException(
                        attributes.getClass().getName() + " (attributes of the backend '" + attributes.backend() + "')",
                        BsdBackend.NAME,
                        "give it BsdAttributes");
            }
            newSession = bsd.isNewSession();
            group = bsd.processGroup();
        }
        int bits = profile.setMask | profile.closeByDefault | profile.returnError;
        if (newSession) {
            if (profile.setSession == 0) {
                throw new UnsupportedFeatureException(
                        "a new session for the child",
                        BsdBackend.NAME,
                        "posix_spawn of " + profile + " cannot make one; use newProcessGroup()");
            }
            bits |= profile.setSession;
        } else if (group != SAME_GROUP) {
            bits |= profile.setGroup;
        }
        if (signals.known()) {
            bits |= profile.setDefaults;
        }
        return new SpawnFlags(bits, Math.max(group, 0), signals.defaults(), newSession || group == 0);
    }

    private byte[][] arguments(List<OsString> arguments) {
        byte[][] encoded = new byte[arguments.size()][];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = encoder.encode(arguments.get(i), "argument " + i);
        }
        return encoded;
    }

    private byte @Nullable [] directory(@Nullable OsString directory) {
        if (directory == null) {
            return null;
        }
        if (system.addChdir() == null) {
            throw new UnsupportedFeatureException(
                    "a directory for the child",
                    BsdBackend.NAME,
                    "posix_spawn of this version of " + profile
                            + " cannot change it (macOS 10.15, FreeBSD 13.1 and NetBSD"
                            + " 10 can); start a program that does");
        }
        return encoder.encode(directory, "directory");
    }

    private FileActions actions(byte @Nullable [] directory, FileTable table) throws ProcessException {
        FileActions actions = new FileActions();
        String addChdir = system.addChdir();
        if (directory != null && addChdir != null) {
            actions.chdir(directory, addChdir); // START-12: before the program's name is resolved
        }
        table.addTo(actions);
        others.addTo(actions, table.filled());
        return actions;
    }

    private int spawn(SpawnCall call, FileActions actions, int tableSize) throws ProcessException {
        try {
            if (!profile.has(BsdTrait.EXEC_FAILURE_EXITS_127)) {
                return spawnReported(call, actions);
            }
            try (ExecWatch watch = ExecWatch.open(system, tableSize)) {
                return spawnUnreported(call, actions, watch);
            }
        } catch (ErrnoException failed) {
            throw BsdErrors.of(failed);
        }
    }

    /** posix_spawn returns the child's error, up to and including that of its execve(2). */
    private int spawnReported(SpawnCall call, FileActions actions) throws ErrnoException, ProcessException {
        int busy = 0;
        while (true) {
            SpawnOutcome outcome =
                    calls.posixSpawn(call.program, actions, call.flags, call.arguments, call.environment);
            if (outcome.error() == 0) {
                return outcome.pid();
            }
            if (profile.has(BsdTrait.FAILED_CHILD_STAYS) && outcome.pid() > 0) {
                reapFailed(outcome.pid());
            }
            ErrnoException failed = profile.failure(SPAWN, outcome.error());
            // START-29: another thread's child may hold the freshly written file open until its own exec
            if (failed.error() != Errno.ETXTBSY || busy == BUSY_PAUSES.length) {
                throw explain(call, failed);
            }
            Descriptors.poll(calls, -1, 0, BUSY_PAUSES[busy++]);
        }
    }

    /** The child of a failed start is dead, or about to be: this wait is not long (START-26). */
    private void reapFailed(int pid) throws ErrnoException {
        while (true) {
            try {
                calls.wait4(pid, 0);
                return;
            } catch (ErrnoException failed) {
                if (failed.error() == Errno.ECHILD) {
                    return; // a newer C library has reaped it
                }
                if (failed.error() != Errno.EINTR) {
                    throw failed;
                }
            }
        }
    }

    /** posix_spawn reports neither a failed file action nor a failed execve(2): it is looked at before and after. */
    private int spawnUnreported(SpawnCall call, FileActions actions, ExecWatch watch)
            throws ErrnoException, ProcessException {
        checkStartable(call);
        SpawnOutcome outcome = calls.posixSpawn(call.program, actions, call.flags, call.arguments, call.environment);
        if (outcome.error() != 0) {
            throw explain(call, profile.failure(SPAWN, outcome.error()));
        }
        watch.awaitExec();
        ErrnoException unusable = check.unusableProgram(call.program, call.directory);
        if (unusable != null && ExecWatch.isFailedExec(system, outcome.pid())) {
            throw explain(call, unusable);
        }
        return outcome.pid();
    }

    private void checkStartable(SpawnCall call) throws ProcessException {
        byte[] directory = call.directory;
        ErrnoException unusable = directory == null ? null : check.unusableDirectory(directory);
        if (unusable == null) {
            unusable = check.unusableProgram(call.program, directory);
        }
        if (unusable != null) {
            throw explain(call, unusable);
        }
    }

    private ProcessException explain(SpawnCall call, ErrnoException failed) {
        return new SpawnFailure(check).explain(call.request, call.program, call.directory, failed, call.sizes());
    }
}
