// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A small kernel that behaves as one of the five systems, trap by trap: processes, descriptors, files, kqueue. Errors can
 * be put before any call, functions can be missing, and every call is written down.
 */
final class ScriptedBsd implements BsdSyscalls {
    static final int SELF = 1000;

    /** A process of this kernel. */
    static final class Proc {
        final int pid;
        final long startMicros;
        boolean child = true;
        boolean ended;
        boolean stopped;

        /** How many more looks find it running although it has ended. */
        int notYetWaitable;

        int status;
        int group;

        Proc(int pid, long startMicros) {
            this.pid = pid;
            this.startMicros = startMicros;
            this.group = pid;
        }
    }

    /** What a spawn asked for. */
    record Spawn(String path, List<FileActions.Step> steps, SpawnFlags flags) {}

    /** Decides what a spawn does. */
    interface Spawner {
        SpawnOutcome spawn(Spawn spawn) throws ErrnoException;
    }

    private record Knote(int queue, long ident, int filter) {}

    private static final class Fd {
        boolean closeOnExec;
        int statusFlags;
        int buffered;
        boolean atEnd;
        /** The number of the other end of a pipe; −1 for none. */
        int peer = -1;

        byte[] content = new byte[0];
    }

    final BsdProfile profile;
    final List<String> log = new ArrayList<>();
    final Set<String> missing = new HashSet<>();
    final Map<Integer, Proc> processes = new HashMap<>();
    final Map<String, byte[]> files = new HashMap<>();
    final Set<String> directories = new HashSet<>(Set.of("/", "/tmp"));
    final Set<Integer> ignored = new HashSet<>();
    final List<Spawn> spawns = new ArrayList<>();
    Spawner spawner;

    /** Whether EV_ADD finds zombies, and fires at once (FreeBSD, DragonFly). */
    final boolean watchesZombies;

    /** Whether kill(2) finds zombies; OpenBSD's does not. */
    final boolean signalsZombies;

    long openFilesLimit = 64;
    int nextPid = 2000;
    boolean watchable = true;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Integer, Fd> descriptors = new TreeMap<>();
    private final Map<String, Deque<Errno>> errors = new HashMap<>();
    private final Map<Knote, Long> knotes = new LinkedHashMap<>();
    private final Map<Knote, Long> fired = new LinkedHashMap<>();
    private long clock = 1_000_000_000_000L;

    ScriptedBsd(BsdProfile profile) {
        this.profile = profile;
        this.watchesZombies = profile == FreeBsdProfile.PROFILE || profile == DragonFlyProfile.PROFILE;
        this.signalsZombies = profile != OpenBsdProfile.PROFILE;
        if (profile != FreeBsdProfile.PROFILE
                && profile != DragonFlyProfile.PROFILE
                && profile != NetBsdProfile.PROFILE) {
            missing.add("wait6");
        }
        if (profile != FreeBsdProfile.PROFILE) {
            missing.add("posix_spawn_file_actions_addclosefrom_np");
        }
        if (profile != FreeBsdProfile.PROFILE && profile != MacOsProfile.PROFILE) {
            missing.add("posix_spawn_file_actions_addchdir_np");
        }
        if (profile != NetBsdProfile.PROFILE) {
            missing.add("posix_spawn_file_actions_addchdir");
        }
        if (profile == MacOsProfile.PROFILE) {
            missing.add("pipe2");
        }
        for (int fd = 0; fd < 3; fd++) {
            descriptors.put(fd, new Fd());
        }
        spawner = spawn -> new SpawnOutcome(0, newChild().pid);
        program("/bin/prog");
        files.put("/dev/null", new byte[0]);
    }

    // ---- what tests do

    BsdSystem system() {
        return BsdProbe.of(profile, this).system();
    }

    Proc newChild() {
        Proc process = new Proc(nextPid++, clock += 1_000_000);
        processes.put(process.pid, process);
        return process;
    }

    void program(String path) {
        files.put(path, new byte[] {0x7F, 'E', 'L', 'F'});
    }

    /** The next call of this name fails so. */
    void fail(String call, Errno... with) {
        errors.computeIfAbsent(call, unused -> new ArrayDeque<>()).addAll(List.of(with));
    }

    /** Ends a process: its parent can reap it, and whoever watches it is told. */
    void end(Proc process, int status) {
        lock.lock();
        try {
            process.ended = true;
            process.status = status;
            fireFor(process.pid);
        } finally {
            lock.unlock();
        }
    }

    private void fireFor(int pid) {
        for (Map.Entry<Knote, Long> knote : Map.copyOf(knotes).entrySet()) {
            if (knote.getKey().ident() == pid
                    && knote.getKey().filter() == numbers().process()) {
                fired.put(knote.getKey(), knote.getValue());
                knotes.remove(knote.getKey()); // as NOTE_EXIT does
            }
        }
        changed.signalAll();
    }

    /** Puts an event into every queue, whatever stands behind it. */
    void event(long ident, int filter, long data) {
        lock.lock();
        try {
            fired.put(new Knote(-1, ident, filter), data);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A process that must be there. */
    Proc process(long pid) {
        return Objects.requireNonNull(processes.get((int) pid), () -> "no process " + pid);
    }

    void reaped(Proc process) {
        processes.remove(process.pid);
    }

    Set<Integer> open() {
        return Set.copyOf(descriptors.keySet());
    }

    void openForeign(int fd) {
        descriptors.put(fd, new Fd());
    }

    boolean isCloseOnExec(int fd) {
        return Objects.requireNonNull(descriptors.get(fd)).closeOnExec;
    }

    void closeForeign(int fd) {
        descriptors.remove(fd);
    }

    int watched() {
        lock.lock();
        try {
            return (int) knotes.keySet().stream()
                    .filter(knote -> knote.filter() == numbers().process())
                    .count();
        } finally {
            lock.unlock();
        }
    }

    private BsdProfile.KernelEvents numbers() {
        return Objects.requireNonNull(profile.events);
    }

    private void enter(String call, String detail) throws ErrnoException {
        lock.lock();
        try {
            log.add(call + " " + detail);
            Deque<Errno> planned = errors.get(call);
            if (planned != null && !planned.isEmpty()) {
                throw profile.failure(call, planned.poll());
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the calls

    @Override
    public SpawnOutcome posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        Spawn spawn = new Spawn(text(path), List.copyOf(actions.steps()), flags);
        enter("posix_spawn", spawn.path());
        spawns.add(spawn);
        SpawnOutcome outcome = spawner.spawn(spawn);
        lock.lock();
        try {
            // the child's copies of close-on-exec descriptors are gone: by execve(2), or by its end
            descriptors.values().forEach(fd -> fd.atEnd |= fd.peer >= 0);
        } finally {
            lock.unlock();
        }
        return outcome;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable WaitReport wait4(int pid, int options) throws ErrnoException {
        enter("wait4", pid + " " + options);
        Proc process = waitable("wait4", pid);
        if (process == null) {
            return null;
        }
        processes.remove(pid);
        return new WaitReport(pid, process.status, new Usage(1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    private @Nullable Proc waitable(String call, int pid) throws ErrnoException {
        Proc process = processes.get(pid);
        if (process == null || !process.child) {
            throw profile.failure(call, Errno.ECHILD);
        }
        if (!process.ended) {
            return null;
        }
        if (process.notYetWaitable > 0) {
            process.notYetWaitable--;
            return null;
        }
        return process;
    }

    @Override
    public int wait6(int pid, int options) throws ErrnoException {
        enter("wait6", pid + " " + options);
        Proc process = waitable("wait6", pid);
        return process == null ? -1 : process.status;
    }

    @Override
    public @Nullable ChildReport waitid(int pid, int options) throws ErrnoException {
        enter("waitid", pid + " " + options);
        Proc known = processes.get(pid);
        if (known != null && known.child && known.stopped && !known.ended && profile == MacOsProfile.PROFILE) {
            return new ChildReport(pid, 5, 17); // CLD_STOPPED, to who asked for ends alone
        }
        Proc process = waitable("waitid", pid);
        if (process == null) {
            return null;
        }
        int number = process.status & 0x7F;
        int code = number == 0 ? profile.exitedCode : profile.killedCode;
        return new ChildReport(pid, code, number == 0 ? process.status >> 8 : number);
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        enter("kill", pid + " " + signal);
        if (pid == SELF) {
            return;
        }
        if (pid < 0) {
            List<Proc> members = processes.values().stream()
                    .filter(process -> process.group == -pid)
                    .toList();
            if (members.isEmpty()) {
                throw profile.failure("kill", Errno.ESRCH);
            }
            if (members.stream().allMatch(process -> process.ended) && profile == MacOsProfile.PROFILE) {
                throw profile.failure("kill", Errno.EPERM);
            }
            return;
        }
        Proc process = processes.get(pid);
        if (process == null || (process.ended && !signalsZombies)) {
            throw profile.failure("kill", Errno.ESRCH);
        }
    }

    @Override
    public int kqueue() throws ErrnoException {
        enter("kqueue", "");
        Fd fd = new Fd();
        return put(fd, 3);
    }

    private int put(Fd fd, int lowest) {
        lock.lock();
        try {
            int number = lowest;
            while (descriptors.containsKey(number)) {
                number++;
            }
            descriptors.put(number, fd);
            return number;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void change(int queue, long ident, int filter, int flags, int notes, long data) throws ErrnoException {
        enter("kevent", ident + " " + filter + " " + flags);
        lock.lock();
        try {
            Knote knote = new Knote(queue, ident, filter);
            if (flags == numbers().delete()) {
                if (knotes.remove(knote) == null && fired.remove(knote) == null) {
                    throw profile.failure("kevent", Errno.ENOENT);
                }
                return;
            }
            if (filter == numbers().process() && ident != SELF) {
                Proc process = processes.get((int) ident);
                if (process == null || (process.ended && !watchesZombies)) {
                    throw profile.failure("kevent", Errno.ESRCH);
                }
                if (process.ended) {
                    fired.put(knote, data);
                    changed.signalAll();
                    return;
                }
            }
            knotes.put(knote, data);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int events(int queue, EventBatch batch, long nanos) throws ErrnoException {
        enter("kevent-wait", "");
        lock.lock();
        try {
            long left = nanos < 0 ? Long.MAX_VALUE : nanos;
            while (true) {
                int count = take(queue, batch);
                if (count > 0 || left <= 0) {
                    return count;
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            throw profile.failure("kevent", Errno.EINTR);
        } finally {
            lock.unlock();
        }
    }

    private int take(int queue, EventBatch batch) {
        int count = 0;
        for (Map.Entry<Knote, Long> knote : knotes.entrySet()) {
            Fd fd = descriptors.get((int) knote.getKey().ident());
            boolean readable = knote.getKey().queue() == queue
                    && knote.getKey().filter() == numbers().readable()
                    && fd != null
                    && fd.buffered > 0;
            if (readable && count < batch.capacity()) {
                count = fill(batch, count, knote.getKey(), knote.getValue());
            }
        }
        for (Map.Entry<Knote, Long> event : Map.copyOf(fired).entrySet()) {
            boolean ours = event.getKey().queue() == queue || event.getKey().queue() == -1;
            if (ours && count < batch.capacity()) {
                fired.remove(event.getKey());
                count = fill(batch, count, event.getKey(), event.getValue());
            }
        }
        return count;
    }

    private static int fill(EventBatch batch, int at, Knote knote, long data) {
        batch.idents[at] = knote.ident();
        batch.filters[at] = knote.filter();
        batch.data[at] = data;
        return at + 1;
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        enter("poll", fd + " " + timeoutMillis);
        Fd known = descriptors.get(fd);
        return known != null && (known.atEnd || known.buffered > 0) ? events : 0;
    }

    @Override
    public int read(int fd, byte[] into, int length) throws ErrnoException {
        enter("read", Integer.toString(fd));
        lock.lock();
        try {
            Fd known = known("read", fd);
            if (known.peer < 0) {
                int count = Math.min(length, known.content.length);
                System.arraycopy(known.content, 0, into, 0, count);
                return count;
            }
            if (known.buffered == 0) {
                throw profile.failure("read", Errno.EAGAIN);
            }
            int count = Math.min(length, known.buffered);
            known.buffered -= count;
            return count;
        } finally {
            lock.unlock();
        }
    }

    private Fd known(String call, int fd) throws ErrnoException {
        Fd known = descriptors.get(fd);
        if (known == null) {
            throw profile.failure(call, Errno.EBADF);
        }
        return known;
    }

    @Override
    public int write(int fd, byte[] from, int length) throws ErrnoException {
        enter("write", Integer.toString(fd));
        lock.lock();
        try {
            known("write", known("write", fd).peer).buffered += length;
            changed.signalAll();
            return length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int open(byte[] path, int flags, int mode) throws ErrnoException {
        enter("open", text(path));
        byte[] content = files.get(text(path));
        if (content == null) {
            throw profile.failure("open", Errno.ENOENT);
        }
        Fd fd = new Fd();
        fd.closeOnExec = (flags & profile.closeOnExec) != 0;
        fd.content = content;
        return put(fd, 3);
    }

    @Override
    public void close(int fd) throws ErrnoException {
        enter("close", Integer.toString(fd));
        lock.lock();
        try {
            known("close", fd);
            descriptors.remove(fd);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pipe(int[] ends) throws ErrnoException {
        enter("pipe", "");
        makePipe(ends, false);
    }

    private void makePipe(int[] ends, boolean closeOnExec) {
        Fd reader = new Fd();
        Fd writer = new Fd();
        reader.closeOnExec = closeOnExec;
        writer.closeOnExec = closeOnExec;
        ends[0] = put(reader, 3);
        ends[1] = put(writer, 3);
        reader.peer = ends[1];
        writer.peer = ends[0];
    }

    @Override
    public void pipe2(int[] ends, int flags) throws ErrnoException {
        enter("pipe2", Integer.toString(flags));
        makePipe(ends, (flags & profile.closeOnExec) != 0);
    }

    @Override
    public int fcntl(int fd, int command, int argument) throws ErrnoException {
        enter("fcntl", fd + " " + command + " " + argument);
        Fd known = known("fcntl", fd);
        if (command == profile.getDescriptorFlags) {
            return known.closeOnExec ? profile.descriptorCloseOnExec : 0;
        }
        if (command == profile.setDescriptorFlags) {
            known.closeOnExec = (argument & profile.descriptorCloseOnExec) != 0;
            return 0;
        }
        if (command == profile.getStatusFlags) {
            return known.statusFlags;
        }
        if (command == profile.setStatusFlags) {
            known.statusFlags = argument;
            return 0;
        }
        if (command == profile.duplicateCloseOnExec) {
            Fd copy = new Fd();
            copy.closeOnExec = true;
            copy.peer = known.peer;
            copy.content = known.content;
            return put(copy, argument);
        }
        throw new AssertionError("fcntl command " + command);
    }

    @Override
    public void access(byte[] path, int mode) throws ErrnoException {
        String name = text(path);
        enter("access", name);
        if (name.endsWith("/.")) {
            String folder = name.substring(0, name.length() - 2);
            if (files.containsKey(folder)) {
                throw profile.failure("access", Errno.ENOTDIR);
            }
            if (!directories.contains(folder)) {
                throw profile.failure("access", Errno.ENOENT);
            }
        } else if (!files.containsKey(name) && !directories.contains(name)) {
            throw profile.failure("access", Errno.ENOENT);
        }
    }

    @Override
    public int getpid() {
        return SELF;
    }

    @Override
    public int getppid() {
        return 1;
    }

    @Override
    public long maxRss() throws ErrnoException {
        enter("getrusage", "");
        return 2;
    }

    @Override
    public long openFilesLimit() throws ErrnoException {
        enter("getrlimit", "");
        return openFilesLimit;
    }

    @Override
    public boolean isIgnored(int signal) throws ErrnoException {
        enter("sigaction", Integer.toString(signal));
        return ignored.contains(signal);
    }

    @Override
    public void signalDefault(int signal) throws ErrnoException {
        enter("signal", Integer.toString(signal));
        ignored.remove(signal);
    }

    @Override
    public int sysctl(int[] path, byte[] into) throws ErrnoException {
        enter("sysctl", List.of(path.length, path[1], path[3]).toString());
        return start(path[3], into, "sysctl");
    }

    @Override
    public int procPidInfo(int pid, int flavour, byte[] into) throws ErrnoException {
        enter("proc_pidinfo", pid + " " + flavour);
        return start(pid, into, "proc_pidinfo");
    }

    private int start(int pid, byte[] into, String call) throws ErrnoException {
        Proc process = processes.get(pid);
        if (process == null) {
            throw profile.failure(call, Errno.ESRCH);
        }
        BsdProfile.StartLayout layout = Objects.requireNonNull(profile.start);
        ByteBuffer buffer = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(layout.pidAt(), pid);
        if (layout.secondsSize() == Long.BYTES) {
            buffer.putLong(layout.secondsAt(), process.startMicros / 1_000_000);
        } else {
            buffer.putInt(layout.secondsAt(), (int) (process.startMicros / 1_000_000));
        }
        buffer.putInt(layout.microsAt(), (int) (process.startMicros % 1_000_000));
        return layout.size();
    }

    @Override
    public byte[][] environment() {
        return new byte[][] {"A=1".getBytes(StandardCharsets.UTF_8)};
    }

    @Override
    public boolean hasFunction(String name) {
        return !missing.contains(name);
    }
}
