// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import dev.osprocess.ProcessException;
import java.nio.channels.ByteChannel;
import java.util.List;

/** Handles of this process, for tests on Windows. */
public final class Handled {
    private static final WindowsSyscalls CALLS = new JnaSyscalls();

    private Handled() {}

    /** How many handles this process has open: asked of the system, or of each value where that says 0, as Wine 8 does. */
    public static long count() throws Win32Exception {
        long told = CALLS.handleCountOf(WindowsAbi.CURRENT_PROCESS);
        if (told > 0) {
            return told;
        }
        Function information = Function.getFunction("kernel32", "GetHandleInformation");
        long open = 0;
        for (long value = 4; value < 0x8000; value += 4) {
            open += information.invokeInt(new Object[] {value, new int[1]}) != 0 ? 1 : 0;
        }
        return open;
    }

    /** How many threads the system has for this process, also those that no JVM knows (tlhelp32.h). */
    public static int threads() {
        int bytes = 568; // PROCESSENTRY32W in a program of 64 bits
        long snapshot =
                Function.getFunction("kernel32", "CreateToolhelp32Snapshot").invokeLong(new Object[] {2, 0});
        try (Memory entry = new Memory(bytes)) {
            entry.clear();
            entry.setInt(0, bytes);
            Function next = Function.getFunction("kernel32", "Process32FirstW");
            while (next.invokeInt(new Object[] {snapshot, entry}) != 0) {
                if (Integer.toUnsignedLong(entry.getInt(8))
                        == ProcessHandle.current().pid()) {
                    return entry.getInt(28);
                }
                next = Function.getFunction("kernel32", "Process32NextW");
            }
            throw new AssertionError("this process is not among all processes");
        } finally {
            Function.getFunction("kernel32", "CloseHandle").invokeInt(new Object[] {snapshot});
        }
    }

    /**
     * A pipe.
     *
     * @param reader its end to read
     * @param writer its other end, which can be inherited
     */
    public record Pipe(ByteChannel reader, long writer) {
        /** Closes the inheritable end. */
        public void closeWriter() throws Win32Exception {
            CALLS.closeHandle(writer);
        }
    }

    /** A pipe whose end to write is inheritable: whoever inherits it keeps the pipe from ending. */
    public static Pipe inheritablePipe() throws Win32Exception {
        long[] ends = new long[2];
        CALLS.createPipe(ends);
        long self = WindowsAbi.CURRENT_PROCESS;
        long writer = CALLS.duplicateHandle(self, ends[1], self, 0, true, WindowsAbi.DUPLICATE_SAME_ACCESS);
        CALLS.closeHandle(ends[1]);
        return new Pipe(new PipeChannel(CALLS, ends[0], true), writer);
    }

    /** The line that the library would make. */
    public static String commandLine(List<String> arguments) throws ProcessException {
        return CommandLine.of("x", arguments);
    }
}
