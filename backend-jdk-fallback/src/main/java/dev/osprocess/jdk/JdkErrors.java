// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns what was seen of a file into the exceptions of the contract. By classes and looks, never by texts (ERR-10). */
final class JdkErrors {
    private JdkErrors() {}

    /** An error that this backend found itself. */
    static ProcessException onFile(
            ErrorKind kind, String operation, String path, String detail, @Nullable Throwable cause) {
        return ProcessException.builder(kind, operation)
                .path(path)
                .detail(detail)
                .cause(cause)
                .build();
    }

    /** A file that could not be opened or looked at. */
    static ProcessException onFile(String operation, String name, Path file, IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return onFile(ErrorKind.PERMISSION, operation, name, "permission denied", failed);
        }
        if (failed instanceof NoSuchFileException || Files.notExists(file)) {
            return onFile(ErrorKind.NOT_FOUND, operation, name, "no such file or directory", failed);
        }
        if (Files.isDirectory(file)) {
            return onFile(ErrorKind.INVALID, operation, name, "it is a directory", failed);
        }
        return onFile(ErrorKind.SYSTEM, operation, name, "it cannot be opened; the cause has the JDK's words", failed);
    }
}
