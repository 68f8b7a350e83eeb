// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

/**
 * What a backend can do. Declared by {@link ProcessBackend#capabilities()} and proved by the kit: for what is missing,
 * the engine refuses before anything starts, and the kit asserts the refusal (D12, START-52).
 */
public enum Capability {
    /** A kernel handle pins the process; without it a process is held by its number. */
    HANDLE("kernel handles"),
    /** We reap our children ourselves, so an ended child is visible until its state is collected. */
    REAP("reaping by this library"),
    /** Every signal of the system can be sent, by name or number. */
    SIGNAL_ANY("signals other than TERM and KILL"),
    /** TERM can be sent. */
    SIGNAL_TERM("the signal TERM"),
    /** A child can lead a process group of its own, and the group can be signalled. */
    SIGNAL_GROUP("process groups"),
    /** The children of a process can be listed. */
    CHILDREN("listing the children of a process"),
    /** It is known whether a process exited or was killed by a signal, and by which. */
    EXACT_CAUSE("the exact cause of an exit"),
    /** CPU times and memory of an ended child are known. */
    RESOURCE_USAGE("resource usage"),
    /** The first argument may differ from the program's name. */
    ARGV0("an argv[0] that differs from the program"),
    /** Program, arguments, environment and directory may be raw bytes. */
    RAW_BYTES("raw bytes"),
    /** The environment may hold duplicates and entries without {@code =}. */
    RAW_ENVIRONMENT("duplicate or irregular environment entries"),
    /** Places of the descriptor table beyond 2 can be filled. */
    EXTRA_FILES("descriptors beyond 2"),
    /** Descriptors of this process can be handed over by number. */
    DESCRIPTORS("handing over a descriptor by number"),
    /** Places 0 to 2 can be closed in the child. */
    CLOSED_FILES("closed standard streams"),
    /** The end of a process that is not our child is seen by an event, not by looking again and again. */
    FOREIGN_EXIT_EVENT("exit events of foreign processes"),
    /** It is told when a child of ours is stopped, and when it goes on. */
    STOP_REPORTS("reports of stopped and continued children"),
    /** A child can be waited for by its number, without an object. */
    WAIT_BY_NUMBER("waiting by number");

    private final String description;

    Capability(String description) {
        this.description = description;
    }

    /** What it is, in words that fit behind "does not support". */
    public String description() {
        return description;
    }
}
