// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static dev.osprocess.bsd.internal.NativeFunction.INT;
import static dev.osprocess.bsd.internal.NativeFunction.WORD;

import com.kenai.jffi.Type;
import dev.osprocess.spi.unix.EncodedEnvironment;

/** The posix_spawn family of the binding: turns file actions and flags into their native form. */
final class SpawnCalls {
    private final BsdProfile profile;
    private final NativeFunction spawn;
    private final NativeFunction actionsInit;
    private final NativeFunction actionsDestroy;
    private final NativeFunction addDup2;
    private final NativeFunction addClose;
    private final NativeFunction addCloseFrom;
    private final NativeFunction attributesInit;
    private final NativeFunction attributesDestroy;
    private final NativeFunction setFlags;
    private final NativeFunction setGroup;
    private final NativeFunction setDefaults;
    private final NativeFunction setMask;

    SpawnCalls(BsdProfile profile) {
        this.profile = profile;
        this.spawn = NativeFunction.of(profile, "posix_spawn", WORD, WORD, WORD, WORD, WORD, WORD);
        this.actionsInit = NativeFunction.of(profile, "posix_spawn_file_actions_init", WORD);
        this.actionsDestroy = NativeFunction.of(profile, "posix_spawn_file_actions_destroy", WORD);
        this.addDup2 = NativeFunction.of(profile, "posix_spawn_file_actions_adddup2", WORD, INT, INT);
        this.addClose = NativeFunction.of(profile, "posix_spawn_file_actions_addclose", WORD, INT);
        this.addCloseFrom = NativeFunction.of(profile, "posix_spawn_file_actions_addclosefrom_np", WORD, INT);
        this.attributesInit = NativeFunction.of(profile, "posix_spawnattr_init", WORD);
        this.attributesDestroy = NativeFunction.of(profile, "posix_spawnattr_destroy", WORD);
        this.setFlags = NativeFunction.of(profile, "posix_spawnattr_setflags", WORD, Type.SINT16);
        this.setGroup = NativeFunction.of(profile, "posix_spawnattr_setpgroup", WORD, INT);
        this.setDefaults = NativeFunction.of(profile, "posix_spawnattr_setsigdefault", WORD, WORD);
        this.setMask = NativeFunction.of(profile, "posix_spawnattr_setsigmask", WORD, WORD);
    }

    SpawnOutcome spawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        try (NativeBlock nativeActions = NativeBlock.zeroed(profile.fileActionsSize);
                NativeBlock attributes = NativeBlock.zeroed(profile.spawnAttributesSize)) {
            check(actionsInit, (int) actionsInit.call(nativeActions.address()));
            try {
                check(attributesInit, (int) attributesInit.call(attributes.address()));
                try {
                    fill(nativeActions.address(), actions);
                    fill(attributes.address(), flags);
                    return spawn(path, nativeActions, attributes, arguments, environment);
                } finally {
                    attributesDestroy.call(attributes.address());
                }
            } finally {
                actionsDestroy.call(nativeActions.address());
            }
        }
    }

    private SpawnOutcome spawn(
            byte[] path,
            NativeBlock actions,
            NativeBlock attributes,
            byte[][] arguments,
            EncodedEnvironment environment) {
        try (NativeBlock name = NativeBlock.string(path);
                NativeBlock argv = NativeBlock.strings(arguments);
                NativeBlock envp = NativeBlock.strings(environment.entries());
                NativeBlock pid = NativeBlock.zeroed(Integer.BYTES)) {
            int error = (int) spawn.call(
                    pid.address(),
                    name.address(),
                    actions.address(),
                    attributes.address(),
                    argv.address(),
                    envp.address());
            return new SpawnOutcome(error, pid.getInt(0));
        }
    }

    private void fill(long attributes, SpawnFlags flags) throws ErrnoException {
        if ((flags.bits() & profile.setGroup) != 0) {
            check(setGroup, (int) setGroup.call(attributes, flags.group()));
        }
        try (NativeBlock set = NativeBlock.zeroed(profile.sigsetSize)) {
            check(setMask, (int) setMask.call(attributes, set.address()));
            if ((flags.bits() & profile.setDefaults) != 0) {
                set.putBytes(0, flags.defaults(), profile.sigsetSize);
                check(setDefaults, (int) setDefaults.call(attributes, set.address()));
            }
        }
        check(setFlags, (int) setFlags.call(attributes, flags.bits()));
    }

    private void fill(long nativeActions, FileActions actions) throws ErrnoException {
        for (FileActions.Step step : actions.steps()) {
            if (step instanceof FileActions.Dup2 dup2) {
                check(addDup2, (int) addDup2.call(nativeActions, dup2.from(), dup2.to()));
            } else if (step instanceof FileActions.Close close) {
                check(addClose, (int) addClose.call(nativeActions, close.number()));
            } else if (step instanceof FileActions.CloseFrom closeFrom) {
                check(addCloseFrom, (int) addCloseFrom.call(nativeActions, closeFrom.number()));
            } else if (step instanceof FileActions.Chdir chdir) {
                NativeFunction addChdir = NativeFunction.of(profile, chdir.function(), WORD, WORD);
                try (NativeBlock name = NativeBlock.string(chdir.path())) { // the C library makes a copy
                    check(addChdir, (int) addChdir.call(nativeActions, name.address()));
                }
            }
        }
    }

    /** These functions return the error instead of setting errno. */
    private void check(NativeFunction function, int error) throws ErrnoException {
        if (error != 0) {
            throw profile.failure(function.name(), error);
        }
    }
}
