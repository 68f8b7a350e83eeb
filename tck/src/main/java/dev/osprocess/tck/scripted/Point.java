// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

/** The places where a {@link ScriptedKernel} can stop a thread, in the names of the native calls around them. */
public enum Point {
    /** A start was asked for; nothing exists yet. */
    BEFORE_SPAWN,
    /** The child runs; its parent does not know of it yet. */
    AFTER_SPAWN,
    /** A number is about to be opened. */
    BEFORE_OPEN,
    /** A number was opened. */
    AFTER_OPEN,
    /** The watcher is about to block until something ends. */
    BEFORE_BLOCK,
    /** The watcher was woken by an event that it has not handed on yet; no child was reaped. */
    AFTER_BLOCK,
    /** Somebody is about to ask whether a process has ended. */
    BEFORE_COLLECT,
    /** A child was seen to have ended and is about to be reaped. */
    BEFORE_REAP,
    /** A child was reaped: its number is free. Nobody has been told. */
    AFTER_REAP,
    /** A signal is about to enter the kernel. */
    BEFORE_SIGNAL_SYSCALL,
    /** A signal was delivered; the call has not returned. */
    AFTER_SIGNAL_SYSCALL,
    /** Somebody is about to look by number whether a child has something to report. */
    BEFORE_WAIT_BY_NUMBER,
    /** Somebody is about to ask whether a process lives. */
    BEFORE_LIVENESS,
    /** Somebody is about to ask which process it is. */
    BEFORE_IDENTITY,
    /** A handle is about to be closed. */
    BEFORE_HANDLE_CLOSE,
    /** A handle was closed. */
    AFTER_HANDLE_CLOSE,
    /** Events are about to be asked for. */
    BEFORE_ADD_EVENT,
    /** Events were asked for; the caller does not know yet. */
    AFTER_ADD_EVENT,
    /** Events are about to be given back. */
    BEFORE_REMOVE_EVENT,
    /** Events were given back. */
    AFTER_REMOVE_EVENT
}
