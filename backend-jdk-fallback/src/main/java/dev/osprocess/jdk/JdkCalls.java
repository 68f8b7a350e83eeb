// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.io.IOException;
import java.util.Optional;

/**
 * The seam: what this backend asks of the JDK, one method per call. Nothing here retries, maps or logs. A fault, or a
 * wrong backend, is a class that overrides one method of {@link JavaCalls}, or that gives another {@link Process} or
 * {@link ProcessHandle}.
 */
interface JdkCalls {
    /** {@link ProcessBuilder#start()}. */
    Process start(ProcessBuilder prepared) throws IOException;

    /** {@link ProcessHandle#of(long)}. */
    Optional<ProcessHandle> of(long pid);

    /** {@link ProcessHandle#current()}. */
    ProcessHandle current();

    /** A small file of proc(5), whole. */
    byte[] read(String path) throws IOException;

    /** What a symbolic link of proc(5) says. */
    String readLink(String path) throws IOException;
}
