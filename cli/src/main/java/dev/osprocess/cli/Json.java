// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object (RFC 8259) on one line, in plain ASCII, so that no encoding of a terminal can spoil it. */
final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder("{");

    Json put(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            text.append("null");
        } else {
            string(value);
        }
        return this;
    }

    Json put(String name, @Nullable Long value) {
        name(name);
        text.append(value); // null writes itself
        return this;
    }

    Json put(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    Json put(String name, Collection<String> values) {
        name(name);
        text.append('[');
        String separator = "";
        for (String value : values) {
            text.append(separator);
            string(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        string(name);
        text.append(':');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    text.append(HEX[c >> shift & 0xf]);
                }
            }
        }
        text.append('"');
    }

    /** The object. */
    @Override
    public String toString() {
        return text + "}";
    }
}
