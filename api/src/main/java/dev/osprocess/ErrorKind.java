// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

import java.util.Locale;

/** What went wrong, for programs to branch on; texts are for people and may change (ERR-01). */
public enum ErrorKind {
    /** The process has finished already. */
    ALREADY_DONE,
    /** The object was released or closed before this call; only a {@link ProcessReleasedException} is of this kind. */
    ALREADY_RELEASED,
    /** This object is held by a number: there is no kernel handle to lend. */
    NO_HANDLE,
    /** The state of the child was taken by somebody else. */
    NO_CHILD,
    /** A program, directory or file does not exist, or its path leads through something that is no directory. */
    NOT_FOUND,
    /** A file was found that the system cannot execute. */
    NOT_EXECUTABLE,
    /** The system refused: the caller lacks a right. */
    PERMISSION,
    /** An argument makes no sense, to the system or to this library. */
    INVALID,
    /** Descriptors, processes or memory are used up. */
    EXHAUSTED,
    /** The backend cannot do what was asked for. */
    UNSUPPORTED,
    /** Any other answer of the system; {@link ProcessException#nativeName()} says which. */
    SYSTEM;

    /** Where to read what it means and what to do: {@code docs/errors.md#not-found}. */
    public String help() {
        return "docs/errors.md#" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
