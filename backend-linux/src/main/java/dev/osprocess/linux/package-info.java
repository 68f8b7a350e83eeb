// SPDX-License-Identifier: Apache-2.0
/** What Linux alone offers: the pidfd, and what a Linux child can be given at birth. */
@NullMarked
package dev.osprocess.linux;

import org.jspecify.annotations.NullMarked;
