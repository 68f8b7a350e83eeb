// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * This object has no kernel handle of the kind asked for: it is in {@link ProcessMode#PID pid mode}, or the backend's
 * handles are of another type (HND-02).
 */
public final class NoHandleException extends ProcessException {
    private static final long serialVersionUID = 1L;

    NoHandleException(Builder builder) {
        super(builder, ErrorKind.NO_HANDLE);
    }
}
