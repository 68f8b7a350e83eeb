// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import java.util.concurrent.atomic.LongAdder;

/** How often what was done to a {@link ScriptedKernel}. */
public final class Counters {
    final LongAdder spawnCalls = new LongAdder();
    final LongAdder openCalls = new LongAdder();
    final LongAdder closeCalls = new LongAdder();
    final LongAdder openHandles = new LongAdder();
    final LongAdder collectCalls = new LongAdder();
    final LongAdder reapCalls = new LongAdder();
    final LongAdder signalCalls = new LongAdder();
    final LongAdder signalsByNumber = new LongAdder();
    final LongAdder eventAdds = new LongAdder();
    final LongAdder eventRemoves = new LongAdder();

    Counters() {}

    /** Children that were started. */
    public long spawnCalls() {
        return spawnCalls.sum();
    }

    /** Numbers that were opened. */
    public long openCalls() {
        return openCalls.sum();
    }

    /** Targets that were closed. */
    public long closeCalls() {
        return closeCalls.sum();
    }

    /** Targets that are open now, whatever holds them: a handle or a number. */
    public long openHandles() {
        return openHandles.sum();
    }

    /** How often somebody asked whether a process has ended. */
    public long collectCalls() {
        return collectCalls.sum();
    }

    /** Children that were reaped by us. */
    public long reapCalls() {
        return reapCalls.sum();
    }

    /** Signals that entered the kernel. */
    public long signalCalls() {
        return signalCalls.sum();
    }

    /** Those of them that went by number. */
    public long signalsByNumber() {
        return signalsByNumber.sum();
    }

    /** Events that were asked for and promised. */
    public long eventAdds() {
        return eventAdds.sum();
    }

    /** Events that were given back. */
    public long eventRemoves() {
        return eventRemoves.sum();
    }

    @Override
    public String toString() {
        return "spawned " + spawnCalls + ", opened " + openCalls + ", closed " + closeCalls + ", open now "
                + openHandles
                + ", collects " + collectCalls + ", reaps " + reapCalls + ", signals " + signalCalls + " ("
                + signalsByNumber
                + " by number), events added " + eventAdds + ", removed " + eventRemoves;
    }
}
