// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * A kernel handle of a process, lent by {@link OsProcess#withHandle}: a pidfd on Linux, a HANDLE on Windows. Each
 * backend exports a type of its own, so that a handle cannot be mistaken for a pid (HND-10). It is valid until the
 * borrowing function returns; do not close it and do not keep it (HND-09).
 */
public interface NativeHandle {
    /** The system's word for it: {@code pidfd} or {@code HANDLE}. */
    String kind();

    /** Its raw value: a descriptor number, or the bits of a HANDLE. */
    long value();
}
