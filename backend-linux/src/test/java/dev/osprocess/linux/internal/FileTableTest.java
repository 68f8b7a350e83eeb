// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.unix.TextEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FileTableTest {
    private static final int HIGHEST_SOURCE = 6;
    private static final int MOST_PLACES = 4;
    private static final int TABLES = 1 + 8 + 8 * 8 + 8 * 8 * 8 + 8 * 8 * 8 * 8;

    private final ScriptedSyscalls calls = new ScriptedSyscalls();

    private FileTable open(ChildFile... files) throws ProcessException {
        return FileTable.open(calls, new TextEncoder(StandardCharsets.UTF_8), List.of(files));
    }

    // ---- the plan of steps, on a model
    // -------------------------------------------------------------------------------

    /** A descriptor of the model: the file behind it, and whether exec closes it. */
    private record Descriptor(int file, boolean closeOnExec) {}

    /** What a process has after these steps and an exec, if it began with descriptors 0 to 6, all close-on-exec. */
    private static Map<Integer, Integer> afterExec(List<FileActions.Step> steps, boolean sameNumberIsKept) {
        TreeMap<Integer, Descriptor> table = new TreeMap<>();
        for (int i = 0; i <= HIGHEST_SOURCE; i++) {
            table.put(i, new Descriptor(i, true));
        }
        for (FileActions.Step step : steps) {
            switch (step.kind()) {
                case DUP2 -> {
                    Descriptor from = table.get(step.from());
                    if (from == null) {
                        throw new AssertionError("EBADF: " + step + " of " + table);
                    }
                    if (step.from() != step.to() || sameNumberIsKept) {
                        table.put(step.to(), new Descriptor(from.file(), false));
                    }
                }
                case CLOSE -> table.remove(step.from());
                case CLOSE_FROM -> table.tailMap(step.from(), true).clear();
                case CHDIR -> throw new AssertionError("no step of a file table: " + step);
            }
        }
        Map<Integer, Integer> kept = new TreeMap<>();
        table.forEach((number, descriptor) -> {
            if (!descriptor.closeOnExec()) {
                kept.put(number, descriptor.file());
            }
        });
        return kept;
    }

    private List<FileActions.Step> plan(int[] sources, boolean sameNumberIsKept) throws ProcessException {
        ChildFile[] files = new ChildFile[sources.length];
        for (int i = 0; i < files.length; i++) {
            files[i] = sources[i] == FileTable.CLOSED ? ChildFile.closed() : ChildFile.descriptor(sources[i]);
        }
        FileActions actions = new FileActions(false);
        try (FileTable table = open(files)) {
            table.addTo(actions, sameNumberIsKept);
            actions.closeFrom(table.size());
        }
        return actions.steps();
    }

    private List<FileActions.Step> plan(int[] sources) throws ProcessException {
        return plan(sources, true);
    }

    /** All tables of up to four places, each with one of: closed, 0, 1, … 6. */
    private static List<int[]> allTables() {
        List<int[]> tables = new ArrayList<>();
        tables.add(new int[0]);
        int done = 0;
        for (int places = 1; places <= MOST_PLACES; places++) {
            int end = tables.size();
            for (; done < end; done++) {
                for (int source = FileTable.CLOSED; source <= HIGHEST_SOURCE; source++) {
                    int[] longer = Arrays.copyOf(tables.get(done), places);
                    longer[places - 1] = source;
                    tables.add(longer);
                }
            }
        }
        return tables;
    }

    @Test
    void start16_start17_start18_start19_everyTableOfUpToFourPlacesComesOutExactly() throws ProcessException {
        List<int[]> tables = allTables();
        assertEquals(TABLES, tables.size());
        for (int[] sources : tables) {
            Map<Integer, Integer> wanted = new TreeMap<>();
            for (int place = 0; place < sources.length; place++) {
                if (sources[place] != FileTable.CLOSED) {
                    wanted.put(place, sources[place]);
                }
            }
            for (boolean sameNumberIsKept : List.of(true, false)) {
                List<FileActions.Step> steps = plan(sources, sameNumberIsKept);
                assertEquals(
                        wanted, afterExec(steps, sameNumberIsKept), () -> Arrays.toString(sources) + " by " + steps);
            }
        }
    }

    @Test
    void start18_whereDup2ToTheSameNumberDoesNothingTheSourceGoesADetour() throws ProcessException {
        assertEquals(
                "[DUP2 0 to 2, DUP2 1 to 3, DUP2 2 to 0, DUP2 3 to 1, CLOSE_FROM 2]",
                plan(new int[] {0, 1}, false).toString());
    }

    @Test
    void start18_aSourceThatStaysInItsPlaceLosesCloseOnExecAndNothingElse() throws ProcessException {
        assertEquals(
                "[DUP2 0 to 0, DUP2 1 to 1, CLOSE_FROM 2]",
                plan(new int[] {0, 1}).toString());
    }

    @Test
    void start18_aSwapNeedsSpareNumbersThatNobodyUses() throws ProcessException {
        // place 2 takes descriptor 3, the first number behind the table: no spare may overwrite it
        int[] sources = {1, 0, 3};
        List<FileActions.Step> steps = plan(sources);
        assertEquals(Map.of(0, 1, 1, 0, 2, 3), afterExec(steps, true));
        for (FileActions.Step step : steps) {
            assertFalse(step.kind() == FileActions.Kind.DUP2 && step.to() == 3, steps.toString());
        }
    }

    @Test
    void d07_anEmptyTableClosesAll() throws ProcessException {
        assertEquals("[CLOSE_FROM 0]", plan(new int[0]).toString());
    }

    @Test
    void aTableIsNotReusableBecauseItHoldsDescriptorsOfOneStart() {
        assertFalse(new FileActions(false).isReusable());
    }

    // ---- opening
    // -----------------------------------------------------------------------------------------------------

    @Test
    void start17_aStandardStreamThatIsClosedHereIsClosedThere() throws ProcessException {
        calls.fail("fcntl", Errno.EBADF);
        FileActions actions = new FileActions(false);
        try (FileTable table = open(ChildFile.inherit(0), ChildFile.inherit(1))) {
            table.addTo(actions, true);
        }
        assertEquals("[CLOSE 0, DUP2 1 to 1]", actions.steps().toString());
    }

    @Test
    void aStandardStreamThatCannotBeAskedIsAnError() {
        calls.fail("fcntl", Errno.EPERM);
        ProcessException failure = assertThrows(ProcessException.class, () -> open(ChildFile.inherit(0)));
        assertEquals(ErrorKind.PERMISSION, failure.kind());
    }

    @Test
    void start24_aNonBlockingDescriptorIsPutIntoBlockingModeAndKeepsItsOtherFlags() throws ProcessException {
        calls.descriptor(9, LinuxAbi.O_NONBLOCK | LinuxAbi.O_APPEND | LinuxAbi.O_WRONLY);
        open(ChildFile.descriptor(9)).close();
        assertEquals(LinuxAbi.O_APPEND | LinuxAbi.O_WRONLY, calls.fcntlNow(9));
    }

    @Test
    void start24_aBlockingDescriptorIsLeftAlone() throws ProcessException {
        open(ChildFile.descriptor(9)).close();
        assertEquals(List.of("fcntl(9, " + LinuxAbi.F_GETFL + ", 0)"), calls.calls());
    }

    @Test
    void start24_aStandardStreamKeepsItsMode() throws ProcessException {
        calls.descriptor(0, LinuxAbi.O_NONBLOCK);
        open(ChildFile.inherit(0)).close();
        assertEquals(1, calls.count("fcntl"), "inherit() shares this process's own stream as it is");
    }

    @Test
    void d07_aBorrowedDescriptorIsNeverClosed() throws ProcessException {
        open(ChildFile.descriptor(9), ChildFile.inherit(1)).close();
        assertEquals(0, calls.count("close"));
    }

    @Test
    void conc15_withoutDescriptorsLeftAPipeFailsCleanly() {
        calls.fail("pipe2", Errno.EMFILE);
        ProcessException failure =
                assertThrows(ProcessException.class, () -> open(ChildFile.nullDevice(), ChildFile.pipe()));
        assertEquals(ErrorKind.EXHAUSTED, failure.kind());
        assertEquals("pipe2", failure.operation());
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void start26_aPipeWhoseEndCannotBeOpenedIsClosedOnBothEnds() {
        // the script's descriptors do not exist in this JVM, so /proc/self/fd has none of them
        ProcessException failure = assertThrows(ProcessException.class, () -> open(ChildFile.pipe()));
        assertTrue(Scripts.message(failure).contains("/proc"), failure.getMessage());
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void conc15_withoutDescriptorsLeftForAPipesEndTheStartFailsCleanly() {
        calls.fail("open", Errno.EMFILE);
        ProcessException failure = assertThrows(ProcessException.class, () -> open(ChildFile.pipe()));
        assertEquals(ErrorKind.EXHAUSTED, failure.kind());
        assertEquals("EMFILE", failure.nativeName().orElseThrow());
        assertEquals(Map.of(), calls.open());
    }

    @Test
    void rel13_aCloseThatFailsIsNotRepeated() throws ProcessException {
        calls.fail("close", Errno.EINTR);
        FileTable table = open(ChildFile.nullDevice());
        table.close();
        table.close();
        assertEquals(1, calls.count("close"));
    }

    @Test
    void theNullDeviceIsReadAtPlaceZeroAndWrittenElsewhere() throws ProcessException {
        open(ChildFile.nullDevice(), ChildFile.nullDevice()).close();
        int common = LinuxAbi.O_CLOEXEC | LinuxAbi.O_NOCTTY;
        assertEquals(
                "open(/dev/null, " + (common | LinuxAbi.O_RDONLY) + ", 438)",
                calls.calls().get(0));
        assertEquals(
                "open(/dev/null, " + (common | LinuxAbi.O_WRONLY) + ", 438)",
                calls.calls().get(1));
    }
}
