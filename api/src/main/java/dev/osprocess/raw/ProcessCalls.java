// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.raw;

import dev.osprocess.ChildFile;
import dev.osprocess.NoBackendException;
import dev.osprocess.NoChildException;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.Discovery;
import dev.osprocess.engine.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Start and wait by number. All methods may be called from any threads at once. */
public final class ProcessCalls {
    private ProcessCalls() {}

    /**
     * Starts a program on the calling thread and returns its pid when it is in place; no object, no handle, nothing to
     * release (OLD-01). The child is the caller's to wait for, by {@link #waitPid}: until then it stays a zombie after its end.
     *
     * @param argv0 the file to run, never searched for in PATH; relative to {@code directory}
     * @param argv all arguments as the program sees them, its own name first; if empty, {@code argv0}
     * @param environment exactly these entries, {@code NAME=value}; empty is empty, nothing is inherited (OLD-02)
     * @param directory where the child begins; null for this process's directory
     * @param files the child's descriptor table by position; what is not in it is closed (OLD-04)
     * @return its pid
     * @throws ProcessException if it could not be started: then nothing was (OLD-05)
     * @throws IllegalArgumentException if a place is a pipe, because nobody would get this process's end of it, and if text
     *     cannot be encoded
     * @throws UnsupportedFeatureException if the backend cannot do what was asked for
     * @throws NoBackendException if no backend can serve here
     */
    public static long forkExec(
            String argv0, List<String> argv, List<String> environment, @Nullable Path directory, List<ChildFile> files)
            throws ProcessException {
        return forkExec(
                OsString.of(argv0),
                Engine.osStrings(argv),
                Engine.osStrings(environment),
                directory == null ? null : OsString.of(directory),
                files);
    }

    /** The same for what no Java string can say. */
    public static long forkExec(
            OsString argv0,
            List<OsString> argv,
            List<OsString> environment,
            @Nullable OsString directory,
            List<ChildFile> files)
            throws ProcessException {
        return Discovery.engine()
                .numbers()
                .forkExec(argv0, List.copyOf(argv), List.copyOf(environment), directory, List.copyOf(files));
    }

    /**
     * Waits for a child by its number, and reaps it if it has ended: the second wait for an end is an error (OLD-11). Looks
     * again and again, at first after 1 ms, later every 50 ms, and reacts to interrupts. While an {@code OsProcess.start} is
     * under way, only children of {@link #forkExec} are looked at: another number could be the newborn's.
     *
     * <p>Children that an {@link dev.osprocess.OsProcess} started are refused, also those whose object was released: their end is the
     * object's (OLD-20, D18). Waiting for any child, and for groups, would take theirs along, so it is refused as long as there is
     * one (OLD-15). It also takes the ends of children that other code started, for instance by the JDK's
     * {@link ProcessBuilder}, which then never sees them.
     *
     * @param pid a child's pid; −1 for any child; 0 for any child in this process's group; −G for any child in the group G
     * @param options see there
     * @throws NoChildException if there is no such child, or its end was taken already (ECHILD)
     * @throws ProcessException with {@link dev.osprocess.ErrorKind#INVALID} if an object owns the child
     * @throws UnsupportedFeatureException where the system cannot wait by number: nothing was done then (OLD-19)
     * @throws InterruptedException if the thread was interrupted; nothing is lost
     */
    public static WaitMessage waitPid(long pid, Set<WaitOption> options) throws ProcessException, InterruptedException {
        return Discovery.engine().numbers().waitPid(pid, Set.copyOf(options));
    }

    /** Waits for the end of a child. */
    public static WaitMessage waitPid(long pid) throws ProcessException, InterruptedException {
        return waitPid(pid, Set.of());
    }
}
