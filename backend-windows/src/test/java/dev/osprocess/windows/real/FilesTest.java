// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.windows.WindowsAttributes;
import dev.osprocess.windows.internal.Handled;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three standard streams, and that nothing else reaches a child. */
final class FilesTest extends RealProcesses {
    @TempDir
    Path folder;

    private OsProcess start(String command, ChildFile... files) throws Exception {
        return owned(OsProcess.start(
                cmd(),
                List.of("cmd", "/d", "/c", command),
                ProcessAttributes.builder().files(files).build()));
    }

    @Test
    void start16_filesAreWrittenEmptiedAndAppendedTo() throws Exception {
        Path out = folder.resolve("o\u00fct.txt");
        Files.writeString(out, "before");
        assertEnded(0, start("echo one", ChildFile.nullDevice(), ChildFile.writeTo(out), ChildFile.nullDevice()));
        assertEquals("one", Files.readString(out).trim());
        assertEnded(0, start("echo two", ChildFile.nullDevice(), ChildFile.appendTo(out), ChildFile.nullDevice()));
        assertEquals(List.of("one", "two"), Files.readAllLines(out));
    }

    @Test
    void start16_aFileIsRead() throws Exception {
        Path in = Files.writeString(folder.resolve("in.txt"), "set X=5\r\nexit %X%\r\n");
        OsProcess child = owned(OsProcess.start(
                cmd(),
                List.of("cmd", "/d", "/q"),
                ProcessAttributes.builder()
                        .files(ChildFile.readFrom(in), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build()));
        assertEnded(5, child);
        assertEquals(ErrorKind.NOT_FOUND, kindOf(() -> start("exit", ChildFile.readFrom(folder.resolve("missing")))));
    }

    @Test
    void start16_pipesGoBothWays() throws Exception {
        OsProcess child = owned(
                OsProcess.start(
                        cmd(),
                        List.of("cmd", "/d", "/q"),
                        ProcessAttributes.builder()
                                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.pipe())
                                .build()),
                0,
                1,
                2);
        // in one line: Wine's cmd.exe loses what comes together with the line that it reads
        tell(child, "(echo to out)&(echo to err 1>&2)&exit 2");
        assertTrue(lines(child).stream().anyMatch(line -> line.contains("to out")));
        assertTrue(new String(output(child, 2), java.nio.charset.StandardCharsets.US_ASCII).contains("to err"));
        assertEnded(2, child);
    }

    /** An end of the pipe that had reached the other child would keep this one from ending. */
    @Test
    void start44_theEndsOfOneChildsPipesDoNotReachAnother() throws Exception {
        OsProcess first = owned(
                OsProcess.start(
                        cmd(),
                        List.of("cmd", "/d", "/q"),
                        ProcessAttributes.builder()
                                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.nullDevice())
                                .build()),
                0,
                1);
        held();
        first.pipe(0).close(); // the end of its input
        end(first);
        assertFalse(lines(first).contains("x")); // read to the end, which comes
    }

    @Test
    void start44_anInheritableHandleThatIsNotListedDoesNotReachAChild() throws Exception {
        Handled.Pipe pipe = Handled.inheritablePipe();
        held();
        pipe.closeWriter();
        assertEquals(-1, pipe.reader().read(ByteBuffer.allocate(1)));
        pipe.reader().close();
    }

    @Test
    void start44_aListedHandleReachesTheChildAndOnlyThatOne() throws Exception {
        Handled.Pipe pipe = Handled.inheritablePipe();
        OsProcess with =
                held(WindowsAttributes.builder().inheritHandle(pipe.writer()).build());
        held();
        pipe.closeWriter();
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return pipe.reader().read(ByteBuffer.allocate(1));
            } catch (java.io.IOException failed) {
                throw new AssertionError(failed);
            }
        });
        assertThrows(java.util.concurrent.TimeoutException.class, () -> read.get(300, TimeUnit.MILLISECONDS));
        assertTrue(with.kill());
        assertEquals(-1, read.get(30, TimeUnit.SECONDS));
        pipe.reader().close();
    }

    @Test
    void start17_aStreamThatIsClosedIsNoHandle() throws Exception {
        Path out = folder.resolve("out.txt");
        assertEnded(3, start("(echo x 1>&2) & exit 3", ChildFile.closed(), ChildFile.writeTo(out), ChildFile.closed()));
        assertEnded(3, start("exit 3"));
        assertEquals("", Files.readString(out));
    }

    @Test
    void aReadThatBlocksEndsWhenTheChannelIsClosedOrAtTheLatestWhenTheChildEnds() throws Exception {
        OsProcess child = owned(
                OsProcess.start(
                        cmd(),
                        List.of("cmd", "/d", "/q"),
                        ProcessAttributes.builder()
                                .files(ChildFile.pipe(), ChildFile.pipe(), ChildFile.inherit(2))
                                .build()),
                0,
                1);
        CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> {
            try {
                while (child.pipe(1).read(ByteBuffer.allocate(100)) >= 0) {
                    // what it says at its start
                }
                return new java.io.EOFException();
            } catch (ClosedChannelException closed) {
                return closed;
            } catch (java.io.IOException other) {
                throw new AssertionError(other);
            }
        });
        child.pipe(1).close(); // does not wait for the read
        assertTrue(child.kill());
        assertTrue(outcome.get(30, TimeUnit.SECONDS) instanceof ClosedChannelException);
    }
}
