// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operating system's way to hold processes. Found through ServiceLoader; the provider's constructor must be cheap
 * and touch nothing native, because it runs on every system (D11).
 */
public interface ProcessBackend {
    /** A short name, for {@code -Ddev.osprocess.backend=NAME} and for people. */
    String name();

    /** The lowest available one is taken: 100 for native backends, 1000 for the JDK fallback. */
    default int order() {
        return 500;
    }

    /**
     * Whether it can serve here, found out by performing the calls it needs once, not by comparing versions. Called
     * before anything else, and perhaps again: the backend keeps its answer. Must not throw.
     */
    Availability probe();

    /** What holds a process here: {@code pidfd}, {@code HANDLE} or {@code pid}. */
    String handleKind();

    /** What it can do here. Only called when available; constant. */
    Set<Capability> capabilities();

    /**
     * The rules of docs/specification.md that this backend cannot keep and that no capability stands for, by id, each with
     * its cause. Declared so that nobody is surprised: the kit does not run them and reports each as NOT-TESTED with the
     * cause (D12, D14).
     */
    default Map<String, String> deviations() {
        return Map.of();
    }

    /**
     * Who can do what this backend lacks, for the end of a refusal's text: {@code the backend 'linux' has it}.
     *
     * @return empty if there is nothing to say
     */
    default String whoHas(Capability missing) {
        return "";
    }

    /**
     * Starts a program on the calling thread, so that the child inherits its state (D8, START-51). Returns when the new
     * program is in place (START-30), with a target that collects, and reaps where the strategy is not
     * {@link Strategy#FOREIGN_REAPER}.
     *
     * @throws ProcessException if nothing was started: then nothing is left behind either (START-25, START-26)
     * @throws IllegalArgumentException if something cannot be encoded
     * @throws UnsupportedFeatureException if the system attributes are not this backend's
     */
    Target start(StartRequest request) throws ProcessException;

    /**
     * Opens a process by number, without a claim on its state.
     *
     * @param pid 1 or more
     * @throws ProcessDoneException if there is no such process, also where the number is a thread's or too wide for the
     *     system (ID-05, ID-09, ID-15)
     * @throws ProcessException if it is there and cannot be opened, on systems that cannot fall back to the number
     */
    Target open(long pid) throws ProcessException;

    /**
     * The children that a process has now, by number. Those that were handed to another parent are that one's.
     *
     * @throws ProcessException if they cannot be listed
     * @throws UnsupportedFeatureException if that cannot be had on this system
     */
    default Set<Long> childrenOf(long pid) throws ProcessException {
        throw new UnsupportedFeatureException(
                Capability.CHILDREN.description(),
                name(),
                "kill the process itself, or start it in a group of its own");
    }

    /**
     * Looks once whether a child has something to report, by number, and takes the report; an ended child is reaped by that.
     * Never blocks. Called only with {@link Capability#WAIT_BY_NUMBER}, and never for a child that an object owns (D18).
     *
     * @param pid a child's; −1 for any; 0 for the own group; −G for the group G
     * @param options {@link WaitOption#NO_HANG} is the caller's affair; usage only with {@link WaitOption#RUSAGE}
     * @return null if there is nothing to report yet
     * @throws dev.osprocess.NoChildException if there is no such child
     */
    default @Nullable WaitMessage waitByNumber(long pid, Set<WaitOption> options) throws ProcessException {
        throw new AssertionError("internal error: WAIT_BY_NUMBER is declared without waitByNumber");
    }

    /** This process's id. */
    long currentPid();

    /** This process's parent, which may be gone already (ID-03). */
    long parentPid();

    /** What tells of exits. Called once, before the first start. */
    ExitEvents exitEvents() throws ProcessException;
}
