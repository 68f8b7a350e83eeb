// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import org.jspecify.annotations.Nullable;

/** Names of programs, folders and files as CreateProcessW and CreateFileW take them. */
final class Paths {
    private static final String VERBATIM = "\\\\?\\";
    private static final String DEVICE = "\\\\.\\";

    private final WindowsSyscalls calls;

    Paths(WindowsSyscalls calls) {
        this.calls = calls;
    }

    /** The child's directory, absolute; null for this process's. */
    @Nullable
    String directory(@Nullable String directory) throws ProcessException {
        if (directory == null) {
            return null;
        }
        String full = full("chdir", directory, directory);
        if (full.length() > WindowsAbi.DIRECTORY_MAX) {
            throw ProcessException.builder(ErrorKind.INVALID, "chdir")
                    .path(directory)
                    .detail("its absolute path has " + full.length() + " characters; Windows takes "
                            + WindowsAbi.DIRECTORY_MAX + " for a current directory")
                    .build();
        }
        return full;
    }

    /**
     * The program's absolute path: a relative name counts from the child's directory, one with a drive and no root from
     * that drive's, one with a root and no drive from the directory's drive (START-12). Nothing is searched for, and no
     * extension is added (START-01).
     */
    String program(String name, @Nullable String directory) throws ProcessException {
        if (isVerbatim(name)) {
            return name;
        }
        String flat = name.replace('/', '\\');
        if (hasDrive(flat) && flat.length() == 2) {
            throw invalid(name, "this names a drive, not a file");
        }
        return withLongPrefix(full("fork/exec", name, directory == null ? flat : joined(name, flat, directory)));
    }

    private static String joined(String name, String flat, String directory) throws ProcessException {
        if (flat.startsWith("\\\\")) {
            return flat;
        }
        if (flat.startsWith("\\")) {
            if (!hasDrive(directory)) {
                throw invalid(name, "it counts from the root of a drive, and the directory is on none: " + directory);
            }
            return directory.substring(0, 2) + flat;
        }
        if (hasDrive(flat)) {
            boolean rooted = flat.charAt(2) == '\\';
            boolean sameDrive = Character.toUpperCase(flat.charAt(0)) == Character.toUpperCase(directory.charAt(0))
                    && hasDrive(directory);
            return rooted || !sameDrive ? flat : below(directory, flat.substring(2));
        }
        return below(directory, flat);
    }

    private static String below(String directory, String name) {
        return directory.endsWith("\\") ? directory + name : directory + "\\" + name;
    }

    /** A file of a table: absolute already. */
    static String file(String absolute) {
        return isVerbatim(absolute) ? absolute : withLongPrefix(absolute);
    }

    private static String withLongPrefix(String full) {
        if (full.length() <= WindowsAbi.PATH_MAX || isVerbatim(full)) {
            return full;
        }
        return full.startsWith("\\\\") ? VERBATIM + "UNC\\" + full.substring(2) : VERBATIM + full;
    }

    private String full(String operation, String given, String path) throws ProcessException {
        if (isVerbatim(path)) {
            return path;
        }
        try {
            return calls.fullPath(path);
        } catch (Win32Exception failed) {
            throw WindowsErrors.onFile(WindowsErrors.kind(failed.error()), operation, given, failed, "");
        }
    }

    private static boolean isVerbatim(String path) {
        return path.startsWith(VERBATIM) || path.startsWith(DEVICE);
    }

    private static boolean hasDrive(String path) {
        return path.length() >= 2 && path.charAt(1) == ':';
    }

    private static ProcessException invalid(String name, String detail) {
        return ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                .path(name)
                .detail(detail)
                .build();
    }
}
