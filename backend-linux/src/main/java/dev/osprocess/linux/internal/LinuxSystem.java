// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/**
 * What the rooms of this backend share: the seam, proc(5), and what the probe found.
 *
 * @param calls the seam to the system calls
 * @param proc what proc(5) tells
 * @param pidfds whether pidfds can be used here; if not, processes are held by their numbers
 * @param closeFrom whether posix_spawn can close every descriptor from a number on
 * @param chdir whether posix_spawn can change the directory
 */
record LinuxSystem(LinuxSyscalls calls, ProcFs proc, boolean pidfds, boolean closeFrom, boolean chdir) {
    /**
     * Whether posix_spawn's dup2 to the same number takes close-on-exec away, as POSIX wants. glibc does so since the
     * version that brought the change of directory (2.29), and musl since before it had that.
     */
    boolean sameNumberIsKept() {
        return chdir;
    }
}
