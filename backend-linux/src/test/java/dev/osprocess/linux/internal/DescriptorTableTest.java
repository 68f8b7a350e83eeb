// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.linux.Orphans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The child's descriptor table, as the kernel shows it. */
class DescriptorTableTest extends KernelTest {
    private static final int F_GETFD = 1;

    private static final int ALIVE = 50;

    @TempDir
    private Path directory;

    private ProcessAttributes files(ChildFile... table) {
        return attributes().files(table).build();
    }

    private OsProcess sleeperWith(ChildFile... table) throws ProcessException {
        return start(files(table), "/bin/sleep", "1000");
    }

    private static Map<Integer, String> standardStreams() throws IOException {
        Map<Integer, String> streams = new TreeMap<>(table(RAW.getpid()));
        streams.keySet().retainAll(List.of(0, 1, 2));
        return streams;
    }

    private Path file(String name) throws IOException {
        return Files.writeString(directory.resolve(name), name);
    }

    // ---- what is there
    // -----------------------------------------------------------------------------------------------

    @Test
    void d07_withoutATableTheChildHasOurThreeStreamsAndNothingElse() throws Exception {
        awaitTable(start("/bin/sleep", "1000"), standardStreams());
    }

    @Test
    void d07_anEmptyTableClosesAll() throws Exception {
        awaitTable(sleeperWith(), Map.of());
    }

    @Test
    void start16_everyKindOfFileArrivesAtItsPlace() throws Exception {
        int own = rawOpen(file("own"), LinuxAbi.O_RDONLY | LinuxAbi.O_CLOEXEC);
        Path read = file("read");
        OsProcess child = sleeperWith(
                ChildFile.readFrom(read),
                ChildFile.writeTo(directory.resolve("written")),
                ChildFile.appendTo(directory.resolve("appended")),
                ChildFile.nullDevice(),
                ChildFile.closed(),
                ChildFile.descriptor(own),
                ChildFile.inherit(2));
        Map<Integer, String> expected = new TreeMap<>(Map.of(
                0, read.toString(),
                1, directory.resolve("written").toString(),
                2, directory.resolve("appended").toString(),
                3, "/dev/null",
                5, behind(own)));
        expected.put(6, behind(2));
        awaitTable(child, expected);
    }

    @Test
    void start16_aPlaceFarBeyondTheSourcesWorks() throws Exception {
        ChildFile[] table = new ChildFile[200];
        Arrays.fill(table, ChildFile.closed());
        Path read = file("read");
        table[199] = ChildFile.readFrom(read);
        awaitTable(sleeperWith(table), Map.of(199, read.toString()));
    }

    @Test
    void start16_fivePipesCarryTheirOwnText() throws Exception {
        OsProcess child = start(
                files(
                        ChildFile.pipeFromChild(),
                        ChildFile.pipe(),
                        ChildFile.pipe(),
                        ChildFile.pipe(),
                        ChildFile.pipe()),
                "/bin/sh",
                "-c",
                "for i in 4 3 2 1 0; do echo \"text $i\" >&$i; done");
        for (int place = 0; place < 5; place++) {
            try (ByteChannel pipe = child.pipe(place)) {
                assertEquals("text " + place + "\n", text(readAll(pipe)));
            }
        }
        assertTrue(end(child).success());
    }

    @Test
    void start17_aClosedInputIsABadDescriptorAndNotTheNullDevice() throws Exception {
        OsProcess child = start(
                files(ChildFile.closed(), ChildFile.pipe(), ChildFile.pipe()), "/bin/sh", "-c", "cat <&0; echo $? >&1");
        try (ByteChannel err = child.pipe(2);
                ByteChannel out = child.pipe(1)) {
            String complaint = text(readAll(err));
            assertTrue(complaint.contains("Bad file descriptor") || complaint.contains("bad"), complaint);
            assertNotEquals("0\n", text(readAll(out)));
        }
        end(child);
    }

    @Test
    void start18_everyPermutationOfFourDescriptorsComesOutRight() throws Exception {
        int[] own = new int[4];
        String[] behind = new String[4];
        for (int i = 0; i < own.length; i++) {
            own[i] = rawOpen(file("f" + i), LinuxAbi.O_RDONLY | LinuxAbi.O_CLOEXEC);
            behind[i] = behind(own[i]);
        }
        int size = Arrays.stream(own).max().orElseThrow() + 1;
        for (int permutation = 0; permutation < 256; permutation++) { // repetitions included
            ChildFile[] table = new ChildFile[size];
            Arrays.fill(table, ChildFile.closed());
            Map<Integer, String> expected = new TreeMap<>();
            for (int i = 0; i < own.length; i++) {
                int source = (permutation >> (2 * i)) & 3;
                table[own[i]] = ChildFile.descriptor(own[source]);
                expected.put(own[i], behind[source]);
            }
            OsProcess child = sleeperWith(table);
            awaitTable(child, expected);
            child.kill();
            end(child);
        }
    }

    @Test
    void start18_theSameOpenFileIsShared() throws Exception {
        int own = rawOpen(directory.resolve("shared"), LinuxAbi.O_WRONLY | LinuxAbi.O_CREAT | LinuxAbi.O_CLOEXEC);
        OsProcess child = start(
                files(ChildFile.closed(), ChildFile.descriptor(own), ChildFile.descriptor(own)),
                "/bin/sh",
                "-c",
                "echo one; echo two >&2; echo three");
        assertTrue(end(child).success());
        assertEquals("one\ntwo\nthree\n", Files.readString(directory.resolve("shared")), "offsets were not shared");
    }

    @Test
    void appendingGoesToTheEndAndWritingEmptiesFirst() throws Exception {
        Path appended = Files.writeString(directory.resolve("appended"), "before ");
        Path written = Files.writeString(directory.resolve("written"), "before ");
        OsProcess child = start(
                files(ChildFile.closed(), ChildFile.writeTo(written), ChildFile.appendTo(appended)),
                "/bin/sh",
                "-c",
                "echo after; echo after >&2");
        assertTrue(end(child).success());
        assertEquals("after\n", Files.readString(written));
        assertEquals("before after\n", Files.readString(appended));
    }

    // ---- what is not there
    // -------------------------------------------------------------------------------------------

    @Test
    void start19_aDescriptorWithoutCloseOnExecDoesNotLeak() throws Exception {
        int leaky = rawOpen(file("secret"), LinuxAbi.O_RDONLY);
        assertTrue(leaky > 2);
        awaitTable(start("/bin/sleep", "1000"), standardStreams());
        awaitTable(sleeperWith(ChildFile.nullDevice()), Map.of(0, "/dev/null"));
    }

    @Test
    void start20_ofFiftyLiveChildrenNothingReachesTheNext() throws Exception {
        List<OsProcess> alive = new ArrayList<>();
        for (int i = 0; i < ALIVE; i++) {
            alive.add(start(files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.nullDevice()), "/bin/cat"));
        }
        awaitTable(start("/bin/sleep", "1000"), standardStreams());
        for (OsProcess child : alive) {
            child.pipe(0).close();
            assertEquals(0, child.pipe(1).read(ByteBuffer.allocate(1)) + 1, "the end of its output");
            child.pipe(1).close();
            assertTrue(end(child).success());
        }
    }

    @Test
    void conc07_aLongLivedChildDoesNotHoldAnothersPipe() throws Exception {
        OsProcess reader = start(files(ChildFile.pipe(), ChildFile.pipe()), "/bin/cat");
        sleeper();
        write(reader.pipe(0), Scripts.bytes("x"));
        reader.pipe(0).close();
        assertEquals("x", text(readAll(reader.pipe(1))));
        reader.pipe(1).close();
        assertTrue(end(reader).success());
    }

    @Test
    void start26_theParentKeepsOnlyItsOwnEndsOpen() throws Exception {
        OsProcess warm = sleeperWith(ChildFile.pipe(), ChildFile.pipe(), ChildFile.nullDevice());
        warm.pipe(0).close();
        warm.pipe(1).close();
        int before = ownDescriptors();
        OsProcess child = sleeperWith(ChildFile.pipe(), ChildFile.pipe(), ChildFile.nullDevice());
        assertEquals(before + 2 + (PIDFDS ? 1 : 0), ownDescriptors());
        child.pipe(0).close();
        child.pipe(1).close();
        child.kill();
        end(child);
        await(before, KernelTest::ownDescriptors); // the watcher may hold the handle a moment longer than the waiter
    }

    // ---- pipes
    // -------------------------------------------------------------------------------------------------------

    @Test
    void pipesDeliverPromptlyAndEndWithTheirWriter() throws Exception {
        OsProcess child = start(files(ChildFile.pipe(), ChildFile.pipe()), "/bin/cat");
        ByteBuffer one = ByteBuffer.allocate(16);
        for (int i = 0; i < 100; i++) {
            write(child.pipe(0), new byte[] {(byte) i});
            one.clear();
            assertEquals(1, child.pipe(1).read(one), "an answer before the pipe is closed");
            assertEquals((byte) i, one.get(0));
        }
        child.pipe(0).close();
        one.clear();
        assertEquals(-1, child.pipe(1).read(one));
        child.pipe(1).close();
        assertTrue(end(child).success());
    }

    @Test
    void pipesAreBinarySafe() throws Exception {
        byte[] all = new byte[300_000]; // more than a pipe holds
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 31 + (i >> 8));
        }
        OsProcess child = start(files(ChildFile.pipe(), ChildFile.pipe()), "/bin/cat");
        Thread writer = new Thread(() -> {
            try (ByteChannel in = child.pipe(0)) {
                write(in, all);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        writer.start();
        assertArrayEquals(all, readAll(child.pipe(1)));
        writer.join();
        child.pipe(1).close();
        assertTrue(end(child).success());
    }

    @Test
    void wait31_theEndDoesNotWaitForAGrandchildThatHoldsThePipe() throws Exception {
        OsProcess child =
                start(files(ChildFile.nullDevice(), ChildFile.pipe()), "/bin/sh", "-c", "sleep 1000 & echo $!; exit 4");
        assertEquals(4, end(child).exitCode());
        ByteBuffer line = ByteBuffer.allocate(32);
        assertTrue(child.pipe(1).read(line) > 1);
        long grandchild =
                Long.parseLong(new String(line.array(), 0, line.position(), StandardCharsets.US_ASCII).trim());
        try (OsProcess held = OsProcess.find(grandchild)) {
            assertTrue(held.kill());
            await(true, () -> held.liveness() != Liveness.RUNNING);
        }
        Orphans.reap(grandchild);
        assertEquals(-1, child.pipe(1).read(line));
        child.pipe(1).close();
    }

    @Test
    void start19_theParentsEndsAreNotInheritedByProgramsThatOtherCodeStarts() throws Exception {
        OsProcess child = start(files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2)), "/bin/cat");
        int theirs = 0;
        Map<Integer, String> childs = table(child.pid());
        for (Map.Entry<Integer, String> own : table(RAW.getpid()).entrySet()) {
            if (own.getValue().equals(childs.get(0)) || own.getValue().equals(childs.get(1))) {
                theirs++;
                assertEquals(LinuxAbi.FD_CLOEXEC, RAW.fcntl(own.getKey(), F_GETFD, 0), own.toString());
            }
        }
        assertEquals(2, theirs);
        child.pipe(0).close();
        child.pipe(1).close();
        assertEquals("exit status 0", end(child).toString());
    }

    @Test
    void start24_aNonBlockingDescriptorIsBlockingInTheChild() throws Exception {
        int[] ends = new int[2];
        RAW.pipe(ends, LinuxAbi.O_CLOEXEC | LinuxAbi.O_NONBLOCK);
        OsProcess child;
        try {
            child = start(files(ChildFile.descriptor(ends[0]), ChildFile.pipe(), ChildFile.inherit(2)), "/bin/cat");
            assertEquals(0, RAW.fcntl(ends[0], LinuxAbi.F_GETFL, 0) & LinuxAbi.O_NONBLOCK);
            assertNotEquals(0, RAW.fcntl(ends[1], LinuxAbi.F_GETFL, 0) & LinuxAbi.O_NONBLOCK, "the other end's own");
            awaitState(child, 'S'); // in read(2): with EAGAIN it would have ended
            RAW.eventfdAdd(ends[1]); // eight bytes
        } finally {
            RAW.close(ends[0]);
            RAW.close(ends[1]);
        }
        assertEquals(8, readAll(child.pipe(1)).length);
        child.pipe(1).close();
        assertTrue(end(child).success());
    }

    @Test
    void theParentsEndIsNotClosedWithTheObject() throws Exception {
        OsProcess child = start(files(ChildFile.pipe(), ChildFile.pipe()), "/bin/cat");
        ByteChannel in = child.pipe(0);
        child.close();
        assertTrue(in.isOpen());
        write(in, Scripts.bytes("late"));
        in.close();
        assertEquals("late", text(readAll(child.pipe(1))));
        child.pipe(1).close();
        assertFalse(child.pipe(1).isOpen());
        await(List.of(), KernelTest::zombies);
    }
}
