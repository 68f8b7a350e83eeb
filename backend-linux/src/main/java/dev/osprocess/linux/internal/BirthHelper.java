// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.spi.unix.EncodedEnvironment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Starts a child through a helper (ADR 0018): posix_spawn executes a small program that lies in memory alone, which makes the
 * system calls of {@link BirthSteps} and then becomes the child's program. It has the child's pid from the start, shares
 * nothing with this process, and tells through a pipe which step failed and why; the end of the pipe without a word says
 * that the program is in place.
 */
final class BirthHelper {
    private static final byte[] NAME = "osprocess-birth".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TERMINAL = "/dev/tty".getBytes(StandardCharsets.US_ASCII);

    private final LinuxSystem system;
    private final LinuxSyscalls calls;
    private final BirthAbi abi;
    private final CloseFrom closeFrom;
    private final EncodedEnvironment noEnvironment;

    /** With an empty environment for the helper itself. */
    BirthHelper(LinuxSystem system, BirthAbi abi, CloseFrom closeFrom, EncodedEnvironment noEnvironment) {
        this.system = system;
        this.calls = system.calls();
        this.abi = abi;
        this.closeFrom = closeFrom;
        this.noEnvironment = noEnvironment;
    }

    /** A step of the child's failed, and nothing is left of the child. */
    static final class StepFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient BirthScript.Step step;
        private final int errno;

        StepFailedException(BirthScript.Step step, int errno) {
            super(null, null, false, false);
            this.step = step;
            this.errno = errno;
        }

        BirthScript.Step step() {
            return step;
        }

        int errno() {
            return errno;
        }
    }

    /** One start, with the helper's image, to be tried once or again. */
    final class Birth implements AutoCloseable {
        private final LinuxAttributes attributes;
        private final SpawnFlags flags;
        private final FileTable table;
        private final @Nullable Cgroup cgroup;
        private final byte[] firstArgument;
        private final BirthScript script;
        private final int image;

        private Birth(
                LinuxAttributes attributes,
                SpawnFlags flags,
                FileTable table,
                @Nullable Cgroup cgroup,
                BirthSteps.Program program)
                throws ProcessException {
            this.attributes = attributes;
            this.flags = flags;
            this.table = table;
            this.cgroup = cgroup;
            this.firstArgument = program.firstArgument();
            this.script = BirthSteps.of(abi, attributes, world(), program);
            this.image = load(script.image(statusPlace()));
        }

        private int statusPlace() {
            return table.size();
        }

        private int imagePlace() {
            return table.size() + 1;
        }

        private BirthSteps.World world() throws ProcessException {
            return new BirthSteps.World(
                    statusPlace(),
                    imagePlace(),
                    cgroup == null ? -1 : table.size() + 2,
                    calls.getpid(),
                    attributes.isTerminalDetached() && !attributes.isNewSession() && hasTerminal(),
                    attributes.ambientCapabilities().isEmpty()
                            ? ProcFs.Rights.NONE
                            : system.proc().ownRights());
        }

        /**
         * Starts the child; when this returns its program is in place.
         *
         * @throws ErrnoException if the helper could not be started
         * @throws StepFailedException if the helper failed; it has been reaped
         */
        int start() throws ErrnoException, StepFailedException, ProcessException {
            int[] pipe = new int[2];
            calls.pipe(pipe, LinuxAbi.O_CLOEXEC);
            byte[] report = new byte[BirthScript.REPORT_SIZE];
            int pid = -1;
            int length = -1;
            try {
                try {
                    pid = spawn(pipe[1]);
                } finally {
                    closeQuietly(pipe[1]); // else the pipe would have no end
                }
                length = readAll(pipe[0], report);
            } finally {
                closeQuietly(pipe[0]);
                if (pid >= 0 && length < 0) {
                    abandon(pid);
                }
            }
            if (length == 0) {
                return pid;
            }
            reap(pid);
            throw new StepFailedException(script.failedStep(report), BirthScript.errno(report));
        }

        private int spawn(int status) throws ErrnoException, ProcessException {
            FileActions actions = new FileActions(false);
            boolean same = system.sameNumberIsKept();
            if (cgroup == null) {
                table.addTo(actions, same, status, image);
            } else {
                table.addTo(actions, same, status, image, cgroup.members());
            }
            closeFrom.addTo(actions, table.size() + (cgroup == null ? 2 : 3));
            byte[] path = ("/proc/self/fd/" + imagePlace()).getBytes(StandardCharsets.US_ASCII);
            byte[][] arguments = {firstArgument};
            return attributes.parentDeathSignal().isPresent()
                    ? LastingThread.call(() -> calls.posixSpawn(path, actions, flags, arguments, noEnvironment))
                    : calls.posixSpawn(path, actions, flags, arguments, noEnvironment);
        }

        @Override
        public void close() {
            closeQuietly(image);
        }
    }

    Birth prepare(
            LinuxAttributes attributes,
            SpawnFlags flags,
            FileTable table,
            @Nullable Cgroup cgroup,
            BirthSteps.Program program)
            throws ProcessException {
        return new Birth(attributes, flags, table, cgroup, program);
    }

    /** Whether there is a controlling terminal to give up. */
    private boolean hasTerminal() throws ProcessException {
        try {
            calls.close(calls.open(TERMINAL, BirthAbi.O_RDWR | LinuxAbi.O_NOCTTY | LinuxAbi.O_CLOEXEC, 0));
            return true;
        } catch (ErrnoException failed) {
            if (failed.errno() == Errno.ENXIO) {
                return false;
            }
            throw LinuxErrors.onFile("open", "/dev/tty", failed, "; it is how a terminal is given up");
        }
    }

    /** A file in memory that can be executed. */
    private int load(byte[] image) throws ProcessException {
        int fd = -1;
        boolean complete = false;
        try {
            fd = create();
            int written = 0;
            while (written < image.length) {
                written += calls.write(fd, image, written);
            }
            complete = true;
            return fd;
        } catch (ErrnoException failed) {
            throw notUsable(failed);
        } finally {
            if (!complete && fd >= 0) {
                closeQuietly(fd);
            }
        }
    }

    /** Since Linux 6.3 a file should say whether it is to be executed, and before it must not (memfd_create(2)). */
    private int create() throws ErrnoException {
        try {
            return calls.memfdCreate(NAME, BirthAbi.MFD_CLOEXEC | BirthAbi.MFD_EXEC);
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.EINVAL) {
                throw failed;
            }
            return calls.memfdCreate(NAME, BirthAbi.MFD_CLOEXEC);
        }
    }

    /** Why there is no helper, and so none of what it does. */
    static ProcessException notUsable(ErrnoException failed) {
        boolean forbidden = failed.errno() == Errno.EACCES
                || failed.errno() == Errno.EPERM
                || failed.errno() == Errno.ENOENT
                || failed.errno() == Errno.ENOSYS;
        ErrorKind kind = forbidden ? ErrorKind.UNSUPPORTED : LinuxErrors.kind(failed.errno());
        return ProcessException.builder(kind, failed.call())
                .nativeError(Errno.name(failed.errno()), failed.errno())
                .detail(Errno.text(failed.errno())
                        + "; the helper that sets these LinuxAttributes is executed from memory, which needs /proc and must"
                        + " not be forbidden (vm.memfd_noexec, or a security module)")
                .cause(failed)
                .build();
    }

    private int readAll(int fd, byte[] into) throws ProcessException {
        while (true) {
            try {
                int length = calls.read(fd, into); // one write of so few bytes arrives whole (pipe(7))
                if (length != 0 && length != into.length) {
                    throw new AssertionError("internal error: a report of " + length + " bytes");
                }
                return length;
            } catch (ErrnoException failed) {
                if (failed.errno() != Errno.EINTR) {
                    throw LinuxErrors.of(failed);
                }
            }
        }
    }

    /** Nobody can tell what became of it, so it must not go on. */
    private void abandon(int pid) throws ProcessException {
        try {
            calls.kill(pid, LinuxAbi.SIGKILL); // our unreaped child, so its number is its own
        } catch (ErrnoException failed) {
            throw LinuxErrors.onProcess(failed, pid);
        }
        reap(pid);
    }

    /** It exits after its report. Somebody who waits for any child may have been faster. */
    private void reap(int pid) throws ProcessException {
        try {
            ChildWaits.waitid(calls, LinuxAbi.P_PID, pid, LinuxAbi.WEXITED);
        } catch (ErrnoException failed) {
            if (failed.errno() != Errno.ECHILD) {
                throw LinuxErrors.onProcess(failed, pid);
            }
        }
    }

    private void closeQuietly(int fd) {
        try {
            calls.close(fd);
        } catch (ErrnoException gone) {
            // close(2): gone in any case
        }
    }
}
