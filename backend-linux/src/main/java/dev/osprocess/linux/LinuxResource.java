// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

/** What a child's use of can be limited (getrlimit(2)). */
public enum LinuxResource {
    /** CPU time, in seconds. */
    CPU(0),
    /** The size of a file that it writes, in bytes. */
    FILE_SIZE(1),
    /** Data: heap and private writable memory, in bytes. */
    DATA(2),
    /** The stack of the first thread, in bytes; also bounds arguments and environment. */
    STACK(3),
    /** A core dump, in bytes. */
    CORE(4),
    /** Processes and threads of the child's real user. */
    PROCESSES(6),
    /** The highest descriptor number, plus one. */
    OPEN_FILES(7),
    /** Locked memory, in bytes. */
    LOCKED_MEMORY(8),
    /** Address space, in bytes. */
    ADDRESS_SPACE(9),
    /** Signals queued for the child's real user. */
    PENDING_SIGNALS(11),
    /** POSIX message queues, in bytes. */
    MESSAGE_QUEUES(12),
    /** How far the nice value can be lowered: 20 minus this. */
    NICE(13),
    /** The highest real-time priority. */
    REALTIME_PRIORITY(14),
    /** CPU time under a real-time policy without a pause, in microseconds. */
    REALTIME_TIME(15);

    /** No limit. */
    public static final long UNLIMITED = -1;

    private final int number;

    LinuxResource(int number) {
        this.number = number;
    }

    /** The system's number (asm-generic/resource.h). */
    public int number() {
        return number;
    }
}
