// SPDX-License-Identifier: Apache-2.0
/**
 * Starts, finds, waits for, signals, kills and releases operating-system processes, and can never hit a stranger that
 * inherited a recycled pid.
 *
 * <p>{@link dev.osprocess.OsProcess} is the way in; {@link dev.osprocess.ProcessState} says how a process ended;
 * {@link dev.osprocess.ProcessAttributes} says how a child is born. Every class here may be used by any number of
 * threads at once.
 */
@NullMarked
package dev.osprocess;

import org.jspecify.annotations.NullMarked;
