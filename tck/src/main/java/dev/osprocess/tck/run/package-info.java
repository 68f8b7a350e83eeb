// SPDX-License-Identifier: Apache-2.0
/** Running the kit without a build: one line a rule, a summary, a report. */
@NullMarked
package dev.osprocess.tck.run;

import org.jspecify.annotations.NullMarked;
