// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.util.List;
import java.util.Locale;

/**
 * Batch files run in cmd.exe, which reads the command line by rules of its own: what is quoted for a C runtime can break
 * out there and run as a command (START-42, D15; the class of CVE-2024-24576). So they get a line made for cmd.exe, with
 * cmd.exe named explicitly, no AutoRun and no delayed expansion; and arguments that no quoting there makes safe are
 * refused.
 */
final class BatchFile {
    /** What cmd.exe takes (it is shorter than what CreateProcess takes). */
    static final int COMMAND_LINE_MAX = 8191;

    private static final String PLAIN = "-_./\\:@+";

    private BatchFile() {}

    /** Whether the system would run this file in cmd.exe: by its extension, in any case, dots and blanks at its end aside. */
    static boolean isBatch(String path) {
        String name = path.substring(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
        int stream = name.indexOf(':'); // name:stream, or the stream of the file itself: name::$DATA
        int end = stream > 1 ? stream : name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) <= ' ')) {
            end--;
        }
        String bare = name.substring(0, end).toLowerCase(Locale.ROOT);
        return bare.endsWith(".bat") || bare.endsWith(".cmd");
    }

    /**
     * The command line of cmd.exe that runs this batch file.
     *
     * @param shell the path of cmd.exe
     * @param path the absolute path of the batch file
     * @param program its name as the caller gave it
     * @throws ProcessException if an argument cannot be passed safely
     */
    static String commandLine(String shell, String path, String program, List<String> arguments)
            throws ProcessException {
        checkName(path, program, arguments.get(0));
        checkText(path, "the path", path);
        // /s: exactly the first and the last quote of what follows /c are taken away
        StringBuilder line = new StringBuilder(path.length() + 128)
                .append('"')
                .append(shell)
                .append("\" /d /e:on /v:off /s /c \"\"")
                .append(path)
                .append('"');
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            checkText(path, "argument " + i, argument);
            line.append(' ');
            if (isPlain(argument)) {
                line.append(argument);
            } else if (argument.endsWith("\\")) {
                throw refused(
                        path,
                        "argument " + i
                                + " needs quotes and ends with a backslash, which the programs that a batch file"
                                + " calls would take together with the closing quote");
            } else {
                line.append('"').append(argument).append('"');
            }
        }
        line.append('"');
        if (line.length() > COMMAND_LINE_MAX) {
            throw refused(
                    path, "the command line has " + line.length() + " characters; cmd.exe takes " + COMMAND_LINE_MAX);
        }
        return line.toString();
    }

    /** What a batch file sees as its name is its path. */
    private static void checkName(String path, String program, String name) throws ProcessException {
        String last = path.substring(path.lastIndexOf('\\') + 1);
        if (!name.equals(program) && !name.equals(path) && !name.equalsIgnoreCase(last)) {
            throw refused(path, "argument 0 is another name; a batch file's cannot be chosen, pass its own");
        }
    }

    /**
     * Between quotes cmd.exe still expands {@code %} and, where the batch file switches it on, {@code !}; a quote ends
     * them; a line break ends the command.
     */
    private static void checkText(String path, String what, String text) throws ProcessException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '\u007f') {
                throw refused(path, what + " holds a control character at index " + i);
            }
            if (c == '"' || c == '%' || c == '!') {
                throw refused(path, what + " holds " + c + " at index " + i + ", which cmd.exe would read anew");
            }
        }
    }

    private static boolean isPlain(String argument) {
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && PLAIN.indexOf(c) < 0) {
                return false;
            }
        }
        return !argument.isEmpty();
    }

    private static ProcessException refused(String path, String why) {
        return ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                .path(path)
                .detail("this is a batch file, which cmd.exe runs, and " + why
                        + "; call a program, or give the whole line by WindowsAttributes.commandLine")
                .build();
    }
}
