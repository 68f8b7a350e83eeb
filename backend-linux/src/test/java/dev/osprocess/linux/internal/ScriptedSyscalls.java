// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small Linux in memory behind the seam: a process table, a descriptor table, one-shot faults by call name, and the
 * order of all calls. For one thread at a time.
 */
final class ScriptedSyscalls implements LinuxSyscalls {
    static final int FIRST_PID = 1000;

    /** Far above what a JVM has open, so that no real descriptor is ever meant. */
    static final int FIRST_FD = 3_000_000;

    private final List<String> calls = new ArrayList<>();
    private final Map<String, Deque<Integer>> faults = new HashMap<>();
    private final Map<Integer, FakeProcess> processes = new HashMap<>();
    private final Map<Integer, FakeProcess> pidfds = new HashMap<>();
    private final Map<Integer, String> open = new TreeMap<>();
    private final Map<Integer, Integer> statusFlags = new HashMap<>();
    private final Map<String, Integer> inaccessible = new HashMap<>();
    private final Set<String> missingFunctions = new HashSet<>();
    private final Deque<long[]> ready = new ArrayDeque<>();
    private final Deque<byte[]> readings = new ArrayDeque<>();
    private Consumer<FakeProcess> atBirth = process -> {};
    private int nextPid = FIRST_PID;
    private int nextFd = FIRST_FD;

    byte[][] environment = {};
    long openFilesLimit = 1024;
    long fileSystemType;
    boolean givesPidfdInfo;

    @Nullable
    FileActions spawnedActions;

    @Nullable
    SpawnFlags spawnedFlags;

    // ---- the script
    // --------------------------------------------------------------------------------------------------

    /** The next call of this name fails so; several in the order given. */
    ScriptedSyscalls fail(String call, int... errnos) {
        for (int errno : errnos) {
            faults.computeIfAbsent(call, name -> new ArrayDeque<>()).add(errno);
        }
        return this;
    }

    ScriptedSyscalls lacks(String function) {
        missingFunctions.add(function);
        return this;
    }

    /** Looking at this path fails so. */
    ScriptedSyscalls inaccessible(String path, int errno) {
        inaccessible.put(path, errno);
        return this;
    }

    /** The next read gives this; without one it is at the end. */
    ScriptedSyscalls reading(byte[] bytes) {
        readings.add(bytes);
        return this;
    }

    /** What happens to each child between its spawn and the next call. */
    ScriptedSyscalls atBirth(Consumer<FakeProcess> event) {
        atBirth = event;
        return this;
    }

    FakeProcess process(int pid) {
        FakeProcess process = new FakeProcess(pid);
        processes.put(pid, process);
        return process;
    }

    /** The child that the next spawn makes, or that the last one made. */
    FakeProcess child(int pid) {
        FakeProcess process = processes.get(pid);
        if (process == null) {
            throw new AssertionError("no process " + pid + " in the script");
        }
        return process;
    }

    int pidfdOf(FakeProcess process) {
        int fd = newFd("pidfd of " + process.pid);
        pidfds.put(fd, process);
        return fd;
    }

    ScriptedSyscalls descriptor(int fd, int flags) {
        statusFlags.put(fd, flags);
        return this;
    }

    /** The file status flags of a descriptor now. */
    int fcntlNow(int fd) {
        return statusFlags.getOrDefault(fd, 0);
    }

    /** The next epoll_wait gives these. */
    ScriptedSyscalls ready(long... data) {
        ready.add(data);
        return this;
    }

    // ---- what happened
    // -----------------------------------------------------------------------------------------------

    /** All calls with their arguments, in order. */
    List<String> calls() {
        return calls;
    }

    /** The names of all calls, in order. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (String call : calls) {
            names.add(call.substring(0, call.indexOf('(')));
        }
        return names;
    }

    int count(String name) {
        int count = 0;
        for (String each : names()) {
            if (each.equals(name)) {
                count++;
            }
        }
        return count;
    }

    ScriptedSyscalls forgetCalls() {
        calls.clear();
        return this;
    }

    /** Descriptors that were opened and not closed. */
    Map<Integer, String> open() {
        return open;
    }

    void assertScriptUsedUp() {
        Map<String, Deque<Integer>> left = new HashMap<>(faults);
        left.values().removeIf(Deque::isEmpty);
        assertEquals(Map.of(), left, "faults that no call met");
    }

    // ---- the calls
    // ---------------------------------------------------------------------------------------------------

    private void enter(String name, Object... arguments) throws ErrnoException {
        record(name, arguments);
        Deque<Integer> mine = faults.get(name);
        if (mine != null && !mine.isEmpty()) {
            throw new ErrnoException(name, mine.remove());
        }
    }

    private void record(String name, Object... arguments) {
        StringBuilder text = new StringBuilder(name).append('(');
        for (int i = 0; i < arguments.length; i++) {
            text.append(i == 0 ? "" : ", ").append(arguments[i]);
        }
        calls.add(text.append(')').toString());
    }

    private int newFd(String what) {
        int fd = nextFd++;
        open.put(fd, what);
        return fd;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        enter("posix_spawn", text(path));
        spawnedActions = actions;
        spawnedFlags = flags;
        FakeProcess child = process(nextPid++);
        atBirth.accept(child);
        return child.pid;
    }

    @Override
    public int pidfdOpen(int pid, int flags) throws ErrnoException {
        enter("pidfd_open", pid, flags);
        FakeProcess process = processes.get(pid);
        if (process == null && pid == ScriptedProcFiles.SELF) {
            process = process(pid).foreign();
        }
        if (process == null || process.reaped) {
            throw new ErrnoException("pidfd_open", Errno.ESRCH);
        }
        return pidfdOf(process);
    }

    private FakeProcess behind(int pidfd, String call) throws ErrnoException {
        FakeProcess process = pidfds.get(pidfd);
        if (process == null) {
            throw new ErrnoException(call, Errno.EBADF);
        }
        return process;
    }

    @Override
    public void pidfdSendSignal(int pidfd, int signal, int flags) throws ErrnoException {
        enter("pidfd_send_signal", pidfd, signal, flags);
        deliver(behind(pidfd, "pidfd_send_signal"), signal, "pidfd_send_signal");
    }

    private static void deliver(@Nullable FakeProcess process, int signal, String call) throws ErrnoException {
        if (process == null || process.reaped) {
            throw new ErrnoException(call, Errno.ESRCH);
        }
        if (!process.permitted) {
            throw new ErrnoException(call, Errno.EPERM);
        }
        if (signal < 0 || signal > LinuxSignals.SIGRTMAX) {
            throw new ErrnoException(call, Errno.EINVAL);
        }
        process.signals.add(signal);
    }

    @Override
    public @Nullable ChildReport waitid(int idType, int id, int options) throws ErrnoException {
        enter("waitid", idType, id, options);
        FakeProcess process = idType == LinuxAbi.P_PIDFD ? behind(id, "waitid") : processes.get(id);
        if (process == null || process.reaped || !process.ownChild) {
            throw new ErrnoException("waitid", Errno.ECHILD);
        }
        ChildReport report = process.report;
        if (report != null && process.isEnded() && (options & LinuxAbi.WNOWAIT) == 0) {
            process.reaped = true;
        }
        return report;
    }

    @Override
    public long pidfdExitStatus(int pidfd) throws ErrnoException {
        enter("pidfd_get_info", pidfd);
        if (!givesPidfdInfo) {
            throw new ErrnoException("ioctl(PIDFD_GET_INFO)", Errno.ENOTTY);
        }
        FakeProcess process = behind(pidfd, "ioctl(PIDFD_GET_INFO)");
        return process.reaped ? process.exitStatus : -1;
    }

    @Override
    public long fileSystemType(int fd) throws ErrnoException {
        enter("fstatfs", fd);
        return fileSystemType;
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        enter("kill", pid, signal);
        deliver(processes.get(pid), signal, "kill");
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        enter("poll", fd, events, timeoutMillis);
        if (fd < 0) {
            return 0;
        }
        FakeProcess process = behind(fd, "poll");
        return process.isEnded() || process.reaped ? LinuxAbi.POLLIN : 0;
    }

    @Override
    public int epollCreate(int flags) throws ErrnoException {
        enter("epoll_create1", flags);
        return newFd("epoll");
    }

    @Override
    public void epollCtl(int epoll, int operation, int fd, int events, long data) throws ErrnoException {
        enter("epoll_ctl", epoll, operation, fd, events, data);
    }

    @Override
    public int epollWait(int epoll, long[] data, int timeoutMillis) throws ErrnoException {
        enter("epoll_wait", epoll, timeoutMillis);
        long[] next = ready.poll();
        if (next == null) {
            return 0;
        }
        System.arraycopy(next, 0, data, 0, next.length);
        return next.length;
    }

    @Override
    public int eventfd(int flags) throws ErrnoException {
        enter("eventfd", flags);
        return newFd("eventfd");
    }

    @Override
    public void eventfdAdd(int fd) throws ErrnoException {
        enter("write", fd);
    }

    @Override
    public void eventfdDrain(int fd) throws ErrnoException {
        enter("read", fd);
    }

    @Override
    public int memfdCreate(byte[] name, int flags) throws ErrnoException {
        enter("memfd_create", flags);
        return newFd("memfd");
    }

    @Override
    public int read(int fd, byte[] into) throws ErrnoException {
        enter("read", fd);
        byte[] next = readings.poll();
        if (next == null) {
            return 0;
        }
        System.arraycopy(next, 0, into, 0, next.length);
        return next.length;
    }

    @Override
    public int write(int fd, byte[] from, int offset) throws ErrnoException {
        enter("write", fd, from.length - offset);
        return from.length - offset;
    }

    @Override
    public int open(byte[] path, int flags, int mode) throws ErrnoException {
        enter("open", text(path), flags, mode);
        return newFd(text(path));
    }

    @Override
    public void close(int fd) throws ErrnoException {
        record("close", fd);
        if (open.remove(fd) == null) {
            throw new AssertionError("close(" + fd + ") of what is not open");
        }
        Deque<Integer> mine = faults.get("close");
        if (mine != null && !mine.isEmpty()) {
            throw new ErrnoException("close", mine.remove());
        }
    }

    @Override
    public void pipe(int[] ends, int flags) throws ErrnoException {
        enter("pipe2", flags);
        ends[0] = newFd("pipe to read");
        ends[1] = newFd("pipe to write");
    }

    @Override
    public int fcntl(int fd, int command, int argument) throws ErrnoException {
        enter("fcntl", fd, command, argument);
        if (command == LinuxAbi.F_SETFL) {
            statusFlags.put(fd, argument);
            return 0;
        }
        return fcntlNow(fd);
    }

    @Override
    public void faccessat(byte[] path, int mode, int flags) throws ErrnoException {
        enter("faccessat", text(path), mode, flags);
        Integer errno = inaccessible.get(text(path));
        if (errno != null) {
            throw new ErrnoException("faccessat", errno);
        }
    }

    @Override
    public int getpid() {
        record("getpid");
        return ScriptedProcFiles.SELF;
    }

    @Override
    public int getppid() {
        record("getppid");
        return 1;
    }

    @Override
    public long maxRssKib() throws ErrnoException {
        enter("getrusage");
        return 1000;
    }

    @Override
    public long openFilesLimit() throws ErrnoException {
        enter("getrlimit");
        return openFilesLimit;
    }

    @Override
    public void signalDefault(int signal) throws ErrnoException {
        enter("signal", signal);
    }

    @Override
    public byte[][] environment() {
        record("environ");
        return environment;
    }

    @Override
    public boolean hasFunction(String name) {
        return !missingFunctions.contains(name);
    }
}
