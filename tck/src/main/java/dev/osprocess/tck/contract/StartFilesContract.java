// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.spi.Capability;
import dev.osprocess.tck.LookAt;
import dev.osprocess.tck.Needs;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.Sight;
import dev.osprocess.tck.child.WindowsSight;
import dev.osprocess.tck.fixture.Bounded;
import dev.osprocess.tck.fixture.Contract;
import dev.osprocess.tck.fixture.Kit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * START: the descriptor table. The child is a JVM, which opens files of its own at the lowest free numbers; so what must be
 * closed is looked at above those.
 */
@LookAt("ProcessBackend.start: StartRequest.files, place i is descriptor i; everything else is closed in the child")
abstract class StartFilesContract extends Contract {
    /** Above whatever a JVM opens by itself when it starts. */
    private static final int HIGH = 100;

    static void write(ByteChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static String read(ByteChannel channel, int count) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        return Bounded.call("reading " + count + " bytes of a pipe", () -> {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new AssertionError("the pipe ended after " + bytes.position() + " of " + count + " bytes");
                }
            }
            return new String(bytes.array(), StandardCharsets.US_ASCII);
        });
    }

    private static ProcessAttributes.Builder files(ChildFile... table) {
        return ProcessAttributes.builder().files(table);
    }

    /** A table of this many places, closed but for the first three: null devices and our own 2. */
    private static ChildFile[] table(int places) {
        ChildFile[] table = new ChildFile[places];
        Arrays.fill(table, ChildFile.closed());
        table[0] = ChildFile.nullDevice();
        table[1] = ChildFile.nullDevice();
        table[2] = ChildFile.inherit(2);
        return table;
    }

    private static Path file(Path folder, String name) throws IOException {
        return Files.writeString(folder.resolve(name), name);
    }

    // --- What is there ---

    @Test
    @Rule("START-16")
    @LookAt("ProcessBackend.start: files of all kinds at 0, 1 and 2; a file to write is emptied, one to append is not")
    void start16_filesArriveAtTheStandardPlaces() throws Exception {
        Path folder = kit().folder();
        Path written = Files.writeString(folder.resolve("written"), "written before");
        Path appended = Files.writeString(folder.resolve("appended"), "appended before ");
        Kit.Child child = kit().child(files(
                ChildFile.readFrom(file(folder, "input")), ChildFile.writeTo(written), ChildFile.appendTo(appended)));
        assertEquals("input", child.askOne("read", "0", "100"));
        child.ask("write", "1", "one");
        child.ask("write", "2", "two");
        child.exit(0);
        Bounded.call("waitFor", () -> child.process().waitFor());
        assertEquals("one", Files.readString(written));
        String both = Files.readString(appended);
        assertTrue(both.startsWith("appended before ") && both.endsWith("two"), both);
    }

    @Test
    @Rule("START-16")
    @LookAt("ProcessBackend.start: a pipe at each place, and Target.pipe: this side's end of it")
    void start16_pipesCarryTheirOwnText() throws Exception {
        Kit.Child child = kit().child(files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2)));
        try (ByteChannel out = child.process().pipe(1)) {
            try (ByteChannel in = child.process().pipe(0)) {
                write(in, "hello");
                assertEquals("hello", child.askOne("read", "0", "5"));
                child.ask("write", "1", "answer");
                assertEquals("answer", read(out, 6));
            }
            assertEquals("", child.askOne("read", "0", "1"), "the end of its input");
            child.exit(0);
            assertEquals(
                    -1,
                    Bounded.call("the end of its output", () -> out.read(ByteBuffer.allocate(1))),
                    "more than the child wrote");
        }
    }

    @Test
    @Rule("START-16")
    @LookAt("ProcessBackend.start: the null device reads as empty")
    void start16_theNullDeviceIsEmptyAndTakesEverything() throws Exception {
        Kit.Child child = kit().child();
        assertEquals("", child.askOne("read", "0", "1"));
        child.ask("write", "1", "vanishes");
    }

    @Test
    @Rule("START-16")
    @Needs(value = Capability.EXTRA_FILES, sight = Sight.DESCRIPTORS)
    @LookAt("ProcessBackend.start: places beyond 2, each with its own file")
    void start16_placesBeyondTwoWork() throws Exception {
        Path folder = kit().folder();
        Kit.Child child = kit().child(files(
                ChildFile.nullDevice(),
                ChildFile.nullDevice(),
                ChildFile.inherit(2),
                ChildFile.pipeFromChild(),
                ChildFile.pipeToChild(),
                ChildFile.pipe(),
                ChildFile.readFrom(file(folder, "six")),
                ChildFile.writeTo(folder.resolve("seven"))));
        OsProcess process = child.process();
        try (ByteChannel three = process.pipe(3);
                ByteChannel four = process.pipe(4);
                ByteChannel five = process.pipe(5)) {
            child.ask("write", "5", "five");
            child.ask("write", "3", "three");
            write(four, "four");
            assertEquals("three", read(three, 5));
            assertEquals("four", child.askOne("read", "4", "4"));
            assertEquals("five", read(five, 4));
            assertEquals("six", child.askOne("read", "6", "3"));
            child.ask("write", "7", "seven");
            assertEquals("seven", Files.readString(folder.resolve("seven")));
        }
    }

    @Test
    @Rule({"START-16", "START-17"})
    @Needs(
            value = {Capability.EXTRA_FILES, Capability.CLOSED_FILES},
            sight = Sight.PROC)
    @LookAt("ProcessBackend.start: a place that is closed(), or not given, is closed in the child")
    void start17_theTableIsExact() throws Exception {
        Path folder = kit().folder();
        ChildFile[] table = table(2 * HIGH);
        Map<Integer, String> expected = new TreeMap<>();
        for (int place : new int[] {HIGH, HIGH + 2, 2 * HIGH - 1}) {
            Path file = file(folder, "f" + place);
            table[place] = ChildFile.readFrom(file);
            expected.put(place, file.toString());
        }
        assertEquals(expected, above(HIGH, ProcSight.descriptors(kit().child(files(table)))));
    }

    private static Map<Integer, String> above(int lowest, Map<Integer, String> descriptors) {
        Map<Integer, String> high = new TreeMap<>(descriptors);
        high.keySet().removeIf(number -> number < lowest);
        return high;
    }

    @Test
    @Rule("START-17")
    @Needs(value = Capability.CLOSED_FILES, sight = Sight.HANDLES)
    @LookAt("ProcessBackend.start: a closed standard stream is neither ours nor the null device")
    void start17_aClosedStandardStreamIsNobodys() throws Exception {
        if (WindowsSight.isThere()) {
            aClosedStreamHasNoHandle();
            return;
        }
        Map<Integer, String> ours = ProcSight.ownDescriptors();
        for (boolean given : new boolean[] {true, false}) {
            Kit.Child child = kit().child(
                            given
                                    ? files(ChildFile.closed(), ChildFile.closed(), ChildFile.closed())
                                    : files(new ChildFile[0]));
            Map<Integer, String> childs = ProcSight.descriptors(child);
            for (int stream = 0; stream <= 2; stream++) {
                // The child's JVM may have opened a file of its own there.
                String found = childs.getOrDefault(stream, "nothing");
                assertNotEquals("/dev/null", found, "descriptor " + stream);
                assertNotEquals(ours.get(stream), found, "descriptor " + stream + " is this JVM's own");
            }
        }
    }

    /** On Windows. */
    private void aClosedStreamHasNoHandle() throws Exception {
        Kit.Child one = kit().child(files(ChildFile.nullDevice(), ChildFile.pipe(), ChildFile.closed()));
        assertEquals(List.of("2", "3", "0"), one.ask("stream-kinds"), "a device, a pipe, nothing");
        Kit.Child all = kit().child(files(new ChildFile[0]));
        assertEquals(List.of("0", "0", "0"), all.ask("stream-kinds"), "of an empty table");
    }

    @Test
    @Rule("START-18")
    @Needs(
            value = {Capability.DESCRIPTORS, Capability.EXTRA_FILES, Capability.CLOSED_FILES},
            sight = Sight.PROC)
    @LookAt("ProcessBackend.start: nothing is overwritten that is still needed, and no place stays close-on-exec")
    void start18_overlappingPlacesComeOutRight() throws Exception {
        Path folder = kit().folder();
        List<FileChannel> channels = new ArrayList<>();
        try {
            int[] own = new int[4];
            String[] behind = new String[own.length];
            for (int i = 0; i < own.length; i++) {
                Path file = file(folder, "f" + i);
                channels.add(FileChannel.open(file));
                own[i] = ProcSight.descriptorOf(file);
                behind[i] = file.toString();
            }
            // Place own[i] of the child gets our own[sources[i]].
            int[][] shuffles = {{0, 1, 2, 3}, {1, 2, 3, 0}, {3, 2, 1, 0}, {0, 0, 0, 0}, {2, 0, 0, 1}};
            for (int[] sources : shuffles) {
                ChildFile[] table = table(Math.max(3, Arrays.stream(own).max().orElseThrow() + 1));
                Map<Integer, String> expected = new TreeMap<>();
                for (int i = 0; i < own.length; i++) {
                    table[own[i]] = ChildFile.descriptor(own[sources[i]]);
                    expected.put(own[i], behind[sources[i]]);
                }
                Map<Integer, String> shown = ProcSight.descriptors(kit().child(files(table)));
                shown.keySet().retainAll(expected.keySet());
                assertEquals(expected, shown, () -> "sources " + Arrays.toString(sources));
            }
        } finally {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    @Rule("START-18")
    @Needs(value = Capability.DESCRIPTORS, sight = Sight.PROC)
    @LookAt("ProcessBackend.start: one descriptor at two places is one open file")
    void start18_oneSourceAtTwoPlacesIsShared() throws Exception {
        Path shared = kit().folder().resolve("shared");
        try (FileChannel channel = FileChannel.open(
                shared, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            assertTrue(channel.isOpen());
            ChildFile both = ChildFile.descriptor(ProcSight.descriptorOf(shared));
            Kit.Child child = kit().child(files(ChildFile.nullDevice(), both, both));
            child.ask("write", "1", "one ");
            child.ask("write", "2", "two ");
            child.ask("write", "1", "three");
        }
        assertTrue(
                Files.readString(shared).endsWith("one two three"),
                () -> "the offset is not shared, or something is lost: " + shared);
    }

    // --- What is not there ---

    @Test
    @Rule("START-19")
    @Needs(sight = Sight.HANDLES)
    @LookAt("ProcessBackend.start: what is not listed is closed, whoever opened it and however")
    void start19_nothingThatIsNotListedReachesTheChild() throws Exception {
        if (WindowsSight.isThere()) {
            anInheritableHandleDoesNotReachTheChild();
            return;
        }
        Map<Integer, String> ours = ProcSight.ownDescriptors();
        List<Integer> leaky = new ArrayList<>();
        for (Map.Entry<Integer, String> each : ours.entrySet()) {
            if (each.getKey() > 2
                    && Files.exists(Path.of("/proc/self/fdinfo", each.getKey().toString()))
                    && (ProcSight.flags(each.getKey()) & ProcSight.CLOSE_ON_EXEC) == 0) {
                leaky.add(each.getKey());
            }
        }
        assumeTrue(!leaky.isEmpty(), "this JVM has no descriptor that an exec would leave open");
        for (ProcessAttributes.Builder attributes : List.of(ProcessAttributes.builder(), Kit.quiet())) {
            Map<Integer, String> childs = ProcSight.descriptors(kit().child(attributes));
            childs.keySet().removeAll(List.of(0, 1, 2));
            assertEquals(Set.of(), common(ours, childs), () -> "of ours in the child; not close-on-exec were " + leaky);
        }
    }

    /** On Windows. */
    private void anInheritableHandleDoesNotReachTheChild() throws Exception {
        Path file = file(kit().folder(), "osprocess-tck-not-listed");
        try (FileChannel open = FileChannel.open(file)) {
            assertTrue(open.isOpen());
            String name = file.getFileName().toString();
            long handle = WindowsSight.files().entrySet().stream()
                    .filter(each -> each.getValue().endsWith(name))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no handle of this process is of " + file));
            WindowsSight.makeInheritable(handle);
            for (ProcessAttributes.Builder attributes : List.of(ProcessAttributes.builder(), Kit.quiet())) {
                List<String> childs = kit().child(attributes).ask("files");
                assertFalse(childs.isEmpty(), "a JVM has files open");
                assertTrue(
                        childs.stream().noneMatch(each -> each.endsWith(name)),
                        "an inheritable handle that was not listed reached the child");
            }
        }
    }

    /** What is open in both and is one thing only: the files of the JDK are opened by each for itself. */
    private static Set<String> common(Map<Integer, String> ours, Map<Integer, String> childs) {
        Set<String> common = new TreeSet<>(ours.values());
        common.retainAll(new TreeSet<>(childs.values()));
        common.removeIf(name -> !name.matches("(socket|pipe):\\[.*"));
        return common;
    }

    @Test
    @Rule("D7")
    @Needs(sight = Sight.PROC)
    @LookAt("ProcessBackend.start: without a table, 0, 1 and 2 are this JVM's own")
    void d07_withoutATableTheChildHasOurStreams() throws Exception {
        Map<Integer, String> ours = ProcSight.ownDescriptors();
        Map<Integer, String> childs = ProcSight.descriptors(kit().child(ProcessAttributes.builder()));
        for (int stream = 0; stream <= 2; stream++) {
            if (ours.containsKey(stream)) {
                assertEquals(ours.get(stream), childs.get(stream), "descriptor " + stream);
            }
        }
    }

    @Test
    @Rule("START-20")
    @Needs(sight = Sight.HANDLES)
    @LookAt("ProcessBackend.start: handles and this side's ends of pipes are close-on-exec")
    void start20_whatTheLibraryOpensDoesNotReachAChild() throws Exception {
        if (WindowsSight.isThere()) {
            nothingMoreIsInheritable();
            return;
        }
        Map<Integer, String> before = ProcSight.ownDescriptors();
        List<ByteChannel> pipes = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                OsProcess alive = kit().child(files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2)))
                        .process();
                assertFalse(alive.onExit().isDone(), "it runs, and is watched");
                pipes.add(alive.pipe(0));
                pipes.add(alive.pipe(1));
            }
            for (Map.Entry<Integer, String> each : ProcSight.ownDescriptors().entrySet()) {
                if (!each.getValue().equals(before.get(each.getKey()))
                        && each.getValue().matches("pipe:.*|pidfd:.*|anon_inode:.*")) {
                    assertNotEquals(
                            0,
                            ProcSight.flags(each.getKey()) & ProcSight.CLOSE_ON_EXEC,
                            () -> each + " is not close-on-exec");
                }
            }
            Map<Integer, String> childs = ProcSight.descriptors(kit().child());
            assertEquals(Set.of(), common(ProcSight.ownDescriptors(), above(3, childs)), "of ours in the next child");
            assertFalse(
                    childs.values().stream().anyMatch(name -> name.matches("pidfd:.*|anon_inode:.?pidfd.?")),
                    () -> "handles in the next child: " + childs);
        } finally {
            for (ByteChannel pipe : pipes) {
                pipe.close();
            }
        }
    }

    /** On Windows. */
    private void nothingMoreIsInheritable() throws Exception {
        kit().child(); // what is loaded at the first use
        Set<Long> before = WindowsSight.inheritable();
        OsProcess alive = kit().child(files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2)))
                .process();
        assertFalse(alive.onExit().isDone(), "it runs, and is watched");
        try (ByteChannel in = alive.pipe(0);
                ByteChannel out = alive.pipe(1)) {
            assertTrue(in.isOpen() && out.isOpen());
            Set<Long> more = WindowsSight.inheritable();
            more.removeAll(before);
            assertEquals(Set.of(), more, "handles that other children would inherit");
        }
    }

    // --- A descriptor that is handed over ---

    @Test
    @Rule("START-24")
    @Needs(value = Capability.DESCRIPTORS, sight = Sight.PROC)
    @LookAt("ProcessBackend.start: a descriptor that is handed over is put into blocking mode")
    void start24_aNonBlockingDescriptorIsBlockingInTheChild() throws Exception {
        Map<Integer, String> before = ProcSight.ownDescriptors();
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            int number = -1;
            for (Map.Entry<Integer, String> each : ProcSight.ownDescriptors().entrySet()) {
                if (each.getValue().startsWith("pipe:")
                        && !each.getValue().equals(before.get(each.getKey()))
                        && (ProcSight.flags(each.getKey()) & ProcSight.NON_BLOCKING) != 0) {
                    number = each.getKey();
                }
            }
            assumeTrue(number >= 0, "no descriptor of this JVM can be seen to be in non-blocking mode");
            Kit.Child child =
                    kit().child(files(ChildFile.descriptor(number), ChildFile.nullDevice(), ChildFile.inherit(2)));
            byte[] info = child.line()
                    .ask("file", "/proc/self/fdinfo/0".getBytes(StandardCharsets.US_ASCII))
                    .get(0);
            assertEquals(0, ProcSight.flags(info) & ProcSight.NON_BLOCKING, "the child would read EAGAIN");
            sink.write(ByteBuffer.wrap("late".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("late", child.askOne("read", "0", "4"));
        }
    }

    @Test
    @Rule({"START-25", "START-26"})
    @Needs(value = Capability.DESCRIPTORS, sight = Sight.PROC)
    @LookAt("ProcessBackend.start: a descriptor that was lent stays the caller's, also when the start fails")
    void start25_aLentDescriptorStaysOpen() throws Exception {
        Path folder = kit().folder();
        Path file = file(folder, "lent");
        try (FileChannel channel = FileChannel.open(file)) {
            ChildFile lent = ChildFile.descriptor(ProcSight.descriptorOf(file));
            ProcessAttributes.Builder attributes = files(lent, ChildFile.nullDevice(), ChildFile.inherit(2));
            String missing = folder.resolve("missing").toString();
            assertEquals(
                    ErrorKind.NOT_FOUND, Kit.kindOf(() -> kit().start(missing, List.of(missing), attributes.build())));
            assertEquals(4, channel.size(), "after a start that failed");
            assertEquals("lent", kit().child(attributes).askOne("read", "0", "4"));
            assertEquals(4, channel.size(), "after a start");
        }
    }
}
