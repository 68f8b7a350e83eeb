// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, collections, texts, numbers and booleans as JSON (RFC 8259): indented, in plain ASCII. */
final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.value(value, "\n");
        return json.text.append('\n').toString();
    }

    private void value(@Nullable Object value, String line) {
        if (value instanceof Map<?, ?> map) {
            composite(map.entrySet(), '{', '}', line);
        } else if (value instanceof Collection<?> collection) {
            composite(collection, '[', ']', line);
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            string(value.toString());
        }
    }

    private void composite(Collection<?> parts, char open, char close, String line) {
        text.append(open);
        String inner = line + "  ";
        for (Iterator<?> each = parts.iterator(); each.hasNext(); ) {
            Object part = each.next();
            text.append(inner);
            if (part instanceof Map.Entry<?, ?> entry) {
                string(String.valueOf(entry.getKey()));
                text.append(": ");
                value(entry.getValue(), inner);
            } else {
                value(part, inner);
            }
            text.append(each.hasNext() ? "," : line);
        }
        text.append(close);
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c == '\n') {
                text.append("\\n");
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
}
