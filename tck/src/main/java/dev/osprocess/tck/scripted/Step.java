// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

/**
 * A thread came to a point: an entry of {@link ScriptedKernel#journal()}.
 *
 * @param point where
 * @param pid for which process; 0 for the watcher's own
 */
public record Step(Point point, long pid) {}
