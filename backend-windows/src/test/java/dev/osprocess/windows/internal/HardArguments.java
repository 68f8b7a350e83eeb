// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.List;

/** Arguments that quoting gets wrong most easily. */
public final class HardArguments {
    private HardArguments() {}

    /** All but the first. */
    public static final List<String> ALL = List.of(
            "",
            " ",
            "a b",
            "\"",
            "\\",
            "\\\\",
            "a\\",
            "a b\\",
            "a b\\\\",
            "\\\"",
            "a\\\"b",
            "a\\\\\"b c",
            "\"quoted\"",
            "a\"b\"c d",
            "\t",
            "a\nb",
            "%PATH%",
            "*.txt",
            "--flag=value with blank",
            "C:\\dir with blank\\",
            "^&|<>()!",
            "ein Käse \uD83E\uDDC0",
            "\u00A0",
            "\"\"",
            "a\"\"b");
}
