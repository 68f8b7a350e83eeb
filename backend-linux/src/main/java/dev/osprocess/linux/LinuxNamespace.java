// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

/**
 * A namespace that a child can get for itself (unshare(2), namespaces(7)). It needs CAP_SYS_ADMIN. A pid or time namespace
 * would hold only the child's own children, and a user namespace needs its maps written from outside while the child waits;
 * neither is offered.
 */
public enum LinuxNamespace {
    /** Mounts of its own, which do not reach ours; the child's mounts are made private. */
    MOUNT(0x0002_0000),
    /** A control group root of its own (cgroup_namespaces(7)). */
    CGROUP(0x0200_0000),
    /** A host name of its own. */
    UTS(0x0400_0000),
    /** System V IPC objects and POSIX message queues of its own. */
    IPC(0x0800_0000),
    /** A network of its own, in which nothing is configured. */
    NETWORK(0x4000_0000);

    private final int flag;

    LinuxNamespace(int flag) {
        this.flag = flag;
    }

    /** The flag of unshare(2) (linux/sched.h). */
    public int flag() {
        return flag;
    }
}
