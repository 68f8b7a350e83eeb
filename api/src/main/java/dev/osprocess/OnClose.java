// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * What {@link OsProcess#close()} does to a child that this object started and nobody has waited for; also what becomes of
 * it if the object is dropped, which is treated as closing.
 */
public enum OnClose {
    /** It runs on; the library reaps it when it ends. The default. */
    REAP_LATER,
    /** It is killed; the library reaps it as soon as it has ended. */
    KILL_AND_REAP
}
