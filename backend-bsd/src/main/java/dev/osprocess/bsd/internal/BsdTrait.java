// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** What one of these systems does in its own way, beside its numbers. */
enum BsdTrait {
    /** posix_spawn answers 0 although the program could not be executed: the child then exits with 127. */
    EXEC_FAILURE_EXITS_127,
    /** posix_spawn gives the error of a failed start and leaves the dead child to be reaped by the caller. */
    FAILED_CHILD_STAYS,
    /** A signal to a group that only zombies are left in is answered by EPERM. */
    ZOMBIE_GROUP_ANSWERS_EPERM,
    /** The sysctl(2) path of a process ends with the size of an element and their number. */
    SIZED_SYSCTL,
    /** The start time of a process comes from proc_pidinfo, not from sysctl(2). */
    PROC_PIDINFO
}
