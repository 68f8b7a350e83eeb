// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A child that says what reached it, one line each, in ASCII: {@code args}, {@code line}, {@code env} or {@code cwd}. */
public final class Reporter {
    private Reporter() {}

    /** What follows on the command line does not matter; the program's own name is the first line of {@code args}. */
    public static void main(String[] arguments) {
        List<String> said =
                switch (arguments[0]) {
                    case "args" -> Shell32.ownArguments();
                    case "line" -> List.of(Shell32.ownLine());
                    case "env" -> EnvironmentBlock.entries(Objects.requireNonNull(new JnaSyscalls().environment()));
                    case "cwd" -> List.of(System.getProperty("user.dir"));
                    default -> throw new IllegalArgumentException(arguments[0]);
                };
        StringBuilder out = new StringBuilder();
        said.forEach(text -> out.append(hex(text)).append('\n'));
        byte[] bytes = out.toString().getBytes(StandardCharsets.US_ASCII);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder("u");
        for (int i = 0; i < text.length(); i++) {
            hex.append(String.format("%04x", (int) text.charAt(i)));
        }
        return hex.toString();
    }

    /** What it said. */
    public static List<String> read(List<String> lines) {
        List<String> said = new ArrayList<>();
        for (String line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i + 4 <= line.length(); i += 4) {
                text.append((char) Integer.parseInt(line, i, i + 4, 16));
            }
            said.add(text.toString());
        }
        return said;
    }
}
