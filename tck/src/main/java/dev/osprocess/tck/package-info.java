// SPDX-License-Identifier: Apache-2.0
/** The conformance kit: which rule a test proves, and what the tests of every backend share. */
@NullMarked
package dev.osprocess.tck;

import org.jspecify.annotations.NullMarked;
