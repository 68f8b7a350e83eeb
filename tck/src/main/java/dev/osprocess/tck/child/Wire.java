// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages between the kit and its children: a count, then so many byte strings with their lengths. */
final class Wire {
    /** More than any message has; what claims more is not ours. */
    private static final int LIMIT = 64 << 20;

    private Wire() {}

    static List<byte[]> read(DataInputStream in) throws IOException {
        int count = bounded(in.readInt());
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] part = new byte[bounded(in.readInt())];
            in.readFully(part);
            parts.add(part);
        }
        return parts;
    }

    static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (int i = 1; i < texts.size(); i++) {
            parts.add(texts.get(i).getBytes(StandardCharsets.UTF_8));
        }
        write(out, texts.get(0), parts);
    }

    static void write(DataOutputStream out, String first, List<byte[]> rest) throws IOException {
        // In one piece, so that nobody sees half a message.
        int size = 8 + first.length() * 3;
        for (byte[] part : rest) {
            size += 4 + part.length;
        }
        java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream(size);
        DataOutputStream message = new DataOutputStream(whole);
        message.writeInt(1 + rest.size());
        byte[] head = first.getBytes(StandardCharsets.UTF_8);
        message.writeInt(head.length);
        message.write(head);
        for (byte[] part : rest) {
            message.writeInt(part.length);
            message.write(part);
        }
        out.write(whole.toByteArray());
        out.flush();
    }

    private static int bounded(int count) throws IOException {
        if (count < 0 || count > LIMIT) {
            throw new IOException("not a message of the kit: a length of " + count);
        }
        return count;
    }
}
