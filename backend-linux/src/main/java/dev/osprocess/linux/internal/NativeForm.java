// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import org.jspecify.annotations.Nullable;

/** Something that is handed to the system again and again, with a place where the binding keeps its native form. */
abstract class NativeForm {
    private volatile @Nullable Object kept;

    /** What the binding kept here; null at first. */
    final @Nullable Object kept() {
        return kept;
    }

    /** Keeps an immutable native form for the next call; of two threads either one's is right. */
    final void keep(Object form) {
        kept = form;
    }
}
