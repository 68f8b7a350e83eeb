// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The child's program. Connects to the kit, says its token and its pid, and then obeys one request after the other, each
 * acknowledged, until the connection ends: then it ends too, so that nothing outlives its test.
 *
 * <p>Loads as few classes as it can: a child costs a JVM's start.
 */
public final class ChildMain {
    private ChildMain() {}

    /** {@code PORT TOKEN ANYTHING…}: what follows is for tests of arguments. */
    public static void main(String[] arguments) throws IOException {
        Verbs verbs = new Verbs(arguments);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            Wire.writeTexts(
                    out,
                    List.of(arguments[1], Long.toString(ProcessHandle.current().pid())));
            while (true) {
                List<byte[]> request = Wire.read(in);
                String verb = text(request.get(0));
                List<byte[]> rest = request.subList(1, request.size());
                if (verb.equals("exit")) {
                    Wire.writeTexts(out, List.of("ok"));
                    // Not System.exit: shutdown hooks would only take time.
                    Runtime.getRuntime().halt(Integer.parseInt(text(rest.get(0))));
                }
                answer(out, verbs, verb, rest);
            }
        } catch (EOFException ended) {
            // the kit has let go of us
        }
        Runtime.getRuntime().halt(0);
    }

    private static void answer(DataOutputStream out, Verbs verbs, String verb, List<byte[]> rest) throws IOException {
        List<byte[]> answer;
        try {
            answer = verbs.obey(verb, rest);
        } catch (Exception | LinkageError failed) {
            Wire.writeTexts(out, Arrays.asList("failed", failed.toString()));
            return;
        }
        Wire.write(out, "ok", answer);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
