// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One system's numbers: constants, sizes and offsets in bytes, symbols, and what it does in its own way. Immutable; a
 * pure table, made and tested on every host. A number that is missing or unreadable is found when the table is made, not
 * when it is used.
 *
 * <p>Where the tables say how a number is known: {@code [compiled]} from the system's own headers, {@code [compiled from
 * transcription]} from its declarations written anew, {@code [read]} there, {@code [generated-on-OS]} for Go (golang/sys,
 * golang/go), {@code [rust-ctest]} checked on the system for Rust's libc 0.2.186, {@code [ran]} seen there, and
 * {@code unverified} where it was only {@code [recalled]}. x86-64 and aarch64 agree in all of them.
 */
final class BsdProfile {
    /** For people. */
    final String name;

    /** In identities. */
    final String system;

    // waiting
    final int wnohang;
    final int wexited;
    final int wnowait;
    final int pPid;
    final int exitedCode;
    final int killedCode;
    final int dumpedCode;
    final int idSize;
    final int siginfoSize;
    final int siginfoCode;
    final int siginfoPid;
    final int siginfoStatus;

    /** The wait status of a process that goes on after a stop. */
    final int continuedStatus;

    // struct rusage
    final int rusageSize;
    final int userTime;
    final int systemTime;
    final int maxRss;
    final int minorFaults;
    final int majorFaults;
    final int blocksIn;
    final int blocksOut;
    final int voluntarySwitches;
    final int involuntarySwitches;
    final int microsAt;
    final int microsSize;
    final int rusageSelf;

    /** How many bytes one unit of ru_maxrss is (PS-12). */
    final int maxRssUnit;

    // posix_spawn
    final int setGroup;
    final int setDefaults;
    final int setMask;

    /** 0 where posix_spawn cannot make a session. */
    final int setSession;

    /** 0 where there is no flag that closes everything that no file action names. */
    final int closeByDefault;

    /** 0 where there is no flag to ask for the errors of file actions. */
    final int returnError;

    final int spawnAttributesSize;
    final int fileActionsSize;
    final int sigsetSize;

    // descriptors
    final int readOnly;
    final int writeOnly;
    final int create;
    final int truncate;
    final int append;
    final int nonBlocking;
    final int closeOnExec;
    final int noTerminal;
    final int getDescriptorFlags;
    final int setDescriptorFlags;
    final int getStatusFlags;
    final int setStatusFlags;
    final int duplicateCloseOnExec;
    final int descriptorCloseOnExec;
    final int exists;
    final int executable;
    final int pollIn;
    final int pollOut;
    final int openFiles;
    final long infinity;
    final int rlimitSize;

    /** Where exit events come from; null where there is no kqueue. */
    final @Nullable KernelEvents events;

    /** Where a process's start time is; null where this is not known. */
    final @Nullable StartLayout start;

    final BsdSignals signals;
    final long defaultHandler;
    final long ignoreHandler;
    final int handlerAt;

    private final Map<String, Long> numbers;
    private final Map<String, String> symbols;
    private final Set<BsdTrait> traits;
    private final Map<Integer, Errno> errors = new HashMap<>();
    private final EnumMap<Errno, Integer> errorNumbers = new EnumMap<>(Errno.class);

    /**
     * kqueue(2) and struct kevent.
     *
     * @param process the filter for processes
     * @param readable the filter for descriptors
     * @param exit the note of an exit
     * @param wideFilter whether filter and flags have 4 bytes each, not 2
     */
    record KernelEvents(
            int process,
            int readable,
            int add,
            int delete,
            int exit,
            int size,
            int identAt,
            int filterAt,
            int flagsAt,
            int notesAt,
            int dataAt,
            boolean wideFilter) {}

    /**
     * Where the system tells when a process began.
     *
     * @param path of sysctl(2) up to the pid; for proc_pidinfo its flavour alone
     * @param pidAt where the pid stands, to see that the structure is the one we know
     * @param secondsSize 4 or 8; microseconds fit into 4
     * @param size the bytes that are needed
     */
    record StartLayout(List<Integer> path, int pidAt, int secondsAt, int secondsSize, int microsAt, int size) {}

    BsdProfile(BsdTable table) {
        name = table.name;
        system = table.system;
        numbers = Map.copyOf(table.numbers);
        symbols = Map.copyOf(table.symbols);
        traits = Set.copyOf(table.traits);

        wnohang = integer("WNOHANG");
        wexited = integer("WEXITED");
        wnowait = integer("WNOWAIT");
        pPid = integer("P_PID");
        exitedCode = integer("CLD_EXITED");
        killedCode = integer("CLD_KILLED");
        dumpedCode = integer("CLD_DUMPED");
        idSize = integer("sizeof id_t");
        siginfoSize = integer("sizeof siginfo_t");
        siginfoCode = integer("siginfo_t.si_code");
        siginfoPid = integer("siginfo_t.si_pid");
        siginfoStatus = integer("siginfo_t.si_status");
        continuedStatus = integer("wait.continued");

        rusageSize = integer("sizeof rusage");
        userTime = integer("rusage.ru_utime");
        systemTime = integer("rusage.ru_stime");
        maxRss = integer("rusage.ru_maxrss");
        minorFaults = integer("rusage.ru_minflt");
        majorFaults = integer("rusage.ru_majflt");
        blocksIn = integer("rusage.ru_inblock");
        blocksOut = integer("rusage.ru_oublock");
        voluntarySwitches = integer("rusage.ru_nvcsw");
        involuntarySwitches = integer("rusage.ru_nivcsw");
        microsAt = integer("timeval.tv_usec");
        microsSize = integer("sizeof timeval.tv_usec");
        rusageSelf = integer("RUSAGE_SELF");
        maxRssUnit = integer("rusage.ru_maxrss unit");

        setGroup = integer("POSIX_SPAWN_SETPGROUP");
        setDefaults = integer("POSIX_SPAWN_SETSIGDEF");
        setMask = integer("POSIX_SPAWN_SETSIGMASK");
        setSession = flag("POSIX_SPAWN_SETSID");
        closeByDefault = flag("POSIX_SPAWN_CLOEXEC_DEFAULT");
        returnError = flag("POSIX_SPAWN_RETURNERROR");
        spawnAttributesSize = integer("sizeof posix_spawnattr_t");
        fileActionsSize = integer("sizeof posix_spawn_file_actions_t");
        sigsetSize = integer("sizeof sigset_t");

        readOnly = integer("O_RDONLY");
        writeOnly = integer("O_WRONLY");
        create = integer("O_CREAT");
        truncate = integer("O_TRUNC");
        append = integer("O_APPEND");
        nonBlocking = integer("O_NONBLOCK");
        closeOnExec = integer("O_CLOEXEC");
        noTerminal = integer("O_NOCTTY");
        getDescriptorFlags = integer("F_GETFD");
        setDescriptorFlags = integer("F_SETFD");
        getStatusFlags = integer("F_GETFL");
        setStatusFlags = integer("F_SETFL");
        duplicateCloseOnExec = integer("F_DUPFD_CLOEXEC");
        descriptorCloseOnExec = integer("FD_CLOEXEC");
        exists = integer("F_OK");
        executable = integer("X_OK");
        pollIn = integer("POLLIN");
        pollOut = integer("POLLOUT");
        openFiles = integer("RLIMIT_NOFILE");
        infinity = number("RLIM_INFINITY");
        rlimitSize = integer("sizeof rlimit");

        events = numbers.containsKey("EVFILT_PROC") ? kernelEvents() : null;
        start = numbers.containsKey("process.start") ? startLayout() : null;

        signals = new BsdSignals(name, numbers);
        defaultHandler = number("SIG_DFL");
        ignoreHandler = number("SIG_IGN");
        handlerAt = integer("sigaction.sa_handler");

        for (Errno error : Errno.values()) {
            Long number = numbers.get(error.name());
            if (number != null) {
                errors.putIfAbsent(number.intValue(), error);
                errorNumbers.put(error, number.intValue());
            }
        }
    }

    private KernelEvents kernelEvents() {
        return new KernelEvents(
                integer("EVFILT_PROC"),
                integer("EVFILT_READ"),
                integer("EV_ADD"),
                integer("EV_DELETE"),
                (int) number("NOTE_EXIT"), // the highest bit of 32
                integer("sizeof kevent"),
                integer("kevent.ident"),
                integer("kevent.filter"),
                integer("kevent.flags"),
                integer("kevent.fflags"),
                integer("kevent.udata"),
                integer("sizeof kevent.filter") == Integer.BYTES);
    }

    private StartLayout startLayout() {
        List<Integer> path = has(BsdTrait.PROC_PIDINFO)
                ? List.of(integer("PROC_PIDTBSDINFO"))
                : List.of(
                        integer("CTL_KERN"),
                        numbers.containsKey("KERN_PROC2") ? integer("KERN_PROC2") : integer("KERN_PROC"),
                        integer("KERN_PROC_PID"));
        int secondsAt = integer("process.start");
        int usec = numbers.containsKey("process.start_usec") ? integer("process.start_usec") : secondsAt + microsAt;
        int end = usec + Integer.BYTES;
        int size = numbers.containsKey("sizeof process") ? integer("sizeof process") : (end + 7) / 8 * 8;
        return new StartLayout(
                path, integer("process.pid"), secondsAt, Math.min(Long.BYTES, usec - secondsAt), usec, size);
    }

    private long number(String key) {
        Long value = numbers.get(key);
        if (value == null) {
            throw new AssertionError("internal error: the table of " + name + " lacks " + key);
        }
        return value;
    }

    private int integer(String key) {
        return Math.toIntExact(number(key));
    }

    private int flag(String key) {
        return numbers.containsKey(key) ? integer(key) : 0;
    }

    boolean has(BsdTrait trait) {
        return traits.contains(trait);
    }

    /** The symbol of a function. */
    String symbol(String function) {
        return symbols.getOrDefault(function, function);
    }

    /** The error of this number. */
    Errno error(int number) {
        return errors.getOrDefault(number, Errno.UNKNOWN);
    }

    /** A failed call. */
    ErrnoException failure(String call, int number) {
        return new ErrnoException(call, error(number), number);
    }

    /** A failed call, by the error's name: for answers that we give in the system's place. */
    ErrnoException failure(String call, Errno error) {
        Integer number = errorNumbers.get(error);
        if (number == null) {
            throw new AssertionError("internal error: " + name + " has no " + error);
        }
        return new ErrnoException(call, error, number);
    }

    /** Every number of the table, for tests. */
    Map<String, Long> numbers() {
        return numbers;
    }

    /** The system that a JVM says it runs on; null if it is none of these. */
    static @Nullable BsdProfile of(String osName) {
        return switch (BsdProbe.systemOf(osName)) {
            case "freebsd" -> FreeBsdProfile.PROFILE;
            case "openbsd" -> OpenBsdProfile.PROFILE;
            case "netbsd" -> NetBsdProfile.PROFILE;
            case "dragonfly" -> DragonFlyProfile.PROFILE;
            case "macos" -> MacOsProfile.PROFILE;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
