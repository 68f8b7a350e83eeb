// SPDX-License-Identifier: Apache-2.0
/** What the BSDs and macOS alone offer: what a child there can be given at birth. */
@NullMarked
package dev.osprocess.bsd;

import org.jspecify.annotations.NullMarked;
