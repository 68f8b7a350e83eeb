// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.spi.Availability;
import org.jspecify.annotations.Nullable;

/**
 * Finds out once what can be used here, by performing each call on this process itself (ADR 0005). Kernel versions are
 * documentation: pidfd_send_signal came with Linux 5.1, pidfd_open with 5.3, waitid on a pidfd with 5.4; a sandbox can
 * forbid any of them on any kernel.
 */
final class LinuxProbe {
    /** Set to {@code off} to hold processes by their numbers although pidfds work. */
    static final String PIDFD_PROPERTY = "dev.osprocess.linux.pidfd";

    private final Availability availability;
    private final @Nullable LinuxSystem system;

    private final @Nullable ErrnoException pidfdObstacle;
    private final String remark;

    private LinuxProbe(
            Availability availability,
            @Nullable LinuxSystem system,
            @Nullable ErrnoException pidfdObstacle,
            String remark) {
        this.availability = availability;
        this.system = system;
        this.pidfdObstacle = pidfdObstacle;
        this.remark = remark;
    }

    /** What the user should know of how processes are held here, said once (D11); empty if all is as it should be. */
    String remark() {
        return remark;
    }

    /** The call that pidfds need and that does not work here; null if all do, or if pidfds were switched off. */
    @Nullable
    ErrnoException pidfdObstacle() {
        return pidfdObstacle;
    }

    Availability availability() {
        return availability;
    }

    /** What was found; only where available. */
    LinuxSystem system() {
        if (system == null) {
            throw new IllegalStateException("the Linux backend is not available: " + availability.cause());
        }
        return system;
    }

    /** Probes this JVM. Never throws. */
    static LinuxProbe run() {
        String os = System.getProperty("os.name", "");
        if (!os.equals("Linux")) {
            return unavailable("this is " + os + ", not Linux", null);
        }
        String arch = System.getProperty("os.arch", "");
        LinuxAbi abi = LinuxAbi.of(arch);
        if (abi == null) {
            return unavailable(
                    "the architecture " + arch + " is not known to this backend (amd64 and aarch64 are)", null);
        }
        try {
            return of(new JffiSyscalls(abi), new JavaProcFiles(), System.getProperty(PIDFD_PROPERTY, ""));
        } catch (RuntimeException | LinkageError failed) {
            return unavailable("the native library of jffi cannot be used: " + firstLine(failed), failed);
        }
    }

    /** jffi puts whole stack traces into its messages. */
    private static String firstLine(Throwable failed) {
        String text = failed.toString();
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end).trim();
    }

    /** Probes over this seam. */
    static LinuxProbe of(LinuxSyscalls calls, ProcFiles files, String pidfdProperty) {
        boolean closeFrom = calls.hasFunction("posix_spawn_file_actions_addclosefrom_np");
        boolean chdir = calls.hasFunction("posix_spawn_file_actions_addchdir_np");
        String obstacle = CloseFrom.obstacle(calls, closeFrom);
        if (!obstacle.isEmpty()) {
            return unavailable(obstacle, null);
        }
        int self = calls.getpid();
        boolean wanted = !pidfdProperty.equals("off");
        ErrnoException missing = wanted ? pidfdObstacle(calls, self) : null;
        String remark = "";
        if (wanted && !pidfdProperty.isEmpty() && !pidfdProperty.equals("on")) {
            remark = "the system property " + PIDFD_PROPERTY + " is '" + pidfdProperty
                    + "', which is neither 'on' nor 'off': it is ignored. ";
        }
        if (missing != null) {
            remark += "pidfds cannot be used here (" + missing.getMessage() + "): processes are held by their numbers";
        }
        return new LinuxProbe(
                Availability.available(),
                new LinuxSystem(calls, new ProcFs(files, self), wanted && missing == null, closeFrom, chdir),
                missing,
                remark.trim());
    }

    private static @Nullable ErrnoException pidfdObstacle(LinuxSyscalls calls, int self) {
        int pidfd = -1;
        try {
            pidfd = calls.pidfdOpen(self, 0);
            calls.pidfdSendSignal(pidfd, 0, 0);
            calls.waitid(LinuxAbi.P_PIDFD, pidfd, LinuxAbi.WEXITED | LinuxAbi.WNOHANG);
            return new ErrnoException("waitid", 0); // nobody is one's own child
        } catch (ErrnoException answer) {
            boolean understood = answer.call().equals("waitid") && answer.errno() == Errno.ECHILD;
            return understood || isPassing(answer.errno()) ? null : answer;
        } finally {
            if (pidfd >= 0) {
                try {
                    calls.close(pidfd);
                } catch (ErrnoException gone) {
                    // close(2): gone in any case
                }
            }
        }
    }

    /** No descriptor or memory at this moment says nothing of the next; each object has its own fallback. */
    private static boolean isPassing(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
    }

    private static LinuxProbe unavailable(String cause, @Nullable Throwable failure) {
        return new LinuxProbe(Availability.unavailable(cause, failure), null, null, "");
    }
}
