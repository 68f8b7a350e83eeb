// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static dev.osprocess.bsd.internal.NativeFunction.INT;
import static dev.osprocess.bsd.internal.NativeFunction.WORD;

import dev.osprocess.spi.unix.EncodedEnvironment;
import java.util.ArrayList;
import java.util.List;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.jspecify.annotations.Nullable;

/**
 * The binding: jnr-posix for what it has, and jffi, the engine below it, for the rest, with blocks of bytes and the
 * profile's offsets (see the ADR "jnr-posix and jffi on the BSDs"). Each call saves errno natively and touches no
 * process-wide setting.
 */
final class JnrSyscalls implements BsdSyscalls {
    /** More than struct sigaction of any of these systems. */
    private static final int SIGACTION_ROOM = 256;

    private static final long NANOS = 1_000_000_000;

    private final BsdProfile profile;
    private final POSIX posix;
    private final SpawnCalls spawn;
    private final NativeFunction wait4;
    private final NativeFunction wait6;
    private final NativeFunction waitid;
    private final NativeFunction kqueue;
    private final NativeFunction kevent;
    private final NativeFunction poll;
    private final NativeFunction read;
    private final NativeFunction write;
    private final NativeFunction open;
    private final NativeFunction pipe;
    private final NativeFunction pipe2;
    private final NativeFunction access;
    private final NativeFunction getrusage;
    private final NativeFunction getrlimit;
    private final NativeFunction sigaction;
    private final NativeFunction signal;
    private final NativeFunction sysctl;
    private final NativeFunction procPidInfo;

    JnrSyscalls(BsdProfile profile) {
        this.profile = profile;
        this.posix = nativePosix();
        this.spawn = new SpawnCalls(profile);
        this.wait4 = NativeFunction.of(profile, "wait4", INT, WORD, INT, WORD);
        com.kenai.jffi.Type id = profile.idSize == Long.BYTES ? WORD : INT;
        this.wait6 = NativeFunction.of(profile, "wait6", INT, id, WORD, INT, WORD, WORD);
        this.waitid = NativeFunction.of(profile, "waitid", INT, id, WORD, INT);
        this.kqueue = NativeFunction.of(profile, "kqueue");
        // NetBSD counts in size_t, the others in int: small numbers look the same in a register
        this.kevent = NativeFunction.of(profile, "kevent", INT, WORD, WORD, WORD, WORD, WORD);
        this.poll = NativeFunction.of(profile, "poll", WORD, INT, INT);
        this.read = NativeFunction.of(profile, "read", INT, WORD, WORD);
        this.write = NativeFunction.of(profile, "write", INT, WORD, WORD);
        this.open = NativeFunction.variadic(profile, "open", 2, WORD, INT, INT);
        this.pipe = NativeFunction.of(profile, "pipe", WORD);
        this.pipe2 = NativeFunction.of(profile, "pipe2", WORD, INT);
        this.access = NativeFunction.of(profile, "access", WORD, INT);
        this.getrusage = NativeFunction.of(profile, "getrusage", INT, WORD);
        this.getrlimit = NativeFunction.of(profile, "getrlimit", INT, WORD);
        this.sigaction = NativeFunction.of(profile, "sigaction", INT, WORD, WORD);
        this.signal = NativeFunction.of(profile, "signal", INT, WORD);
        this.sysctl = NativeFunction.of(profile, "sysctl", WORD, INT, WORD, WORD, WORD, WORD);
        this.procPidInfo = NativeFunction.of(profile, "proc_pidinfo", INT, INT, WORD, WORD, INT);
    }

    private static POSIX nativePosix() {
        POSIX made = POSIXFactory.getNativePOSIX();
        if (made == null || !made.isNative()) {
            throw new UnsatisfiedLinkError("jnr-posix has no native form for this system");
        }
        return made;
    }

    @Override
    public SpawnOutcome posixSpawn(
            byte[] path, FileActions actions, SpawnFlags flags, byte[][] arguments, EncodedEnvironment environment)
            throws ErrnoException {
        return spawn.spawn(path, actions, flags, arguments, environment);
    }

    @Override
    public @Nullable WaitReport wait4(int pid, int options) throws ErrnoException {
        try (NativeBlock block = NativeBlock.zeroed(Long.BYTES + profile.rusageSize)) {
            long usage = block.address() + Long.BYTES;
            int found = check(wait4, (int) wait4.call(pid, block.address(), options, usage));
            return found == 0 ? null : new WaitReport(found, block.getInt(0), usage(block));
        }
    }

    private Usage usage(NativeBlock block) {
        long at = Long.BYTES;
        return new Usage(
                micros(block, at + profile.userTime),
                micros(block, at + profile.systemTime),
                block.getLong(at + profile.maxRss),
                block.getLong(at + profile.minorFaults),
                block.getLong(at + profile.majorFaults),
                block.getLong(at + profile.blocksIn),
                block.getLong(at + profile.blocksOut),
                block.getLong(at + profile.voluntarySwitches),
                block.getLong(at + profile.involuntarySwitches));
    }

    private long micros(NativeBlock block, long timeval) {
        long at = timeval + profile.microsAt;
        long micros = profile.microsSize == Integer.BYTES ? block.getInt(at) : block.getLong(at);
        return block.getLong(timeval) * 1_000_000 + micros;
    }

    @Override
    public int wait6(int pid, int options) throws ErrnoException {
        try (NativeBlock status = NativeBlock.zeroed(Integer.BYTES)) {
            int found = check(wait6, (int) wait6.call(profile.pPid, pid, status.address(), options, 0, 0));
            return found == 0 ? -1 : status.getInt(0);
        }
    }

    @Override
    public @Nullable ChildReport waitid(int pid, int options) throws ErrnoException {
        try (NativeBlock info = NativeBlock.zeroed(profile.siginfoSize)) { // WAIT-10: zeroed
            check(waitid, (int) waitid.call(profile.pPid, pid, info.address(), options));
            int found = info.getInt(profile.siginfoPid);
            return found == 0
                    ? null
                    : new ChildReport(found, info.getInt(profile.siginfoCode), info.getInt(profile.siginfoStatus));
        }
    }

    @Override
    public void kill(int pid, int number) throws ErrnoException {
        if (posix.kill(pid, number) < 0) {
            throw profile.failure("kill", posix.errno());
        }
    }

    @Override
    public int kqueue() throws ErrnoException {
        return check(kqueue, (int) kqueue.call());
    }

    private BsdProfile.KernelEvents events() {
        BsdProfile.KernelEvents numbers = profile.events;
        if (numbers == null) {
            throw new AssertionError("internal error: " + profile + " has no kqueue");
        }
        return numbers;
    }

    @Override
    public void change(int queue, long ident, int filter, int flags, int notes, long data) throws ErrnoException {
        BsdProfile.KernelEvents numbers = events();
        try (NativeBlock event = NativeBlock.zeroed(numbers.size())) {
            event.putLong(numbers.identAt(), ident);
            if (numbers.wideFilter()) {
                event.putInt(numbers.filterAt(), filter);
                event.putInt(numbers.flagsAt(), flags);
            } else {
                event.putShort(numbers.filterAt(), filter);
                event.putShort(numbers.flagsAt(), flags);
            }
            event.putInt(numbers.notesAt(), notes);
            event.putLong(numbers.dataAt(), data);
            check(kevent, (int) kevent.call(queue, event.address(), 1, 0, 0, 0));
        }
    }

    @Override
    public int events(int queue, EventBatch batch, long nanos) throws ErrnoException {
        BsdProfile.KernelEvents numbers = events();
        int capacity = batch.capacity();
        try (NativeBlock list = NativeBlock.zeroed((long) numbers.size() * capacity);
                NativeBlock timeout = NativeBlock.zeroed(2L * Long.BYTES)) {
            timeout.putLong(0, Math.max(nanos, 0) / NANOS);
            timeout.putLong(Long.BYTES, Math.max(nanos, 0) % NANOS);
            long until = nanos < 0 ? 0 : timeout.address();
            int count = check(kevent, (int) kevent.call(queue, 0, 0, list.address(), capacity, until));
            for (int i = 0; i < count; i++) {
                long at = (long) i * numbers.size();
                batch.idents[i] = list.getLong(at + numbers.identAt());
                batch.filters[i] = numbers.wideFilter()
                        ? list.getInt(at + numbers.filterAt())
                        : list.getShort(at + numbers.filterAt());
                batch.data[i] = list.getLong(at + numbers.dataAt());
            }
            return count;
        }
    }

    @Override
    public int poll(int fd, int events, int timeoutMillis) throws ErrnoException {
        try (NativeBlock pollfd = NativeBlock.zeroed(Long.BYTES)) { // int fd; short events, revents
            pollfd.putInt(0, fd);
            pollfd.putShort(Integer.BYTES, events);
            check(poll, (int) poll.call(pollfd.address(), 1, timeoutMillis));
            return pollfd.getShort(Integer.BYTES + Short.BYTES) & 0xFFFF;
        }
    }

    @Override
    public int read(int fd, byte[] into, int length) throws ErrnoException {
        try (NativeBlock buffer = NativeBlock.zeroed(length)) {
            int count = check(read, (int) read.call(fd, buffer.address(), length));
            buffer.getBytes(0, into, count);
            return count;
        }
    }

    @Override
    public int write(int fd, byte[] from, int length) throws ErrnoException {
        try (NativeBlock buffer = NativeBlock.zeroed(length)) {
            buffer.putBytes(0, from, length);
            return check(write, (int) write.call(fd, buffer.address(), length));
        }
    }

    @Override
    public int open(byte[] path, int flags, int mode) throws ErrnoException {
        try (NativeBlock name = NativeBlock.string(path)) {
            return check(open, (int) open.call(name.address(), flags, mode));
        }
    }

    @Override
    public void close(int fd) throws ErrnoException {
        if (posix.close(fd) < 0) {
            throw profile.failure("close", posix.errno());
        }
    }

    @Override
    public void pipe(int[] ends) throws ErrnoException {
        try (NativeBlock pair = NativeBlock.zeroed(2L * Integer.BYTES)) {
            check(pipe, (int) pipe.call(pair.address()));
            ends[0] = pair.getInt(0);
            ends[1] = pair.getInt(Integer.BYTES);
        }
    }

    @Override
    public void pipe2(int[] ends, int flags) throws ErrnoException {
        try (NativeBlock pair = NativeBlock.zeroed(2L * Integer.BYTES)) {
            check(pipe2, (int) pipe2.call(pair.address(), flags));
            ends[0] = pair.getInt(0);
            ends[1] = pair.getInt(Integer.BYTES);
        }
    }

    @Override
    public int fcntl(int fd, int command, int argument) throws ErrnoException {
        int result = posix.libc().fcntl(fd, command, argument);
        if (result < 0) {
            throw profile.failure("fcntl", posix.errno());
        }
        return result;
    }

    @Override
    public void access(byte[] path, int mode) throws ErrnoException {
        try (NativeBlock name = NativeBlock.string(path)) {
            check(access, (int) access.call(name.address(), mode));
        }
    }

    @Override
    public int getpid() {
        return posix.getpid();
    }

    @Override
    public int getppid() {
        return posix.getppid();
    }

    @Override
    public long maxRss() throws ErrnoException {
        try (NativeBlock usage = NativeBlock.zeroed(profile.rusageSize)) {
            check(getrusage, (int) getrusage.call(profile.rusageSelf, usage.address()));
            return usage.getLong(profile.maxRss);
        }
    }

    @Override
    public long openFilesLimit() throws ErrnoException {
        try (NativeBlock limits = NativeBlock.zeroed(profile.rlimitSize)) {
            check(getrlimit, (int) getrlimit.call(profile.openFiles, limits.address()));
            long soft = limits.getLong(0); // rlim_cur is the first of the two
            return soft < 0 || soft == profile.infinity ? Long.MAX_VALUE : soft;
        }
    }

    @Override
    public boolean isIgnored(int number) throws ErrnoException {
        try (NativeBlock action = NativeBlock.zeroed(SIGACTION_ROOM)) {
            check(sigaction, (int) sigaction.call(number, 0, action.address()));
            return action.getLong(profile.handlerAt) == profile.ignoreHandler;
        }
    }

    @Override
    public void signalDefault(int number) throws ErrnoException {
        if (signal.call(number, profile.defaultHandler) == -1) { // SIG_ERR
            throw profile.failure(signal.name(), NativeFunction.errno());
        }
    }

    @Override
    public int sysctl(int[] path, byte[] into) throws ErrnoException {
        try (NativeBlock mib = NativeBlock.zeroed((long) path.length * Integer.BYTES);
                NativeBlock length = NativeBlock.zeroed(Long.BYTES);
                NativeBlock buffer = NativeBlock.zeroed(into.length)) {
            for (int i = 0; i < path.length; i++) {
                mib.putInt((long) i * Integer.BYTES, path[i]);
            }
            length.putLong(0, into.length);
            check(sysctl, (int) sysctl.call(mib.address(), path.length, buffer.address(), length.address(), 0, 0));
            int filled = (int) Math.min(into.length, length.getLong(0));
            buffer.getBytes(0, into, filled);
            return filled;
        }
    }

    @Override
    public int procPidInfo(int pid, int flavour, byte[] into) throws ErrnoException {
        try (NativeBlock buffer = NativeBlock.zeroed(into.length)) {
            int filled = (int) procPidInfo.call(pid, flavour, 0, buffer.address(), into.length);
            if (filled <= 0) {
                throw profile.failure(procPidInfo.name(), NativeFunction.errno());
            }
            buffer.getBytes(0, into, Math.min(filled, into.length));
            return Math.min(filled, into.length);
        }
    }

    @Override
    public byte[][] environment() {
        List<byte[]> entries = new ArrayList<>();
        long environ = NativeBlock.MEMORY.getLong(environAddress());
        for (long at = environ; at != 0; at += Long.BYTES) {
            long entry = NativeBlock.MEMORY.getLong(at);
            if (entry == 0) {
                break;
            }
            entries.add(NativeBlock.MEMORY.getZeroTerminatedByteArray(entry));
        }
        return entries.toArray(new byte[0][]);
    }

    /** Where the pointer to the environment is; macOS has a function for it, since its libraries cannot see the symbol. */
    private long environAddress() {
        if (NativeFunction.addressOf("_NSGetEnviron") != 0) {
            return NativeFunction.of(profile, "_NSGetEnviron").call();
        }
        long address = NativeFunction.addressOf("environ");
        if (address == 0) {
            throw new UnsatisfiedLinkError("the C library has no symbol environ");
        }
        return address;
    }

    @Override
    public boolean hasFunction(String name) {
        return NativeFunction.addressOf(profile.symbol(name)) != 0;
    }

    private int check(NativeFunction function, int result) throws ErrnoException {
        if (result < 0) {
            throw profile.failure(function.name(), NativeFunction.errno());
        }
        return result;
    }
}
