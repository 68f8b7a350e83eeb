// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.util.List;

/**
 * The one line that Windows passes for all arguments, quoted so that CommandLineToArgvW and the C runtimes give each
 * argument back as it was (START-41). For the first token both have rules of their own: no backslash escapes there, so no
 * quote can be in it.
 */
final class CommandLine {
    private CommandLine() {}

    /**
     * The line for these arguments.
     *
     * @param path the program, for error texts
     * @throws ProcessException if the first one holds a quote, or the line is too long for the system
     */
    static String of(String path, List<String> arguments) throws ProcessException {
        String name = arguments.get(0);
        if (name.indexOf('"') >= 0) {
            throw invalid(path, "argument 0 holds a quote, which the first word of a command line cannot");
        }
        StringBuilder line = new StringBuilder(name.length() + 64 * arguments.size());
        if (needsQuotes(name)) {
            line.append('"').append(name).append('"');
        } else {
            line.append(name);
        }
        for (int i = 1; i < arguments.size(); i++) {
            append(line.append(' '), arguments.get(i));
        }
        checkLength(path, line.length(), arguments.size());
        return line.toString();
    }

    /** Refuses what the system would refuse, or worse, cut. */
    static void checkLength(String path, int length, int arguments) throws ProcessException {
        if (length > WindowsAbi.COMMAND_LINE_MAX) {
            throw invalid(
                    path,
                    "the command line of " + arguments + " arguments has " + length + " characters; Windows takes "
                            + WindowsAbi.COMMAND_LINE_MAX);
        }
    }

    /** Backslashes are literal, unless a quote follows: then each stands doubled (the closing quote counts). */
    private static void append(StringBuilder line, String argument) {
        boolean quoted = needsQuotes(argument);
        if (quoted) {
            line.append('"');
        }
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '\\') {
                backslashes++;
            } else {
                if (c == '"') {
                    repeatBackslash(line, backslashes + 1);
                }
                backslashes = 0;
            }
            line.append(c);
        }
        if (quoted) {
            repeatBackslash(line, backslashes);
            line.append('"');
        }
    }

    private static void repeatBackslash(StringBuilder line, int times) {
        for (int i = 0; i < times; i++) {
            line.append('\\');
        }
    }

    /** Blank and tab end a word; other control characters do so for the first word in some parsers. */
    private static boolean needsQuotes(String argument) {
        for (int i = 0; i < argument.length(); i++) {
            if (argument.charAt(i) <= ' ') {
                return true;
            }
        }
        return argument.isEmpty();
    }

    private static ProcessException invalid(String path, String detail) {
        return ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                .path(path)
                .detail(detail)
                .build();
    }
}
