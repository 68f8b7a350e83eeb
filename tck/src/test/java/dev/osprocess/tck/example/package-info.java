// SPDX-License-Identifier: Apache-2.0
/**
 * A complete small backend, written by docs/porting.md alone: Linux as if it were a foreign platform that has
 * {@code ProcessBuilder}, {@code /proc} and {@code kill(1)}, and nothing else.
 */
@NullMarked
package dev.osprocess.tck.example;

import org.jspecify.annotations.NullMarked;
