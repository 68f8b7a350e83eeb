// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

/** A capability that a child can be given although it is not root's (capabilities(7)). */
public enum LinuxCapability {
    /** CAP_CHOWN. */
    CHOWN(0),
    /** CAP_DAC_OVERRIDE. */
    DAC_OVERRIDE(1),
    /** CAP_DAC_READ_SEARCH. */
    DAC_READ_SEARCH(2),
    /** CAP_FOWNER. */
    FOWNER(3),
    /** CAP_FSETID. */
    FSETID(4),
    /** CAP_KILL. */
    KILL(5),
    /** CAP_SETGID. */
    SETGID(6),
    /** CAP_SETUID. */
    SETUID(7),
    /** CAP_SETPCAP. */
    SETPCAP(8),
    /** CAP_LINUX_IMMUTABLE. */
    LINUX_IMMUTABLE(9),
    /** CAP_NET_BIND_SERVICE. */
    NET_BIND_SERVICE(10),
    /** CAP_NET_BROADCAST. */
    NET_BROADCAST(11),
    /** CAP_NET_ADMIN. */
    NET_ADMIN(12),
    /** CAP_NET_RAW. */
    NET_RAW(13),
    /** CAP_IPC_LOCK. */
    IPC_LOCK(14),
    /** CAP_IPC_OWNER. */
    IPC_OWNER(15),
    /** CAP_SYS_MODULE. */
    SYS_MODULE(16),
    /** CAP_SYS_RAWIO. */
    SYS_RAWIO(17),
    /** CAP_SYS_CHROOT. */
    SYS_CHROOT(18),
    /** CAP_SYS_PTRACE. */
    SYS_PTRACE(19),
    /** CAP_SYS_PACCT. */
    SYS_PACCT(20),
    /** CAP_SYS_ADMIN. */
    SYS_ADMIN(21),
    /** CAP_SYS_BOOT. */
    SYS_BOOT(22),
    /** CAP_SYS_NICE. */
    SYS_NICE(23),
    /** CAP_SYS_RESOURCE. */
    SYS_RESOURCE(24),
    /** CAP_SYS_TIME. */
    SYS_TIME(25),
    /** CAP_SYS_TTY_CONFIG. */
    SYS_TTY_CONFIG(26),
    /** CAP_MKNOD. */
    MKNOD(27),
    /** CAP_LEASE. */
    LEASE(28),
    /** CAP_AUDIT_WRITE. */
    AUDIT_WRITE(29),
    /** CAP_AUDIT_CONTROL. */
    AUDIT_CONTROL(30),
    /** CAP_SETFCAP. */
    SETFCAP(31),
    /** CAP_MAC_OVERRIDE. */
    MAC_OVERRIDE(32),
    /** CAP_MAC_ADMIN. */
    MAC_ADMIN(33),
    /** CAP_SYSLOG. */
    SYSLOG(34),
    /** CAP_WAKE_ALARM. */
    WAKE_ALARM(35),
    /** CAP_BLOCK_SUSPEND. */
    BLOCK_SUSPEND(36),
    /** CAP_AUDIT_READ. */
    AUDIT_READ(37),
    /** CAP_PERFMON. */
    PERFMON(38),
    /** CAP_BPF. */
    BPF(39),
    /** CAP_CHECKPOINT_RESTORE. */
    CHECKPOINT_RESTORE(40);

    private final int number;

    LinuxCapability(int number) {
        this.number = number;
    }

    /** The system's number (linux/capability.h). */
    public int number() {
        return number;
    }
}
