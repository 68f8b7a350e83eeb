// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a child can be asked to do, and does before it answers. */
@SuppressWarnings("StatementSwitchToExpressionSwitch") // verbs are sequences of statements, each with its answer
final class Verbs {
    private static final int PORT_AND_TOKEN = 2;

    private final String[] arguments;
    private final List<byte[]> held = new ArrayList<>();
    private final AtomicInteger caught = new AtomicInteger();
    private final Map<Long, Process> spawned = new HashMap<>();

    Verbs(String[] arguments) {
        this.arguments = arguments;
    }

    List<byte[]> obey(String verb, List<byte[]> rest) throws Exception {
        switch (verb) {
            case "nothing":
                return List.of();
            case "arguments": // those behind port and token
                return texts(List.of(arguments).subList(PORT_AND_TOKEN, arguments.length));
            case "unit": // ARGUMENT INDEX: one of its UTF-16 units in hexadecimal, also where no text can say it
                return texts(List.of(Integer.toHexString(
                        arguments[PORT_AND_TOKEN + number(rest.get(0))].charAt(number(rest.get(1))))));
            case "raw-arguments": // all, argv[0] and the JVM's own too
                return split(Files.readAllBytes(Path.of("/proc/self/cmdline")));
            case "command-line": // of Windows, whole
                return texts(List.of(WindowsSight.commandLine()));
            case "stream-kinds": // of Windows: of each of 0, 1 and 2
                return WindowsSight.streamKinds();
            case "files": // of Windows: the names of files behind this process's handles
                return texts(List.copyOf(WindowsSight.files().values()));
            case "environment": // as Java reads it: NAME=VALUE
                return environment();
            case "raw-environment":
                return split(Files.readAllBytes(Path.of("/proc/self/environ")));
            case "directory":
                return texts(List.of(Path.of("").toRealPath().toString()));
            case "parent":
                return texts(List.of(Long.toString(
                        ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L))));
            case "descriptors": // FOLDER: numbers and what they name, "3=/dev/null"
                return descriptors(ChildMain.text(rest.get(0)));
            case "file": // PATH: its bytes, for /proc/self/status and the like
                return List.of(Files.readAllBytes(Path.of(ChildMain.text(rest.get(0)))));
            case "write": // PLACE BYTES
                write(ChildMain.text(rest.get(0)), rest.get(1));
                return List.of();
            case "read": // PLACE COUNT: what comes, fewer at the end
                return List.of(read(ChildMain.text(rest.get(0)), Integer.parseInt(ChildMain.text(rest.get(1)))));
            case "close-output":
                System.out.close();
                System.err.close();
                return List.of();
            case "spin": // MILLISECONDS of processor time of this thread
                return texts(List.of(Long.toString(spin(Long.parseLong(ChildMain.text(rest.get(0)))))));
            case "allocate": // MEBIBYTES, and touch and keep them
                allocate(Integer.parseInt(ChildMain.text(rest.get(0))));
                return List.of();
            case "spawn": // COMMAND…: a child of this child; its pid
                return texts(List.of(Long.toString(spawn(rest, ProcessBuilder.Redirect.DISCARD))));
            case "spawn-inheriting": // COMMAND…: the same with our own descriptor 1
                return texts(List.of(Long.toString(spawn(rest, ProcessBuilder.Redirect.INHERIT))));
            case "reap": // PID: how a child of this child exited, once it has; its JVM's idea of a code
                Process child = spawned.get(Long.valueOf(ChildMain.text(rest.get(0))));
                return texts(List.of(
                        Integer.toString(java.util.Objects.requireNonNull(child).waitFor())));
            case "signal-number": // NAME: as this system has it
                return texts(List.of(Integer.toString(Signals.number(ChildMain.text(rest.get(0))))));
            case "catch": // SIGNAL: count it instead of dying
                Signals.handle(ChildMain.text(rest.get(0)), caught::incrementAndGet);
                return List.of();
            case "ignore": // SIGNAL
                Signals.ignore(ChildMain.text(rest.get(0)));
                return List.of();
            case "exit-on": // SIGNAL CODE
                int code = Integer.parseInt(ChildMain.text(rest.get(1)));
                Signals.handle(
                        ChildMain.text(rest.get(0)), () -> Runtime.getRuntime().halt(code));
                return List.of();
            case "caught":
                return texts(List.of(Integer.toString(caught.get())));
            default:
                throw new IllegalArgumentException("no verb '" + verb + "'");
        }
    }

    private static int number(byte[] text) {
        return Integer.parseInt(ChildMain.text(text));
    }

    private static List<byte[]> environment() {
        List<String> entries = new ArrayList<>();
        for (Map.Entry<String, String> entry : System.getenv().entrySet()) {
            entries.add(entry.getKey() + "=" + entry.getValue());
        }
        return texts(entries);
    }

    private static List<byte[]> descriptors(String folder) throws IOException {
        List<String> open = new ArrayList<>();
        String[] names = new File(folder).list();
        if (names == null) {
            throw new IOException("cannot list " + folder);
        }
        for (String name : names) {
            Path link = Path.of(folder, name);
            try {
                if (Files.isSymbolicLink(link)) {
                    open.add(name + "=" + Files.readSymbolicLink(link));
                } else if (Files.exists(link)) {
                    open.add(name + "=?");
                }
            } catch (NoSuchFileException closed) {
                // what the listing itself used, or another thread of this JVM for a moment
            }
        }
        return texts(open);
    }

    private static void write(String place, byte[] bytes) throws IOException {
        switch (place) {
            case "1":
                System.out.write(bytes);
                System.out.flush();
                break;
            case "2":
                System.err.write(bytes);
                System.err.flush();
                break;
            default:
                try (OutputStream out = new FileOutputStream("/dev/fd/" + Integer.parseInt(place))) {
                    out.write(bytes);
                }
        }
    }

    private static byte[] read(String place, int count) throws IOException {
        if (place.equals("0")) {
            return System.in.readNBytes(count);
        }
        try (InputStream in = new FileInputStream("/dev/fd/" + Integer.parseInt(place))) {
            // Not readNBytes, which asks a file for its length and its position; a pipe has neither.
            byte[] bytes = new byte[count];
            int read = 0;
            for (int more = 0; read < count && more >= 0; read += Math.max(more, 0)) {
                more = in.read(bytes, read, count - read);
            }
            return Arrays.copyOf(bytes, read);
        }
    }

    private static long spin(long millis) {
        long sum = 0;
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            sum += System.identityHashCode(new Object());
        }
        return sum;
    }

    private void allocate(int mebibytes) {
        for (int i = 0; i < mebibytes; i++) {
            byte[] block = new byte[1 << 20];
            Arrays.fill(block, (byte) i);
            held.add(block);
        }
    }

    private long spawn(List<byte[]> command, ProcessBuilder.Redirect output) throws IOException {
        List<String> words = new ArrayList<>();
        for (byte[] word : command) {
            words.add(ChildMain.text(word));
        }
        Process process = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        spawned.put(process.pid(), process);
        return process.pid();
    }

    private static List<byte[]> texts(List<String> texts) {
        List<byte[]> all = new ArrayList<>();
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return all;
    }

    /** Byte strings that end with a NUL each. */
    private static List<byte[]> split(byte[] block) {
        List<byte[]> parts = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == 0) {
                parts.add(Arrays.copyOfRange(block, begin, i));
                begin = i + 1;
            }
        }
        return parts;
    }
}
