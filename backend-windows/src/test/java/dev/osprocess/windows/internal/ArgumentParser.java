// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a command line apart by the documented rules: CommandLineToArgvW's, and those of the C runtime since 2008, which
 * differ in what two quotes within quotes mean.
 */
final class ArgumentParser {
    private ArgumentParser() {}

    static List<String> parse(String line, boolean cRuntime) {
        List<String> arguments = new ArrayList<>();
        int at = 0;
        // the program's name: up to the closing quote, or to the next blank; backslashes are literal
        if (line.startsWith("\"")) {
            int end = line.indexOf('"', 1);
            arguments.add(line.substring(1, end < 0 ? line.length() : end));
            at = end < 0 ? line.length() : end + 1;
        } else {
            while (at < line.length() && line.charAt(at) > ' ') {
                at++;
            }
            arguments.add(line.substring(0, at));
        }
        while (true) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at >= line.length()) {
                return arguments;
            }
            StringBuilder argument = new StringBuilder();
            boolean quoted = false;
            while (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
                int backslashes = 0;
                while (at < line.length() && line.charAt(at) == '\\') {
                    backslashes++;
                    at++;
                }
                if (at >= line.length() || line.charAt(at) != '"') {
                    argument.append("\\".repeat(backslashes));
                    if (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
                        argument.append(line.charAt(at++));
                    }
                    continue;
                }
                argument.append("\\".repeat(backslashes / 2));
                if (backslashes % 2 == 1) {
                    argument.append('"');
                } else if (quoted && at + 1 < line.length() && line.charAt(at + 1) == '"') {
                    argument.append('"');
                    at++;
                    quoted = cRuntime; // the shell's function leaves the quotes here, the C runtime stays in them
                } else {
                    quoted = !quoted;
                }
                at++;
            }
            arguments.add(argument.toString());
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
