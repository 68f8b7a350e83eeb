// SPDX-License-Identifier: Apache-2.0
/**
 * The calls of Go's first os package, by number: start a child and get nothing but its pid, wait for a pid. For ports of
 * programs that are written so, and for init-like programs; everybody else takes {@link dev.osprocess.OsProcess}, which cannot
 * hit a stranger that inherited a number.
 *
 * <p>Nothing here keeps an object, a handle or a thread for a child, and nothing reaps behind the caller's back: whoever
 * starts a child here waits for it here, once (OLD-01, OLD-11).
 */
@NullMarked
package dev.osprocess.raw;

import org.jspecify.annotations.NullMarked;
