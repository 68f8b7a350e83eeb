// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Where children call. One per kit run; thread-safe. */
public final class ChildServer implements AutoCloseable {
    /** More than a JVM takes to start, also under an emulation on a busy machine: 60, or less with less patience. */
    private static final long PATIENCE_SECONDS = 4 * Long.getLong("osprocess.tck.patience", 15);

    private static final int BACKLOG = 200;

    private static final int GREETING_MILLIS = 5_000;

    private final ServerSocket server;
    private final Map<String, CompletableFuture<JavaChild>> expected = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong(System.nanoTime() & 0xffff_ffffL);

    /** Listens on a port of the loopback interface that the system chooses. */
    public ChildServer() {
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new AssertionError("cannot listen on the loopback interface, which the kit needs", failed);
        }
        Thread thread = new Thread(this::accept, "osprocess-tck-child-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** A call that is expected: the command to start the child with, and the child once it has called. */
    public final class Expected {
        private final String token;
        private final CompletableFuture<JavaChild> call = new CompletableFuture<>();

        private Expected() {
            token = Long.toHexString(tokens.incrementAndGet());
            expected.put(token, call);
        }

        /** The program to start: the JVM under test. */
        public String program() {
            return ChildServer.program();
        }

        /** Its arguments, {@code argv[0]} first; these come last. */
        public List<String> arguments(String... last) {
            return arguments(List.of("-Xrs"), last);
        }

        /**
         * The same for a JVM with these options. With {@code -Xrs} the JVM leaves TERM, INT and HUP at their defaults;
         * without it, it ends at them by itself, with a code.
         */
        public List<String> arguments(List<String> options, String... last) {
            List<String> all = new ArrayList<>(List.of(
                    program(), // not every backend can give another argv[0]
                    "-Xshare:auto",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-Xmx64m"));
            all.addAll(options);
            all.addAll(List.of("-cp", classPath(), ChildMain.class.getName()));
            all.add(Integer.toString(server.getLocalPort()));
            all.add(token);
            all.addAll(List.of(last));
            return all;
        }

        /**
         * Ends whatever came of it, also what has not called yet, or never will: whoever has the token among its arguments
         * was started for this call.
         */
        public void end() {
            expected.remove(token); // who calls from now on is sent away, and ends
            if (call.isDone()) {
                if (!call.isCompletedExceptionally()) {
                    call.join().end();
                }
                return;
            }
            ProcessHandle.allProcesses()
                    .filter(process -> !process.equals(ProcessHandle.current()))
                    .filter(process -> process.info()
                            .arguments()
                            .map(words -> List.of(words).contains(token))
                            .orElse(false))
                    .forEach(ProcessHandle::destroyForcibly);
        }

        /** Waits until it has called. */
        public JavaChild await() {
            try {
                return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException silent) {
                throw new AssertionError("the child has not called within " + PATIENCE_SECONDS
                        + " s; what it said on descriptor 2 may tell why. Started: " + program() + " "
                        + arguments());
            } catch (ExecutionException | InterruptedException failed) {
                throw new AssertionError("waiting for the child's call", failed);
            } finally {
                expected.remove(token);
            }
        }
    }

    /** Expects another child. */
    public Expected expect() {
        return new Expected();
    }

    /** The {@code java} of this JVM. */
    public static String program() {
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        return Stream.of("java", "java.exe")
                .map(bin::resolve)
                .filter(path -> path.toFile().isFile())
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no java in " + bin))
                .toString();
    }

    /** Where the child's classes are: the kit's own jar or folder, and nothing else. */
    private static String classPath() {
        try {
            return Path.of(ChildMain.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                try {
                    greet(socket);
                } catch (IOException | IllegalArgumentException stranger) {
                    socket.close(); // no child of ours, or one that ended before it had said who it is
                }
            } catch (IOException failed) {
                if (!server.isClosed()) {
                    expected.values().forEach(call -> call.completeExceptionally(failed));
                }
            }
        }
    }

    private void greet(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(GREETING_MILLIS); // it says who it is at once, or others would wait for it
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        List<byte[]> hello = Wire.read(in);
        CompletableFuture<JavaChild> call = expected.get(ChildMain.text(hello.get(0)));
        socket.setSoTimeout(
                (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)); // nobody waits for a silent child for ever
        JavaChild child = new JavaChild(socket, in, out, Long.parseLong(ChildMain.text(hello.get(1))));
        if (call == null || !call.complete(child)) {
            socket.close();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new AssertionError("cannot stop listening", failed);
        }
    }
}
