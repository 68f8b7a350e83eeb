// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * No backend can serve in this JVM: none is on the class path or module path, or each of them gave a reason why it
 * cannot. The reasons are in the text and among {@link #getSuppressed()} (D11).
 */
public final class NoBackendException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    /** For the engine. */
    public NoBackendException(String text) {
        super(text);
    }
}
