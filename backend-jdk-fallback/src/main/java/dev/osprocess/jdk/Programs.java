// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the program and the directory of a start, before it and again after it failed. The JDK reports one error for a
 * missing program, interpreter and directory, and gives what the system cannot execute to {@code /bin/sh}.
 */
final class Programs {
    private static final String START = "fork/exec";
    private static final String CHDIR = "chdir";

    /** As long as the kernel reads a first line (BINPRM_BUF_SIZE of Linux). */
    private static final int FIRST_LINE = 256;

    private final JdkHost host;

    Programs(JdkHost host) {
        this.host = host;
    }

    /** What keeps this directory from being entered; null if nothing is seen (START-13). */
    @Nullable
    ProcessException objectionToDirectory(String name) {
        Path directory = Path.of(name);
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory)
                    ? JdkErrors.onFile(ErrorKind.NOT_FOUND, CHDIR, name, "not a directory", null)
                    : missing(CHDIR, name, directory, "no such file or directory");
        }
        return Files.isExecutable(directory)
                ? null
                : JdkErrors.onFile(ErrorKind.PERMISSION, CHDIR, name, "permission denied", null);
    }

    /** What keeps this file from being the program; null if nothing is seen. */
    @Nullable
    ProcessException objectionToProgram(String name, Path file) {
        if (!Files.exists(file)) {
            return missing(
                    START,
                    name,
                    file,
                    host.hasSeparator(name)
                            ? "no such file or directory"
                            : "no such file or directory; names without / are looked up in the child's directory, not in PATH");
        }
        if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
            return JdkErrors.onFile(
                    ErrorKind.PERMISSION,
                    START,
                    name,
                    "permission denied; it must be a regular file with execute permission, and so must its interpreter be",
                    null);
        }
        if (!isBatchFile(name) && !isExecutableFormat(head(file))) { // START-27; batch files are refused apart
            return JdkErrors.onFile(
                    ErrorKind.NOT_EXECUTABLE,
                    START,
                    name,
                    host.isWindows()
                            ? "it is no program of this system: it does not begin with MZ"
                            : "it is no program of this system, and no script: its first line must begin with #!; the"
                                    + " JDK would give it to /bin/sh",
                    null);
        }
        return null;
    }

    /** After a failed start: whether the interpreter of its first line is missing (ERR-09). */
    @Nullable
    ProcessException objectionToInterpreter(String name, Path file) {
        byte[] head = head(file);
        if (head == null || !isScript(head)) {
            return null;
        }
        String line = new String(head, 2, head.length - 2, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .trim();
        String interpreter = line.split("[ \t]", 2)[0];
        return interpreter.isEmpty() || Files.exists(Path.of(interpreter))
                ? null
                : JdkErrors.onFile(
                        ErrorKind.NOT_FOUND,
                        START,
                        name,
                        "the file is there, but the interpreter of its first line is not",
                        null);
    }

    /** cmd.exe reads the arguments of these once more, in its own way (D15). */
    boolean isBatchFile(String name) {
        String bare = name.toLowerCase(Locale.ROOT);
        int end = bare.length();
        while (end > 0 && (bare.charAt(end - 1) == '.' || bare.charAt(end - 1) == ' ')) {
            end--; // Windows drops these
        }
        bare = bare.substring(0, end);
        return host.isWindows() && (bare.endsWith(".bat") || bare.endsWith(".cmd"));
    }

    private static ProcessException missing(String operation, String name, Path file, String detail) {
        try {
            file.getFileSystem().provider().checkAccess(file);
        } catch (java.nio.file.AccessDeniedException hidden) {
            return JdkErrors.onFile(ErrorKind.PERMISSION, operation, name, "permission denied", hidden);
        } catch (IOException absent) {
            return JdkErrors.onFile(ErrorKind.NOT_FOUND, operation, name, detail, absent);
        }
        return JdkErrors.onFile(ErrorKind.NOT_FOUND, operation, name, detail, null); // it has come meanwhile
    }

    /** The first bytes; null if they may not be read: such a file may be executed all the same, and no shell reads it. */
    private static byte @Nullable [] head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FIRST_LINE);
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static boolean isScript(byte[] head) {
        return head.length >= 2 && head[0] == '#' && head[1] == '!';
    }

    /** Whether the system executes what begins so. Kinds that somebody registered (binfmt_misc) are not known here. */
    private boolean isExecutableFormat(byte @Nullable [] head) {
        if (head == null) {
            return true;
        }
        if (host.isWindows()) {
            return head.length >= 2 && head[0] == 'M' && head[1] == 'Z'; // IMAGE_DOS_SIGNATURE (winnt.h)
        }
        if (isScript(head)) {
            return true;
        }
        if (head.length < 4) {
            return false;
        }
        int magic = (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
        return switch (magic) {
            case 0x7F454C46 -> host != JdkHost.MAC; // ELF (elf.h)
            // Mach-O of both byte orders and widths, and several in one file (mach-o/loader.h, mach-o/fat.h)
            case 0xFEEDFACE, 0xFEEDFACF, 0xCEFAEDFE, 0xCFFAEDFE, 0xCAFEBABE, 0xCAFEBABF -> host == JdkHost.MAC;
            // XCOFF of AIX (xcoff.h): 0x01DF, 0x01F7
            default -> host == JdkHost.UNIX && (magic >>> 16 == 0x01DF || magic >>> 16 == 0x01F7);
        };
    }
}
