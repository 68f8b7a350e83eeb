// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi.unix;

import java.nio.channels.ByteChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parent's ends of a child's pipes, by their place in the child's table. They are the caller's to close. Immutable. */
public final class ParentEnds {
    /** Of a child without pipes. */
    public static final ParentEnds NONE = new ParentEnds(Map.of());

    private final Map<Integer, ByteChannel> ends;

    /** One end for each place that is a pipe. */
    public ParentEnds(Map<Integer, ByteChannel> ends) {
        this.ends = Map.copyOf(ends);
    }

    /** The end at this place of the child's table; null if there is no pipe. */
    public @Nullable ByteChannel at(int place) {
        return ends.isEmpty() ? null : ends.get(place);
    }
}
