// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds a program in PATH, as a POSIX shell does with two differences: an empty element does not mean the current
 * directory, and a file that is there but cannot be run is not the same as no file. The library itself never searches.
 */
final class ProgramLookup {
    /** Where POSIX systems keep their utilities, for a process without PATH. */
    private static final String DEFAULT_PATH = "/usr/bin:/bin";

    private final boolean windows;
    private final String path;
    private final String separator;
    private final String extensions;

    /**
     * A lookup in this PATH.
     *
     * @param windows whether file names end in one of the extensions of {@code pathExt}
     * @param path the directories, or null if the variable is not set
     * @param separator what stands between two of them
     * @param pathExt {@code .EXE;.BAT}, only for Windows; null for the usual ones
     */
    ProgramLookup(boolean windows, @Nullable String path, String separator, @Nullable String pathExt) {
        this.windows = windows;
        this.path = path != null ? path : windows ? "" : DEFAULT_PATH;
        this.separator = separator;
        this.extensions = pathExt != null ? pathExt : ".COM;.EXE;.BAT;.CMD";
    }

    /** A lookup in this process's own PATH. */
    static ProgramLookup ofThisProcess() {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        return new ProgramLookup(
                windows, System.getenv("PATH"), File.pathSeparator, windows ? System.getenv("PATHEXT") : null);
    }

    /**
     * The file to start.
     *
     * @param program a name to look up, or a path, which is taken as it is
     * @throws CommandFailure with 127 if there is none, with 126 if there is one that cannot be executed
     */
    String find(String program) throws CommandFailure {
        if (program.isEmpty()) {
            throw new CommandFailure(ExitCodes.NOT_FOUND, "the program's name is empty");
        }
        if (isPath(program)) {
            return windows ? withExtension(program) : program;
        }
        String unusable = null;
        boolean emptyElement = path.isEmpty();
        for (String directory : split(path, separator)) {
            if (directory.isEmpty()) {
                emptyElement = true;
                continue;
            }
            for (String name : namesOf(program)) {
                Path candidate = resolve(directory, name);
                if (candidate == null || !Files.exists(candidate)) {
                    continue;
                }
                if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                    return candidate.toString();
                }
                if (unusable == null) {
                    unusable = candidate.toString();
                }
            }
        }
        if (unusable != null) {
            throw notExecutable(unusable);
        }
        throw notFound(program, emptyElement);
    }

    private boolean isPath(String program) {
        return program.indexOf('/') >= 0 || (windows && (program.indexOf('\\') >= 0 || program.indexOf(':') >= 0));
    }

    private String withExtension(String program) {
        for (String name : namesOf(program)) {
            if (new File(name).isFile()) {
                return name;
            }
        }
        return program; // the system says what is wrong with it
    }

    /** The names that a program can have here. */
    private List<String> namesOf(String program) {
        if (!windows) {
            return List.of(program);
        }
        List<String> names = new ArrayList<>();
        String lower = program.toLowerCase(Locale.ROOT);
        for (String extension : split(extensions, ";")) {
            if (extension.isEmpty()) {
                continue;
            }
            if (lower.endsWith(extension.toLowerCase(Locale.ROOT))) {
                return List.of(program);
            }
            names.add(program + extension);
        }
        return names;
    }

    /** Absolute, because the child may begin in another directory than this process. */
    private static @Nullable Path resolve(String directory, String name) {
        try {
            return Path.of(directory, name).toAbsolutePath();
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    private static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int to = text.indexOf(separator);
        while (to >= 0) {
            parts.add(text.substring(from, to));
            from = to + separator.length();
            to = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static CommandFailure notExecutable(String file) {
        String why = Files.isDirectory(Path.of(file)) ? "is a directory" : "is there, but not executable";
        return new CommandFailure(ExitCodes.NOT_STARTABLE, file + ": found in PATH, " + why);
    }

    private CommandFailure notFound(String program, boolean emptyElement) {
        String hint = "";
        if (emptyElement && new File(program).isFile()) {
            hint = "; the empty element of PATH is skipped, write ./" + program + " for the one in this directory";
        }
        return new CommandFailure(ExitCodes.NOT_FOUND, program + ": not found in any directory of PATH" + hint);
    }
}
