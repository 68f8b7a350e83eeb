// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of all five systems, on every host, held against the facts that they were written from. */
final class TablesTest {
    private static final Pattern ENTRY = Pattern.compile("\\.number\\(\"([^\"]+)\", ([^)]+)\\) // (.*)");

    static Stream<String> files() {
        return Profiles.SYSTEMS.keySet().stream().sorted();
    }

    private static BsdProfile profile(String file) {
        return Objects.requireNonNull(Profiles.SYSTEMS.get(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyNumberIsThatOfTheFacts(String file) {
        Facts facts = Facts.of(file);
        for (Map.Entry<String, Long> entry : profile(file).numbers().entrySet()) {
            assertEquals(facts.value(entry.getKey()), entry.getValue(), file + ": " + entry.getKey());
        }
        assertTrue(
                profile(file).numbers().size() > 120,
                "only " + profile(file).numbers().size());
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyNumberSaysHowItIsKnownAndWhetherThatIsUnverified(String file) throws IOException {
        Facts facts = Facts.of(file);
        Set<String> told = new TreeSet<>();
        for (String line : Files.readAllLines(sourceOf(file))) {
            Matcher entry = ENTRY.matcher(line);
            if (entry.find()) {
                String key = entry.group(1);
                Facts.Row row = Objects.requireNonNull(facts.row(key), key);
                Facts.Row said = new Facts.Row("", "", "", entry.group(3));
                assertEquals(row.marks(), said.marks(), file + ": " + key);
                assertEquals(row.marks().contains("recalled"), entry.group(3).endsWith("; unverified"), key);
                told.add(key);
            }
        }
        Set<String> silent = new TreeSet<>(profile(file).numbers().keySet());
        silent.removeAll(told);
        assertEquals(Set.of(), silent, "numbers without a source beside them");
    }

    private static Path sourceOf(String file) {
        String name =
                switch (file) {
                    case "freebsd" -> "FreeBsd";
                    case "dragonfly" -> "DragonFly";
                    case "openbsd" -> "OpenBsd";
                    case "netbsd" -> "NetBsd";
                    case "macos" -> "MacOs";
                    default -> throw new AssertionError(file);
                };
        return Path.of("src/main/java/dev/osprocess/bsd/internal/" + name + "Profile.java");
    }

    @ParameterizedTest
    @MethodSource("files")
    void theSystemsDifferOnlyInWhatTheFactsSayIsMissing(String file) {
        Facts facts = Facts.of(file);
        Set<String> keys = new TreeSet<>();
        Profiles.all().forEach(profile -> keys.addAll(profile.numbers().keySet()));
        for (String key : keys) {
            if (!profile(file).numbers().containsKey(key)) {
                boolean otherPath = key.equals("KERN_PROC") || key.equals("CTL_KERN") || key.equals("KERN_PROC_PID");
                assertTrue(facts.row(key) == null || otherPath, file + " has a fact for " + key + " and no number");
            }
        }
    }

    @Test
    void noSystemIsForgotten() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/test/resources/dev/osprocess/bsd/internal"))) {
            Set<String> files = new TreeSet<>();
            all.forEach(path -> files.add(path.getFileName().toString().replace(".tsv", "")));
            files.removeAll(Set.of("linux", "supplement"));
            assertEquals(new TreeSet<>(Profiles.SYSTEMS.keySet()), files);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FreeBSD,freebsd",
        "OpenBSD,openbsd",
        "NetBSD,netbsd",
        "DragonFlyBSD,dragonfly",
        "DragonFly,dragonfly",
        "Mac OS X,macos",
        "Darwin,macos",
        "freebsd,freebsd"
    })
    void eachSystemIsKnownByTheNameThatItsJvmSays(String osName, String file) {
        assertSame(profile(file), BsdProfile.of(osName));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Windows 11", "AIX", "SunOS", "", "Macintosh", "BSD"})
    void otherSystemsAreNotOurs(String osName) {
        assertNull(BsdProfile.of(osName));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatIsNoNumberIsAlsoOfTheFacts(String file) {
        Facts facts = Facts.of(file);
        BsdProfile profile = profile(file);
        assertEquals(text(facts, "posix_spawn").contains("_exit(127)"), profile.has(BsdTrait.EXEC_FAILURE_EXITS_127));
        assertEquals(text(facts, "posix_spawn").contains("not reaped"), profile.has(BsdTrait.FAILED_CHILD_STAYS));
        assertEquals(facts.row("since", "process info") != null, profile.has(BsdTrait.PROC_PIDINFO));
        boolean sized = text(facts, "sysctl kern.proc.pid").contains("sizeof,1")
                || text(facts, "sysctl kern.proc2").contains("sizeof,1");
        assertEquals(sized, profile.has(BsdTrait.SIZED_SYSCTL));
        assertEquals(file.equals("macos"), profile.has(BsdTrait.ZOMBIE_GROUP_ANSWERS_EPERM));
        for (String function : Set.of("wait4", "getrusage", "kevent", "posix_spawn", "kqueue")) {
            Facts.Row row = facts.row("since", "symbol " + function);
            String symbol = row == null ? function : row.value().split(" ", 2)[0];
            assertEquals(symbol, profile.symbol(function), file);
        }
    }

    private static String text(Facts facts, String since) {
        Facts.Row row = facts.row("since", since);
        return row == null ? "" : row.value();
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatTheNumbersAreMadeIntoFits(String file) {
        BsdProfile profile = profile(file);
        BsdProfile.KernelEvents events = Objects.requireNonNull(profile.events);
        assertEquals(Integer.MIN_VALUE, events.exit(), "the highest bit of 32");
        assertEquals(file.equals("netbsd"), events.wideFilter());
        assertTrue(events.dataAt() + Long.BYTES <= events.size());
        assertTrue(events.notesAt() + Integer.BYTES <= events.dataAt());
        assertTrue(profile.siginfoStatus + Integer.BYTES <= profile.siginfoSize);
        BsdProfile.StartLayout start = Objects.requireNonNull(profile.start);
        assertTrue(start.microsAt() + Integer.BYTES <= start.size());
        assertEquals(file.equals("netbsd") ? 4 : 8, start.secondsSize());
        assertEquals(file.equals("macos"), profile.setSession != 0);
        assertEquals(file.equals("macos"), profile.closeByDefault != 0);
        assertEquals(file.equals("netbsd"), profile.returnError != 0);
        assertEquals(file.equals("macos") ? 1 : 1024, profile.maxRssUnit);
    }

    @ParameterizedTest
    @MethodSource("files")
    void sig24_everySignalIsThatOfTheFactsBothWays(String file) {
        Facts facts = Facts.of(file);
        BsdSignals signals = profile(file).signals;
        Set<Integer> named = new TreeSet<>();
        for (String name : facts.constants("SIG")) {
            Set<String> unnamed = Set.of("SIGIOT", "SIGTHR", "SIGLIBRT", "SIGCKPT", "SIGCKPTEXIT");
            if (!unnamed.contains(name) && !name.contains("_") && !name.startsWith("SIGRT")) {
                int number = Math.toIntExact(facts.value(name));
                assertEquals(number, signals.number(Signal.of(name.substring(3))), name);
                assertEquals(name.substring(3), signals.signal(number).name(), name);
                named.add(number);
            }
        }
        assertEquals(file.equals("netbsd") ? 32 : 31, named.size());
    }

    @Test
    void sig24_realTimeSignalsAreThereWhereTheirNumbersAreKnown() {
        BsdSignals freebsd = FreeBsdProfile.PROFILE.signals;
        assertEquals(65, freebsd.number(Signal.realTime(0)));
        assertEquals(126, freebsd.number(Signal.realTime(61)));
        assertThrows(UnsupportedFeatureException.class, () -> freebsd.number(Signal.realTime(62)));
        assertThrows(UnsupportedFeatureException.class, () -> MacOsProfile.PROFILE.signals.number(Signal.realTime(0)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void sig24_aNumberIsItselfAndANameThatIsNotThereIsRefused(String file) {
        BsdSignals signals = profile(file).signals;
        for (int number = 0; number < 128; number++) {
            assertEquals(number, signals.number(Signal.of(number)));
        }
        assertEquals(Signal.of(99), signals.signal(99));
        assertThrows(UnsupportedFeatureException.class, () -> signals.number(Signal.STKFLT));
    }

    @ParameterizedTest
    @MethodSource("files")
    void err16_everyErrorOfTheFactsHasItsNameBothWays(String file) {
        Facts facts = Facts.of(file);
        BsdProfile profile = profile(file);
        for (Errno error : Errno.values()) {
            Facts.Row row = facts.row(error.name());
            if (row != null) {
                int number = Integer.parseInt(row.value());
                assertEquals(number, profile.failure("call", error).number());
                Errno found = profile.error(number);
                boolean shared = number == 45 && found == Errno.EOPNOTSUPP && error == Errno.ENOTSUP;
                assertTrue(found == error || shared, error + " is " + found);
            }
        }
        assertEquals(Errno.UNKNOWN, profile.error(4095));
        assertEquals(
                "call: errno (4095) see errno(2)", profile.failure("call", 4095).getMessage());
    }

    @Test
    void err12_textsDoNotFollowTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            assertEquals(
                    "kill: EINTR (4) interrupted system call",
                    MacOsProfile.PROFILE.failure("kill", 4).getMessage());
            assertNotNull(BsdProfile.of("Mac OS X"));
            assertNotNull(BsdProfile.of("DRAGONFLY"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void err16_textsAreDistinct() {
        Set<String> texts = new TreeSet<>();
        for (Errno error : Errno.values()) {
            assertTrue(texts.add(error.text()), error.text());
            assertFalse(error.text().isBlank());
        }
    }

    @Test
    void aTableThatLacksANumberIsNotMade() {
        BsdTable table = BsdTable.of("Half", "half").number("WNOHANG", 1);
        String said = String.valueOf(
                assertThrows(AssertionError.class, table::profile).getMessage());
        assertTrue(said.contains("lacks WEXITED"), said);
        assertThrows(AssertionError.class, () -> table.number("WNOHANG", 2));
    }
}
