// SPDX-License-Identifier: Apache-2.0
/**
 * The rules as tests that run against any backend, one class an area of docs/specification.md, and the class that a porter
 * extends: {@link dev.osprocess.tck.contract.BackendContract}.
 */
@NullMarked
package dev.osprocess.tck.contract;

import org.jspecify.annotations.NullMarked;
