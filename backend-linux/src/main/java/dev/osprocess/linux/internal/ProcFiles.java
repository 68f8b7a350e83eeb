// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.io.IOException;
import java.util.List;

/** The seam to proc(5): small files and links, read whole. */
interface ProcFiles {
    /** The bytes of a file. */
    byte[] read(String path) throws IOException;

    /** What a symbolic link says. */
    String readLink(String path) throws IOException;

    /** The names in a directory. */
    List<String> list(String path) throws IOException;
}
