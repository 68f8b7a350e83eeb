// SPDX-License-Identifier: Apache-2.0
/**
 * The engine room: the life cycle of a process object, written once for every system. It knows status, references, who
 * reaps, and who waits; it never sees a native number. Exported to the kit alone.
 */
@NullMarked
package dev.osprocess.engine;

import org.jspecify.annotations.NullMarked;
