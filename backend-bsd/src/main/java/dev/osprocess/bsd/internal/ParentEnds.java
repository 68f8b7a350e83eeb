// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.nio.channels.ByteChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parent's ends of a child's pipes, by their place in the child's table. They are the caller's to close. */
final class ParentEnds {
    static final ParentEnds NONE = new ParentEnds(Map.of());

    private final Map<Integer, ByteChannel> ends;

    ParentEnds(Map<Integer, ByteChannel> ends) {
        this.ends = ends;
    }

    @Nullable
    ByteChannel at(int place) {
        return ends.isEmpty() ? null : ends.get(place);
    }
}
