// SPDX-License-Identifier: Apache-2.0
/**
 * What the backends of Unix systems share and no call of the system is part of: text and environments in bytes, and the
 * parent's ends of pipes. A porter of another Unix takes it as it is; other backends need none of it.
 */
@NullMarked
package dev.osprocess.spi.unix;

import org.jspecify.annotations.NullMarked;
