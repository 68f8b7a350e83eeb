// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/**
 * What posix_spawn answered.
 *
 * @param error the number of its error; 0 for success
 * @param pid what it wrote as the pid; 0 if nothing. On DragonFly a pid comes with an error too
 */
record SpawnOutcome(int error, int pid) {}
