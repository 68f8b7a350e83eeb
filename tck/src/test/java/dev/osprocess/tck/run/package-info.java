// SPDX-License-Identifier: Apache-2.0
/** The runner and its reports. */
@NullMarked
package dev.osprocess.tck.run;

import org.jspecify.annotations.NullMarked;
