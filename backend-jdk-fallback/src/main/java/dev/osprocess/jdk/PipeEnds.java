// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ChildFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This process's ends of a child's pipes, by place. */
final class PipeEnds {
    static final PipeEnds NONE = new PipeEnds(new PipeEnd[0]);

    private final @Nullable PipeEnd[] ends;

    private PipeEnds(@Nullable PipeEnd[] ends) {
        this.ends = ends;
    }

    static PipeEnds of(Process child, @Nullable List<ChildFile> files) {
        if (files == null) {
            return NONE;
        }
        @Nullable PipeEnd[] ends = new PipeEnd[files.size()];
        for (int place = 0; place < ends.length; place++) {
            if (files.get(place).isPipe()) {
                ends[place] = switch (place) {
                    case 0 -> PipeEnd.writing(child.getOutputStream());
                    case 1 -> PipeEnd.reading(child.getInputStream());
                    default -> PipeEnd.reading(child.getErrorStream());
                };
            }
        }
        return new PipeEnds(ends);
    }

    @Nullable
    PipeEnd at(int place) {
        return place < 0 || place >= ends.length ? null : ends[place];
    }
}
