// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import org.jspecify.annotations.Nullable;

/**
 * What CreateProcessW is called with.
 *
 * @param application the file; an absolute path, so that nothing is searched for
 * @param commandLine what the child reads its arguments from
 * @param flags the creation flags
 * @param environment a block in UTF-16LE; null for this process's own
 * @param directory where it begins; null for this process's directory
 * @param streams standard input, output and error, 0 for none; null to leave them to the system
 * @param inherited all that the child inherits, the streams included
 * @param jobs the job objects that it is born into, the outermost first
 * @param parent a handle of its parent; 0 for this process
 * @param hideWindow whether its first window is not to be shown
 */
@SuppressWarnings("ArrayRecordComponent") // made and read once, never compared
record Launch(
        String application,
        String commandLine,
        int flags,
        byte @Nullable [] environment,
        @Nullable String directory,
        long @Nullable [] streams,
        long[] inherited,
        long[] jobs,
        long parent,
        boolean hideWindow) {}
