// SPDX-License-Identifier: Apache-2.0
/** The kit run against the backends of this project. */
@NullMarked
package dev.osprocess.tck.subject;

import org.jspecify.annotations.NullMarked;
