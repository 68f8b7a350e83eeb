// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

/** Where the seam puts the events of one kevent(2) call. Reused; one thread's own. */
final class EventBatch {
    final long[] idents;
    final int[] filters;
    final long[] data;

    EventBatch(int capacity) {
        idents = new long[capacity];
        filters = new int[capacity];
        data = new long[capacity];
    }

    int capacity() {
        return idents.length;
    }
}
