// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

/** How a {@link Target} holds its process, and so which discipline the engine keeps. */
public enum Strategy {
    /**
     * By a kernel handle. The engine counts the handle's users, closes it after the last, and lets signals run while
     * others wait: the handle cannot come to name another process.
     */
    HANDLE,
    /**
     * By its number; if we started it, we reap. The engine lets signals through only while the number is pinned: it reaps under a lock
     * that every signal holds in shared mode, so that no signal is under way when the number is freed (WAIT-15, SIG-16).
     */
    PID,
    /** By its number, and somebody else (the JDK) reaps: the backend guards its signals itself. */
    FOREIGN_REAPER
}
