// SPDX-License-Identifier: Apache-2.0
/** The rules as they are written, and which of them a test names: for the runner, and for the check of both. */
@NullMarked
package dev.osprocess.tck.spec;

import org.jspecify.annotations.NullMarked;
