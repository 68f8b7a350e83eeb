// SPDX-License-Identifier: Apache-2.0
/** The specification as the kit reads it. */
@NullMarked
package dev.osprocess.tck.spec;

import org.jspecify.annotations.NullMarked;
