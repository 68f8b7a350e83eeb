// SPDX-License-Identifier: Apache-2.0
/** Proves the engine on the scripted kernel, move by move. */
@NullMarked
package dev.osprocess.tck.engine;

import org.jspecify.annotations.NullMarked;
