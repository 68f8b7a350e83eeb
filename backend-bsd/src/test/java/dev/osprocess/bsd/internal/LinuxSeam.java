// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Set;

/**
 * The real binding on Linux. What differs: functions can be hidden, so that the ways of systems without them are taken;
 * signals of glibc's own get their default;
 * start times come from /proc, because there is no sysctl(2) of processes; exits are told by {@link KqueueOnLinux}; and the
 * id of a thread is nobody's process, as on the BSDs, where kill(2) on Linux finds the process of that thread.
 */
final class LinuxSeam extends ForwardingSyscalls {
    private static final int PID = 0;
    private static final int START = 8;
    private static final int LENGTH = 24;
    private static final long MICROS_PER_TICK = 10_000;
    private static final long MICROS = 1_000_000;
    private static final int NAME_END_TO_START_TIME = 20;

    private static final int FIRST_OF_GLIBC = 32;
    private static final int LAST_SIGNAL = 64;

    private final BsdProfile profile;
    private final Set<String> hidden;
    private final KqueueOnLinux kqueue;

    LinuxSeam(BsdProfile profile, Set<String> hidden) {
        super(new JnrSyscalls(profile));
        this.profile = profile;
        this.hidden = hidden;
        this.kqueue = new KqueueOnLinux(profile, this);
    }

    static BsdTable withStartLayout(BsdTable table) {
        return table.number("CTL_KERN", 1)
                .number("KERN_PROC", 14)
                .number("KERN_PROC_PID", 1)
                .number("process.pid", PID)
                .number("process.start", START);
    }

    @Override
    public boolean hasFunction(String name) {
        boolean emulated = name.equals("kqueue") || name.equals("kevent");
        return !hidden.contains(name)
                && (emulated ? KqueueOnLinux.isPossible(profile, getpid(), this) : super.hasFunction(name));
    }

    /**
     * With the defaults of signals 32 to 64 as well: glibc keeps 32 and 33 for itself, and once this process has used them its
     * posix_spawn has the child ignore them, unless it is told otherwise.
     */
    @Override
    public SpawnOutcome posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        byte[] defaults = flags.defaults().clone();
        BitSet signals = BitSet.valueOf(defaults);
        signals.set(FIRST_OF_GLIBC - 1, LAST_SIGNAL);
        byte[] all = signals.toByteArray();
        System.arraycopy(all, 0, defaults, 0, all.length);
        return super.posixSpawn(
                path,
                actions,
                new SpawnFlags(flags.bits(), flags.group(), defaults, flags.leadsGroup()),
                arguments,
                environment);
    }

    @Override
    public int kqueue() throws ErrnoException {
        return kqueue.kqueue();
    }

    @Override
    public void change(int queue, long ident, int filter, int flags, int notes, long data) throws ErrnoException {
        kqueue.change(queue, ident, filter, flags, data);
    }

    @Override
    public int events(int queue, EventBatch batch, long nanos) throws ErrnoException {
        return kqueue.events(queue, batch, nanos);
    }

    @Override
    public void close(int fd) throws ErrnoException {
        kqueue.closing(fd);
        super.close(fd);
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        if (pid > 0 && isThread(pid)) {
            throw profile.failure("kill", Errno.ESRCH);
        }
        super.kill(pid, signal);
    }

    private static boolean isThread(int id) {
        try {
            return !Files.readString(Path.of("/proc/" + id + "/status")).contains("\nTgid:\t" + id + "\n");
        } catch (IOException gone) {
            return false; // kill(2) itself says so
        }
    }

    /** The start time is counted from the boot here, in ticks; nothing but its equality matters. */
    @Override
    public int sysctl(int[] path, byte[] into) throws ErrnoException {
        int pid = path[path.length - 1];
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException gone) {
            throw profile.failure("sysctl", Errno.ESRCH);
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long micros = (Long.parseLong(fields[NAME_END_TO_START_TIME - 1]) + 1) * MICROS_PER_TICK + MICROS;
        ByteBuffer process = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN);
        process.putInt(PID, pid);
        process.putLong(START, micros / MICROS);
        process.putLong(START + Long.BYTES, micros % MICROS);
        return LENGTH;
    }
}
