// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Signal;
import dev.osprocess.linux.LinuxCapability;
import dev.osprocess.linux.LinuxNamespace;
import dev.osprocess.linux.LinuxResource;
import dev.osprocess.linux.LinuxScheduling;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of numbers, held against {@code linux-abi.tsv}: name, architecture, value, as compilers gave them. */
final class TablesTest {
    private static final String ALL = "all";

    private static final Map<String, Long> FACTS = new HashMap<>();

    /** Java names that differ from the C name. */
    private static final Map<String, String> C_NAMES = Map.ofEntries(
            Map.entry("SIGINFO_SIZE", "sizeof siginfo_t"),
            Map.entry("SIGINFO_CODE", "siginfo_t.si_code"),
            Map.entry("SIGINFO_PID", "siginfo_t.si_pid"),
            Map.entry("SIGINFO_STATUS", "siginfo_t.si_status"),
            Map.entry("RUSAGE_SIZE", "sizeof rusage"),
            Map.entry("RUSAGE_USER_TIME", "rusage.ru_utime"),
            Map.entry("RUSAGE_SYSTEM_TIME", "rusage.ru_stime"),
            Map.entry("RUSAGE_MAXRSS", "rusage.ru_maxrss"),
            Map.entry("RUSAGE_MINOR_FAULTS", "rusage.ru_minflt"),
            Map.entry("RUSAGE_MAJOR_FAULTS", "rusage.ru_majflt"),
            Map.entry("RUSAGE_BLOCKS_IN", "rusage.ru_inblock"),
            Map.entry("RUSAGE_BLOCKS_OUT", "rusage.ru_oublock"),
            Map.entry("RUSAGE_VOLUNTARY_SWITCHES", "rusage.ru_nvcsw"),
            Map.entry("RUSAGE_INVOLUNTARY_SWITCHES", "rusage.ru_nivcsw"),
            Map.entry("EPOLL_CLOEXEC", "O_CLOEXEC"),
            Map.entry("EFD_CLOEXEC", "O_CLOEXEC"),
            Map.entry("EFD_NONBLOCK", "O_NONBLOCK"),
            Map.entry("SPAWN_ATTRIBUTES_SIZE", "sizeof posix_spawnattr_t"),
            Map.entry("SPAWN_FILE_ACTIONS_SIZE", "sizeof posix_spawn_file_actions_t"),
            Map.entry("SIGSET_SIZE", "sizeof sigset_t"),
            Map.entry("STATFS_SIZE", "sizeof statfs"),
            Map.entry("PIDFD_INFO_SIZE", "PIDFD_INFO_SIZE_VER0"),
            Map.entry("PIDFD_INFO_MASK", "pidfd_info.mask"),
            Map.entry("PIDFD_INFO_EXIT_CODE", "pidfd_info.exit_code"),
            Map.entry("PIDFD_SIGNAL_PROCESS_GROUP", "PIDFD_SIGNAL_PROCESS_GROUP"),
            Map.entry("PIDFS_MAGIC", "PID_FS_MAGIC"),
            Map.entry("SYS_PIDFD_SEND_SIGNAL", "SYS_pidfd_send_signal"),
            Map.entry("SYS_PIDFD_OPEN", "SYS_pidfd_open"));

    @BeforeAll
    static void readFacts() throws IOException {
        InputStream resource = Objects.requireNonNull(TablesTest.class.getResourceAsStream("linux-abi.tsv"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] fields = line.split("\t", -1);
                    assertEquals(3, fields.length, line);
                    FACTS.put(fields[0] + "/" + fields[1], Long.decode(fields[2]));
                }
            }
        }
    }

    private static long fact(String name, String arch) {
        Long value = FACTS.get(name + "/" + arch);
        return value != null ? value : Objects.requireNonNull(FACTS.get(name + "/" + ALL), () -> "no fact for " + name);
    }

    @Test
    void everyNumberOfTheAbiIsTheCompilers() throws IllegalAccessException {
        int held = 0;
        for (Field field : LinuxAbi.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive() && !field.isSynthetic()) {
                field.setAccessible(true);
                String name = Objects.requireNonNullElse(C_NAMES.get(field.getName()), field.getName());
                long value = ((Number) field.get(null)).longValue();
                long expected = field.getType() == int.class ? (int) fact(name, ALL) : fact(name, ALL);
                assertEquals(expected, value, name);
                held++;
            }
        }
        assertTrue(held > 60, "only " + held + " numbers were held against the facts");
    }

    @Test
    void everyNumberOfTheBirthIsTheCompilers() throws IllegalAccessException {
        int held = 0;
        for (Field field : BirthAbi.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive() && !field.isSynthetic()) {
                field.setAccessible(true);
                assertEquals(fact(field.getName(), ALL), ((Number) field.get(null)).longValue(), field.getName());
                held++;
            }
        }
        assertTrue(held >= 20, "only " + held + " numbers were held against the facts");
    }

    @ParameterizedTest
    @CsvSource({"amd64,x86_64,EM_X86_64", "x86_64,x86_64,EM_X86_64", "aarch64,aarch64,EM_AARCH64"})
    void everyCallOfTheBirthIsTheCompilers(String osArch, String arch, String machine) throws Exception {
        BirthAbi abi = Objects.requireNonNull(BirthAbi.of(osArch));
        assertEquals(fact(machine, ALL), abi.machine);
        for (RecordComponent call : BirthAbi.Calls.class.getRecordComponents()) {
            String name = "SYS_" + call.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            assertEquals(fact(name, arch), ((Integer) call.getAccessor().invoke(abi.calls)).longValue(), name);
        }
    }

    @Test
    void everyAttributesNumberIsTheCompilers() {
        for (LinuxCapability capability : LinuxCapability.values()) {
            assertEquals(fact("CAP_" + capability, ALL), capability.number());
        }
        Map<LinuxNamespace, String> namespaces = Map.of(
                LinuxNamespace.MOUNT, "CLONE_NEWNS",
                LinuxNamespace.CGROUP, "CLONE_NEWCGROUP",
                LinuxNamespace.UTS, "CLONE_NEWUTS",
                LinuxNamespace.IPC, "CLONE_NEWIPC",
                LinuxNamespace.NETWORK, "CLONE_NEWNET");
        for (LinuxNamespace namespace : LinuxNamespace.values()) {
            assertEquals(fact(Objects.requireNonNull(namespaces.get(namespace)), ALL), namespace.flag());
        }
        Map<LinuxScheduling, String> policies =
                Map.of(LinuxScheduling.ROUND_ROBIN, "SCHED_RR", LinuxScheduling.OTHER, "SCHED_OTHER");
        for (LinuxScheduling policy : LinuxScheduling.values()) {
            assertEquals(fact(policies.getOrDefault(policy, "SCHED_" + policy), ALL), policy.number());
        }
        Map<LinuxResource, String> resources = Map.of(
                LinuxResource.FILE_SIZE, "FSIZE",
                LinuxResource.PROCESSES, "NPROC",
                LinuxResource.OPEN_FILES, "NOFILE",
                LinuxResource.LOCKED_MEMORY, "MEMLOCK",
                LinuxResource.ADDRESS_SPACE, "AS",
                LinuxResource.PENDING_SIGNALS, "SIGPENDING",
                LinuxResource.MESSAGE_QUEUES, "MSGQUEUE",
                LinuxResource.REALTIME_PRIORITY, "RTPRIO",
                LinuxResource.REALTIME_TIME, "RTTIME");
        for (LinuxResource resource : LinuxResource.values()) {
            assertEquals(fact("RLIMIT_" + resources.getOrDefault(resource, resource.name()), ALL), resource.number());
        }
    }

    @ParameterizedTest
    @CsvSource({"amd64,x86_64", "x86_64,x86_64", "aarch64,aarch64"})
    void whatDiffersByArchitectureIsTheCompilers(String osArch, String arch) {
        LinuxAbi abi = Objects.requireNonNull(LinuxAbi.of(osArch));
        assertEquals(fact("SYS_waitid", arch), abi.sysWaitid);
        assertEquals(fact("sizeof epoll_event", arch), abi.epollEventSize);
        assertEquals(fact("epoll_event.data", arch), abi.epollEventData);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "riscv64", "i386", "arm", "ppc64le", "s390x", "AMD64"})
    void anArchitectureThatWasNotTriedIsUnknown(String osArch) {
        assertNull(LinuxAbi.of(osArch));
        assertNull(BirthAbi.of(osArch));
    }

    @Test
    void everyErrnoIsTheCompilersAndHasANameAndAText() {
        Set<String> texts = new TreeSet<>();
        for (int errno : Errno.numbers()) {
            String name = Errno.name(errno);
            assertEquals(fact(name, ALL), errno, name);
            assertTrue(texts.add(Errno.text(errno)), "two errors say " + Errno.text(errno));
            assertEquals(name + " (" + errno + ") " + Errno.text(errno), Errno.describe(errno));
        }
        assertTrue(texts.size() > 30);
    }

    @Test
    void everyErrnoConstantHasItsRow() throws IllegalAccessException {
        for (Field field : Errno.class.getDeclaredFields()) {
            if (field.getType() == int.class && !field.isSynthetic()) {
                field.setAccessible(true);
                assertEquals(field.getName(), Errno.name(field.getInt(null)));
            }
        }
    }

    @Test
    void anErrnoThatIsNotInTheTableKeepsItsNumber() {
        assertEquals("errno (4095) see errno(3)", Errno.describe(4095));
    }

    @Test
    void err12_textsDoNotFollowTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            assertEquals("EINTR (4) interrupted system call", Errno.describe(Errno.EINTR));
            assertEquals("pidfd_open: EINVAL (22) invalid argument", new ErrnoException("pidfd_open", 22).getMessage());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void sig24_everySignalIsTheCompilersBothWays() {
        Set<Integer> numbers = new TreeSet<>();
        for (Map.Entry<String, Long> fact : FACTS.entrySet()) {
            String name = fact.getKey().substring(0, fact.getKey().indexOf('/'));
            if (name.matches("SIG[A-Z0-9]+")
                    && !Set.of("SIGIOT", "SIGPOLL", "SIGRTMIN", "SIGRTMAX").contains(name)) {
                int number = Math.toIntExact(fact.getValue());
                assertEquals(number, LinuxSignals.number(Signal.of(name.substring(3))), name);
                assertEquals(name.substring(3), LinuxSignals.signal(number).name(), name);
                numbers.add(number);
            }
        }
        assertEquals(31, numbers.size(), "signals 1 to 31, each once");
    }

    @Test
    void sig24_realTimeSignalsAreCountedFromTheFirstThatAProgramMayUse() {
        assertEquals(fact("SIGRTMIN", ALL), LinuxSignals.number(Signal.realTime(0)));
        assertEquals(fact("SIGRTMAX", ALL), LinuxSignals.number(Signal.realTime(30)));
        assertEquals(-1, LinuxSignals.number(Signal.realTime(31)));
    }

    @Test
    void sig24_aBareNumberIsItselfAndAnUnnamedOneStaysBare() {
        for (int number = 0; number <= 70; number++) {
            assertEquals(number, LinuxSignals.number(Signal.of(number)));
        }
        assertEquals(Signal.of(40), LinuxSignals.signal(40));
        assertNotNull(LinuxSignals.signal(0));
    }

    @Test
    void sig24_whatOtherSystemsHaveIsUnknown() {
        assertEquals(-1, LinuxSignals.number(Signal.EMT));
        assertEquals(-1, LinuxSignals.number(Signal.INFO));
    }

    @Test
    void err16_everyErrnoHasTheKindOfTheRules() {
        for (int errno : Errno.numbers()) {
            assertEquals(TargetsTest.expectedKind(errno), LinuxErrors.kind(errno), Errno.describe(errno));
        }
    }
}
