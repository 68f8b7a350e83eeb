// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.spi.Availability;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out once what can be used here: by the name of the system, then by looking functions up and performing the calls
 * on this process itself. Versions are documentation. On any other system nothing native is touched.
 */
final class BsdProbe {
    private static final String[] NEEDED = {
        "posix_spawn",
        "posix_spawn_file_actions_init",
        "posix_spawn_file_actions_destroy",
        "posix_spawn_file_actions_adddup2",
        "posix_spawn_file_actions_addclose",
        "posix_spawnattr_init",
        "posix_spawnattr_destroy",
        "posix_spawnattr_setflags",
        "posix_spawnattr_setpgroup",
        "posix_spawnattr_setsigdefault",
        "posix_spawnattr_setsigmask",
        "wait4",
        "getrusage",
        "getrlimit",
        "poll",
        "read",
        "write",
        "open",
        "access",
        "pipe"
    };

    private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";

    /** POSIX has taken the second over into its newest edition. */
    private static final String[] CHANGE_DIRECTORY = {
        "posix_spawn_file_actions_addchdir_np", "posix_spawn_file_actions_addchdir"
    };

    private final Availability availability;
    private final @Nullable BsdSystem system;

    private BsdProbe(Availability availability, @Nullable BsdSystem system) {
        this.availability = availability;
        this.system = system;
    }

    Availability availability() {
        return availability;
    }

    /** What was found; only where available. */
    BsdSystem system() {
        if (system == null) {
            throw new IllegalStateException("the BSD backend is not available: " + availability.cause());
        }
        return system;
    }

    /** Makes the seam to a system. */
    interface Binding {
        BsdSyscalls bind(BsdProfile profile);
    }

    /** Probes this JVM. Never throws. Elsewhere it must cost nothing: it is on the way to the first child of every JVM. */
    static BsdProbe run() {
        String os = System.getProperty("os.name", "");
        return systemOf(os).isEmpty() ? otherSystem(os) : run(os, System.getProperty("os.arch", ""), JnrSyscalls::new);
    }

    private static BsdProbe otherSystem(String os) {
        return unavailable("this is " + os + ", and neither a BSD nor macOS", null);
    }

    /** Which of the systems a JVM says it runs on; empty if none. */
    static String systemOf(String osName) {
        String lower = osName.toLowerCase(Locale.ROOT);
        if (lower.startsWith("mac os") || lower.startsWith("darwin")) {
            return "macos";
        }
        if (lower.startsWith("dragonfly")) {
            return "dragonfly";
        }
        boolean ours = lower.startsWith("freebsd") || lower.startsWith("openbsd") || lower.startsWith("netbsd");
        return ours ? lower.substring(0, lower.indexOf("bsd") + 3) : "";
    }

    /** Probes a JVM that says this of its system. */
    static BsdProbe run(String os, String arch, Binding binding) {
        BsdProfile profile = BsdProfile.of(os);
        if (profile == null) {
            return otherSystem(os);
        }
        if (!arch.equals("amd64") && !arch.equals("x86_64") && !arch.equals("aarch64")) {
            return unavailable(
                    "the architecture " + arch + " is not known to this backend (amd64 and aarch64 are)", null);
        }
        try {
            return of(profile, binding.bind(profile));
        } catch (RuntimeException | LinkageError failed) {
            return unavailable(withoutLibrary(profile, failed), failed);
        }
    }

    private static String withoutLibrary(BsdProfile profile, Throwable failed) {
        return profile == NetBsdProfile.PROFILE
                ? "jffi, which calls the C library for this backend, brings no native library for NetBSD; the backend 'jdk'"
                        + " serves there"
                : "the native library of jffi cannot be used: " + firstLine(failed);
    }

    /** jffi puts whole stack traces into its messages. */
    private static String firstLine(Throwable failed) {
        String text = failed.toString();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end).trim();
    }

    /** Probes over this seam. */
    static BsdProbe of(BsdProfile profile, BsdSyscalls calls) {
        for (String function : NEEDED) {
            if (!calls.hasFunction(function)) {
                return unavailable("this C library has no " + profile.symbol(function), null);
            }
        }
        BsdSystem.Closing closing = closing(profile, calls);
        String obstacle = OtherDescriptors.obstacle(calls, closing);
        if (obstacle.isEmpty()) {
            obstacle = waitObstacle(profile, calls);
        }
        if (!obstacle.isEmpty()) {
            return unavailable(obstacle, null);
        }
        String addChdir = null;
        for (String function : CHANGE_DIRECTORY) {
            if (addChdir == null && calls.hasFunction(function)) {
                addChdir = function;
            }
        }
        BsdSystem found =
                new BsdSystem(calls, profile, look(profile, calls), closing, addChdir, calls.hasFunction("pipe2"), "");
        String kqueue = calls.hasFunction("kqueue") && calls.hasFunction("kevent")
                ? KqueueExitEvents.obstacle(found)
                : "this C library has no kqueue";
        return new BsdProbe(
                Availability.available(),
                new BsdSystem(calls, profile, found.look(), closing, addChdir, found.pipe2(), kqueue));
    }

    private static BsdSystem.Closing closing(BsdProfile profile, BsdSyscalls calls) {
        if (profile.closeByDefault != 0) {
            return BsdSystem.Closing.BY_DEFAULT;
        }
        return calls.hasFunction(CLOSE_FROM) ? BsdSystem.Closing.CLOSE_FROM : BsdSystem.Closing.MARKING;
    }

    /** Nobody is their own child, so ECHILD means that the call was understood. */
    private static String waitObstacle(BsdProfile profile, BsdSyscalls calls) {
        try {
            calls.wait4(calls.getpid(), profile.wnohang);
            return "wait4 says that this process is its own child";
        } catch (ErrnoException answer) {
            return answer.error() == Errno.ECHILD ? "" : String.valueOf(answer.getMessage());
        }
    }

    private static BsdSystem.Look look(BsdProfile profile, BsdSyscalls calls) {
        int self = calls.getpid();
        int options = profile.wexited | profile.wnohang | profile.wnowait;
        if (calls.hasFunction("wait6") && isUnderstood(() -> calls.wait6(self, options))) {
            return BsdSystem.Look.WAIT6;
        }
        if (calls.hasFunction("waitid") && isUnderstood(() -> calls.waitid(self, options))) {
            return BsdSystem.Look.WAITID;
        }
        return BsdSystem.Look.NONE;
    }

    private interface Try {
        @Nullable
        Object call() throws ErrnoException;
    }

    /** ECHILD; or NetBSD's ESRCH, which also says that it looked for such a child. */
    private static boolean isUnderstood(Try call) {
        try {
            call.call();
            return false;
        } catch (ErrnoException answer) {
            return answer.error() == Errno.ECHILD || answer.error() == Errno.ESRCH;
        }
    }

    private static BsdProbe unavailable(String cause, @Nullable Throwable failure) {
        return new BsdProbe(Availability.unavailable(cause, failure), null);
    }
}
