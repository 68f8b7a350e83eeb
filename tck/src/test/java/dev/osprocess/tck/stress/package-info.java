// SPDX-License-Identifier: Apache-2.0
/** Races that only the machine can play: jcstress on the count, the status, the claim, and the life cycle. */
@NullMarked
package dev.osprocess.tck.stress;

import org.jspecify.annotations.NullMarked;
