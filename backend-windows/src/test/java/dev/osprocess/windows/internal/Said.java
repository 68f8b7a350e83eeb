// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.Objects;

/** What failures say. */
final class Said {
    private Said() {}

    static String by(Throwable failure) {
        return Objects.requireNonNull(failure.getMessage());
    }
}
