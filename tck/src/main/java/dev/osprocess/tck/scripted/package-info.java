// SPDX-License-Identifier: Apache-2.0
/**
 * A kernel in memory that does as it is told, to put under the real engine:
 *
 * <pre>{@code
 * ScriptedKernel kernel = new ScriptedKernel(Strategy.HANDLE);
 * Pause reap = kernel.pauseAt(Point.BEFORE_REAP);
 * ...                                     // start a process over an engine on this kernel, and wait for it
 * kernel.exit(pid, 7);
 * reap.awaitArrival();                    // one thread is about to reap
 * ...                                     // look at what everybody else sees now
 * reap.letGo();
 * kernel.assertNoViolations();
 * }</pre>
 *
 * <p>{@link dev.osprocess.tck.scripted.ScriptedKernel} is the way in. It stops threads at
 * {@linkplain dev.osprocess.tck.scripted.Point named points}, fails {@linkplain dev.osprocess.tck.scripted.Call calls} on
 * demand, counts, hands numbers out again at once, and notes whatever no engine may do.
 */
@NullMarked
package dev.osprocess.tck.scripted;

import org.jspecify.annotations.NullMarked;
