// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process that is held by its number. The start time, taken when we got hold of it, is compared before each use; that
 * narrows the race with a recycled number and does not close it (ID-13).
 */
class ExampleTarget implements Target {
    private final ProcTable processes;
    private final KillCommand kill;
    private final long pid;
    private final long startTicks;

    ExampleTarget(ProcTable processes, KillCommand kill, long pid, ProcTable.@Nullable Entry found) {
        this.processes = processes;
        this.kill = kill;
        this.pid = pid;
        this.startTicks = found == null ? -1 : found.startTicks();
    }

    /** What /proc says of it now; null if it is gone, or the number is somebody else's. */
    final ProcTable.@Nullable Entry entry() {
        ProcTable.Entry now = processes.of(pid);
        return now != null && (startTicks < 0 || now.startTicks() == startTicks) ? now : null;
    }

    @Override
    public final long pid() {
        return pid;
    }

    @Override
    public final Strategy strategy() {
        return Strategy.FOREIGN_REAPER;
    }

    @Override
    public final @Nullable NativeHandle handle() {
        return null;
    }

    @Override
    public @Nullable ProcessState collect() {
        ProcTable.Entry now = entry();
        return now == null || now.isZombie() ? ProcessState.unknown(pid) : null;
    }

    @Override
    public void signal(Signal signal) throws ProcessException {
        if (entry() == null) {
            throw done("kill");
        }
        if (!kill.send(signal, pid)) {
            if (entry() == null) {
                throw done("kill");
            }
            throw ProcessException.builder(ErrorKind.PERMISSION, "kill")
                    .pid(pid)
                    .nativeError("EPERM", 1)
                    .build();
        }
    }

    @Override
    public Liveness liveness() {
        ProcTable.Entry now = entry();
        if (now == null) {
            return Liveness.GONE;
        }
        return now.isZombie() ? Liveness.EXITED : Liveness.RUNNING;
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        ProcTable.Entry now = entry();
        if (now == null) {
            throw done("identity");
        }
        return ProcessIdentity.of(ExampleBackend.NAME, pid, Map.of("start", Long.toString(now.startTicks())));
    }

    @Override
    public void close() {
        // a number needs no giving back
    }

    final ProcessException done(String operation) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, operation)
                .pid(pid)
                .detail("the process has finished already")
                .build();
    }
}
