// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The posix_spawn family of the binding: turns actions, flags and environment into their native form. */
final class SpawnCalls {
    private final NativeFunction spawn = NativeFunction.of("posix_spawn", 6);
    private final NativeFunction actionsInit = NativeFunction.of("posix_spawn_file_actions_init", 1);
    private final NativeFunction actionsDestroy = NativeFunction.of("posix_spawn_file_actions_destroy", 1);
    private final NativeFunction addDup2 = NativeFunction.of("posix_spawn_file_actions_adddup2", 3);
    private final NativeFunction addClose = NativeFunction.of("posix_spawn_file_actions_addclose", 2);
    private final NativeFunction attributesInit = NativeFunction.of("posix_spawnattr_init", 1);
    private final NativeFunction setFlags = NativeFunction.of("posix_spawnattr_setflags", 2);
    private final NativeFunction setDefaults = NativeFunction.of("posix_spawnattr_setsigdefault", 2);
    private final NativeFunction setMask = NativeFunction.of("posix_spawnattr_setsigmask", 2);
    private final NativeFunction setGroup = NativeFunction.of("posix_spawnattr_setpgroup", 2);

    int spawn(byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        NativeBlock attributes = attributes(flags);
        NativeBlock envp = environment(environment);
        NativeBlock kept = actions.isReusable() ? keptActions(actions) : null;
        NativeBlock own = kept == null ? actions(actions) : null;
        try (NativeBlock argv = NativeBlock.strings(arguments);
                NativeBlock name = NativeBlock.string(path);
                NativeBlock pid = NativeBlock.zeroed(Integer.BYTES)) {
            long nativeActions = kept != null ? kept.address() : own(own).address();
            int error = (int) spawn.call(
                    pid.address(), name.address(), nativeActions, attributes.address(), argv.address(), envp.address());
            if (error != 0) {
                throw new ErrnoException(spawn.name(), error);
            }
            return pid.getInt(0);
        } finally {
            if (own != null) {
                destroy(own);
            }
            // of two threads that made a native form at once one's was not kept: hold the blocks themselves
            Reference.reachabilityFence(envp);
            Reference.reachabilityFence(attributes);
        }
    }

    private static NativeBlock own(@Nullable NativeBlock block) {
        if (block == null) {
            throw new AssertionError("internal error: neither kept nor own file actions");
        }
        return block;
    }

    /** The environment's native form lives as long as its Java form, which the caller holds. */
    private static NativeBlock environment(EncodedEnvironment environment) {
        Object kept = environment.kept();
        if (kept != null) {
            return (NativeBlock) kept;
        }
        NativeBlock block = NativeBlock.collectedStrings(environment.entries());
        environment.keep(block);
        return block;
    }

    /** The flags' native form lives as long as their Java form, which the caller holds. */
    private NativeBlock attributes(SpawnFlags flags) throws ErrnoException {
        Object kept = flags.kept();
        if (kept != null) {
            return (NativeBlock) kept;
        }
        NativeBlock block = NativeBlock.collectedZeroed(LinuxAbi.SPAWN_ATTRIBUTES_SIZE);
        check(attributesInit, (int) attributesInit.call(block.address()));
        int bits = LinuxAbi.POSIX_SPAWN_SETSIGDEF | LinuxAbi.POSIX_SPAWN_SETSIGMASK;
        if (flags.newSession()) {
            bits |= LinuxAbi.POSIX_SPAWN_SETSID;
        }
        if (flags.processGroup() != SpawnFlags.SAME_GROUP) {
            bits |= LinuxAbi.POSIX_SPAWN_SETPGROUP;
            check(setGroup, (int) setGroup.call(block.address(), flags.processGroup()));
        }
        try (NativeBlock set = NativeBlock.zeroed(LinuxAbi.SIGSET_SIZE)) {
            check(setMask, (int) setMask.call(block.address(), set.address()));
            set.putLong(0, flags.defaults());
            check(setDefaults, (int) setDefaults.call(block.address(), set.address()));
        }
        check(setFlags, (int) setFlags.call(block.address(), bits));
        flags.keep(block);
        return block;
    }

    /** The steps of a default table never change; their native form is never freed. */
    private NativeBlock keptActions(FileActions actions) throws ErrnoException {
        Object kept = actions.kept();
        if (kept != null) {
            return (NativeBlock) kept;
        }
        NativeBlock block = actions(actions);
        actions.keep(block);
        return block;
    }

    private NativeBlock actions(FileActions actions) throws ErrnoException {
        NativeBlock block = NativeBlock.zeroed(LinuxAbi.SPAWN_FILE_ACTIONS_SIZE);
        boolean complete = false;
        try {
            check(actionsInit, (int) actionsInit.call(block.address()));
            List<FileActions.Step> steps = actions.steps();
            for (int i = 0; i < steps.size(); i++) {
                add(block.address(), steps.get(i));
            }
            complete = true;
            return block;
        } finally {
            if (!complete) {
                destroy(block);
            }
        }
    }

    private void add(long actions, FileActions.Step step) throws ErrnoException {
        switch (step.kind()) {
            case DUP2 -> check(addDup2, (int) addDup2.call(actions, step.from(), step.to()));
            case CLOSE -> check(addClose, (int) addClose.call(actions, step.from()));
            case CHDIR -> {
                byte[] path = step.path();
                if (path == null) {
                    throw new AssertionError("internal error: a chdir step without a path");
                }
                try (NativeBlock name = NativeBlock.string(path)) { // the C library makes a copy
                    NativeFunction chdir = AddChdir.FUNCTION;
                    check(chdir, (int) chdir.call(actions, name.address()));
                }
            }
            case CLOSE_FROM -> {
                NativeFunction closeFrom = AddCloseFrom.FUNCTION;
                check(closeFrom, (int) closeFrom.call(actions, step.from()));
            }
        }
    }

    private void destroy(NativeBlock actions) {
        actionsDestroy.call(actions.address());
        actions.close();
    }

    /** These functions return the error instead of setting errno. */
    private static void check(NativeFunction function, int error) throws ErrnoException {
        if (error != 0) {
            throw new ErrnoException(function.name(), error);
        }
    }

    /** Not in every C library; the policy asks before it is used. */
    private static final class AddChdir {
        static final NativeFunction FUNCTION = NativeFunction.of("posix_spawn_file_actions_addchdir_np", 2);

        private AddChdir() {}
    }

    /** Not in every C library; the policy asks before it is used. */
    private static final class AddCloseFrom {
        static final NativeFunction FUNCTION = NativeFunction.of("posix_spawn_file_actions_addclosefrom_np", 2);

        private AddCloseFrom() {}
    }
}
