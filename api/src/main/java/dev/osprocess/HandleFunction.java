// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * What {@link OsProcess#withHandle} runs with the lent handle.
 *
 * @param <H> the handle's type
 * @param <R> what it gives back
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface HandleFunction<H extends NativeHandle, R, X extends Exception> {
    /** Uses the handle. It stays open until this returns, whatever other threads do (HND-04). */
    R apply(H handle) throws X;
}
