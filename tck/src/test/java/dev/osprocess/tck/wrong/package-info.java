// SPDX-License-Identifier: Apache-2.0
/**
 * Proof that the kit bites: engines and backends that break one rule each, and must fail at that rule. One that survives is
 * a fault of the kit.
 */
@NullMarked
package dev.osprocess.tck.wrong;

import org.jspecify.annotations.NullMarked;
