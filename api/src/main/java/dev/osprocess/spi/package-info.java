// SPDX-License-Identifier: Apache-2.0
/**
 * The workshop door: what a backend implements. Porters read docs/porting.md beside this.
 *
 * <p>{@link dev.osprocess.spi.ProcessBackend} is the provider; {@link dev.osprocess.spi.Target} is one process as the
 * system holds it; {@link dev.osprocess.spi.ExitEvents} tells when processes end. A backend knows nothing of the status
 * of an {@code OsProcess}, counts no references and starts no thread: the engine does that, once for all systems. A
 * backend turns every native error into a {@link dev.osprocess.ProcessException}: the engine never sees a number.
 */
@NullMarked
package dev.osprocess.spi;

import org.jspecify.annotations.NullMarked;
