// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.NativeHandle;

/** A handle of a {@link ScriptedKernel}. It knows whether it is open, which no real one can tell. */
public final class ScriptedHandle implements NativeHandle {
    private final long value;
    private final ScriptedProcess process;
    private volatile boolean open = true;

    ScriptedHandle(long value, ScriptedProcess process) {
        this.value = value;
        this.process = process;
    }

    @Override
    public String kind() {
        return "scripted";
    }

    @Override
    public long value() {
        return value;
    }

    /** The process that it names, for ever. */
    public ScriptedProcess process() {
        return process;
    }

    /** Whether it is open now. */
    public boolean isOpen() {
        return open;
    }

    void closed() {
        open = false;
    }

    @Override
    public String toString() {
        return "scripted handle " + value + " of " + process + (open ? "" : ", closed");
    }
}
