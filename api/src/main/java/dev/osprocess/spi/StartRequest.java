// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import dev.osprocess.ChildFile;
import dev.osprocess.OsString;
import dev.osprocess.SystemAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to start. The engine has checked it: no NUL anywhere, nothing that the backend's capabilities exclude. Whether
 * text can be encoded and whether the system attributes are the backend's own is left to the backend.
 *
 * @param program passed to the system as it is: never searched for in PATH (START-01)
 * @param arguments all of them, {@code argv[0]} first; never empty
 * @param directory where the child begins; null for this process's directory
 * @param environment what its environment is made of
 * @param files its descriptor table, exact; null for 0, 1 and 2 of this process
 * @param system what one system alone can give; null for nothing
 */
public record StartRequest(
        OsString program,
        List<OsString> arguments,
        @Nullable OsString directory,
        ChildEnvironment environment,
        @Nullable List<ChildFile> files,
        @Nullable SystemAttributes system) {}
