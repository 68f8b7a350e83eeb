// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The line to a running child. It ends when the line does: by {@link #letGo}, or with this JVM.
 *
 * <p>For one thread at a time.
 */
public final class JavaChild {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final long pid;

    /** Taken while it is certain that it lives, so that it never comes to mean another process. */
    private final Optional<ProcessHandle> process;

    JavaChild(Socket socket, DataInputStream in, DataOutputStream out, long pid) {
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.pid = pid;
        this.process = ProcessHandle.of(pid);
    }

    /** Its process id, as it says itself. */
    public long pid() {
        return pid;
    }

    /** Has it do something, and gives what it answered; see {@link Verbs}. It has been done when this returns. */
    public List<byte[]> ask(String verb, byte[]... rest) {
        try {
            Wire.write(out, verb, List.of(rest));
            List<byte[]> answer = Wire.read(in);
            if (!ChildMain.text(answer.get(0)).equals("ok")) {
                throw new AssertionError("the child could not '" + verb + "': " + ChildMain.text(answer.get(1)));
            }
            return answer.subList(1, answer.size());
        } catch (IOException failed) {
            throw new AssertionError(
                    "the child " + pid + " does not answer to '" + verb + "'; it may have ended: " + failed, failed);
        }
    }

    /** The same in texts. */
    public List<String> ask(String verb, String... rest) {
        byte[][] bytes = new byte[rest.length][];
        for (int i = 0; i < rest.length; i++) {
            bytes[i] = rest[i].getBytes(StandardCharsets.UTF_8);
        }
        List<String> texts = new ArrayList<>();
        for (byte[] part : ask(verb, bytes)) {
            texts.add(ChildMain.text(part));
        }
        return texts;
    }

    /** The same for a verb alone. */
    public List<String> ask(String verb) {
        return ask(verb, new String[0]);
    }

    /** The same, for an answer of one part. */
    public String askOne(String verb, String... rest) {
        return ask(verb, rest).get(0);
    }

    /** Has it exit with this code. It has begun to when this returns. */
    public void exit(int code) {
        ask("exit", Integer.toString(code));
    }

    /** Ends the line, and with it the child, unless it is stopped. */
    public void letGo() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new AssertionError("cannot end the line to the child " + pid, failed);
        }
    }

    /** Ends the line and the child, also one that is stopped and could not notice. */
    public void end() {
        letGo();
        process.filter(handle -> !handle.equals(ProcessHandle.current())).ifPresent(ProcessHandle::destroyForcibly);
    }

    /**
     * Waits until the child has ended or is about to: the system has closed its end of the line. Says nothing of whether
     * anybody reaped it.
     */
    public void awaitEndOfLine() {
        try {
            int more = in.read();
            if (more >= 0) {
                throw new AssertionError("the child " + pid + " says " + more + " unasked");
            }
        } catch (IOException reset) {
            if (socket.isClosed()) {
                throw new AssertionError("the line to the child " + pid + " was ended by the test itself", reset);
            }
        }
    }
}
