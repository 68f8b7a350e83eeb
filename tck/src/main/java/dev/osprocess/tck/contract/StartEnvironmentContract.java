// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.ChildServer;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** START: the environment, the signals and the limits that a child begins with. */
@LookAt("ProcessBackend.start: StartRequest.environment, its entries as they are and in their order")
abstract class StartEnvironmentContract extends Contract {
    /** What Windows' sockets, and so the child, cannot do without. */
    private static final String SYSTEM_ROOT = "SystemRoot";

    /** This JVM's environment, as Java reads it. */
    static List<String> ours() {
        List<String> entries = new ArrayList<>();
        System.getenv().forEach((name, value) -> entries.add(name + "=" + value));
        return entries;
    }

    /** These entries and what a Java child cannot do without. */
    static List<String> needed(String... entries) {
        List<String> all = new ArrayList<>(List.of(entries));
        String root = System.getenv(SYSTEM_ROOT);
        if (root != null) {
            all.add(SYSTEM_ROOT + "=" + root);
        }
        return all;
    }

    private static List<String> sorted(List<String> entries) {
        return entries.stream().sorted().toList();
    }

    private static List<String> raw(Kit.Child child) {
        return child.line().ask("raw-environment", new byte[0][]).stream()
                .map(StartEnvironmentContract::text)
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    // --- The environment ---

    @Test
    @Rule("START-07")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: an inherited environment is read as bytes and passed on as bytes")
    void start07_theEnvironmentIsOursByteForByte() throws Exception {
        byte[] ours = ProcSight.bytes(ProcessHandle.current().pid(), "environ");
        byte[] childs = ProcSight.bytes(kit().child().pid(), "environ");
        assertEquals(text(ours).replace('\0', '\n'), text(childs).replace('\0', '\n'));
    }

    @Test
    @Rule("START-07")
    @LookAt("ProcessBackend.start: ChildEnvironment.removed and entries, over this JVM's own")
    void start07_anEditChangesOnlyWhatItNames() throws Exception {
        String removed = System.getenv().keySet().stream()
                .filter(name -> name.matches("[A-Z][A-Z_]*") && !name.matches("PATH|JAVA.*|JDK.*|LD_.*|DYLD_.*|WINE.*"))
                .findFirst()
                .orElse("OSPROCESS_TCK_NONE");
        Kit.Child child = kit().child(Kit.quiet().inheritEnvironment(variables -> {
            variables.remove(removed);
            variables.put("OSPROCESS_TCK", "a = b");
        }));
        List<String> expected = new ArrayList<>(ours());
        expected.removeIf(entry -> entry.startsWith(removed + "="));
        expected.add("OSPROCESS_TCK=a = b");
        List<String> shown = child.ask("environment");
        assertTrue(shown.containsAll(expected), () -> "lost by the edit: " + namesOf(expected, shown));
        assertFalse(
                shown.stream().anyMatch(entry -> entry.startsWith(removed + "=")), () -> removed + " was taken out");
    }

    private static List<String> namesOf(List<String> expected, List<String> shown) {
        List<String> lost = new ArrayList<>(expected);
        lost.removeAll(shown);
        return lost.stream()
                .map(entry -> entry.substring(0, entry.indexOf('=', 1)))
                .toList();
    }

    @Test
    @Rule("START-08")
    @LookAt("ProcessBackend.start: an environment that does not inherit is exactly its entries")
    void start08_nothingOfOursIsAdded() throws Exception {
        Map<String, String> variables = new TreeMap<>(Map.of("OSPROCESS_TCK", "1"));
        String root = System.getenv(SYSTEM_ROOT);
        if (root != null) {
            variables.put(SYSTEM_ROOT, root);
        }
        Kit.Child child = kit().child(Kit.quiet().environment(variables));
        assertEquals(sorted(needed("OSPROCESS_TCK=1")), sorted(child.ask("environment")));
    }

    @Test
    @Rule("START-08")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: no entries, which is not the same as inherited")
    void start08_anEmptyEnvironmentIsEmpty() throws Exception {
        assertEquals(List.of(), raw(kit().child(Kit.quiet().environment(Map.of()))), "given as a map");
        assertEquals(List.of(), raw(kit().child(Kit.quiet().environment(List.of()))), "given as a list");
    }

    @Test
    @Rule("START-09")
    @Needs(value = Capability.RAW_ENVIRONMENT, sight = Sight.PROC)
    @LookAt("ProcessBackend.start: entries go to the system one by one; no map in between")
    void start09_entriesArriveVerbatim() throws Exception {
        List<String> odd = List.of("B=2", "A=1", "A=2", "Z", "=x", "B=", "");
        assertEquals(odd, raw(kit().child(Kit.quiet().environment(odd))));
    }

    @Test
    @Rule("START-10")
    void start10_whatIsGivenIsCopied() throws Exception {
        List<String> entries = needed("A=old");
        List<ChildFile> files =
                new ArrayList<>(List.of(ChildFile.nullDevice(), ChildFile.nullDevice(), ChildFile.inherit(2)));
        ChildServer.Expected expected = kit().expect();
        List<String> arguments = new ArrayList<>(expected.arguments("old"));
        ProcessAttributes attributes =
                ProcessAttributes.builder().environment(entries).files(files).build();
        entries.set(0, "A=new");
        files.clear();
        OsProcess process = kit().start(expected.program(), arguments, attributes);
        arguments.set(arguments.size() - 1, "new");
        Kit.Child child = new Kit.Child(process, kit().lineOf(expected));
        assertEquals(List.of("old"), child.ask("arguments"));
        assertTrue(child.ask("environment").contains("A=old"), "its environment was changed after it was given");
        assertEquals("", child.askOne("read", "0", "1"), "its input is the null device, as it was given");
    }

    // --- Signals and limits ---

    @Test
    @Rule("START-21")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: an empty signal mask, and the default for what this JVM catches or ignores")
    void start21_noSignalIsBlockedOrIgnored() throws Exception {
        // HotSpot blocks QUIT in the threads that run Java, and catches PIPE.
        long ours = mask(ProcessHandle.current().pid(), "SigIgn");
        Kit.Child child = kit().child();
        assertEquals(0, mask(child.pid(), "SigBlk"), "the mask of blocked signals of the child's first thread");
        assertEquals(
                0,
                mask(child.pid(), "SigIgn") & ~ours,
                "signals that the child ignores and this JVM does not, as a mask");
    }

    private static long mask(long pid, String name) throws Exception {
        return Long.parseUnsignedLong(ProcSight.status(pid, name), 16);
    }

    @Test
    @Rule("START-22")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: the limit of open files is inherited as it is")
    void start22_theLimitOfOpenFilesIsOurs() throws Exception {
        // Without this option the child's JVM raises its own.
        Kit.Child child = kit().child(Kit.quiet(), List.of("-Xrs", "-XX:-MaxFDLimit"));
        Path limits = Path.of("/proc/self/limits");
        String words = "Max open files";
        byte[] shown = child.line()
                .ask("file", limits.toString().getBytes(StandardCharsets.US_ASCII))
                .get(0);
        String soft = ProcSight.field(shown, words).split(" +", -1)[0];
        assumeTrue(!soft.isEmpty(), "no limits are shown here");
        assertEquals(ProcSight.field(Files.readAllBytes(limits), words).split(" +", -1)[0], soft);
    }

    @Test
    @Rule({"START-10", "START-07"})
    @LookAt("ProcessBackend.start: what is kept with ChildEnvironment.keepEncoded is right for the next start as well")
    void start10_attributesServeManyStarts() throws Exception {
        ProcessAttributes.Builder attributes =
                Kit.quiet().inheritEnvironment(variables -> variables.put("OSPROCESS_TCK", "kept"));
        for (int i = 0; i < 2; i++) {
            List<String> shown = kit().child(attributes).ask("environment");
            assertTrue(shown.contains("OSPROCESS_TCK=kept"), "at start " + i);
            assertTrue(shown.containsAll(needed()), "at start " + i);
        }
        assertFalse(
                kit().child().ask("environment").contains("OSPROCESS_TCK=kept"),
                "an edit of one child's environment reached another's");
    }
}
