// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * Somebody else took the state of this child: another library waits for any child, or the JVM was told to ignore
 * SIGCHLD. The child has ended; how is lost (WAIT-18). Nothing is invented in its place.
 */
public final class NoChildException extends ProcessException {
    private static final long serialVersionUID = 1L;

    NoChildException(Builder builder) {
        super(builder, ErrorKind.NO_CHILD);
    }
}
