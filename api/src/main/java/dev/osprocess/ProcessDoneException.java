// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * The process has finished: there is nothing left to signal, to lend or to wait for. A normal race with a process that ends by
 * itself, not a mistake of the caller (SIG-03, SIG-06, ERR-05).
 */
public final class ProcessDoneException extends ProcessException {
    private static final long serialVersionUID = 1L;

    ProcessDoneException(Builder builder) {
        super(builder, ErrorKind.ALREADY_DONE);
    }
}
