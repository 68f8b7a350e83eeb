// SPDX-License-Identifier: Apache-2.0
/** What programs import for Windows alone: the lent handle, and the attributes that only Windows has. */
@NullMarked
package dev.osprocess.windows;

import org.jspecify.annotations.NullMarked;
