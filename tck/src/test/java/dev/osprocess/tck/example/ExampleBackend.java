// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The provider. Numbers and a foreign reaper: that is the truth of ProcessBuilder and kill(1). */
public final class ExampleBackend implements ProcessBackend {
    static final String NAME = "example";

    private final ProcTable processes = new ProcTable();
    private final KillCommand kill = new KillCommand();
    private final ExampleStarter starter = new ExampleStarter(processes, kill);

    /** For ServiceLoader. */
    public ExampleBackend() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Availability probe() {
        if (processes.of(currentPid()) == null) {
            return Availability.unavailable("/proc/PID/stat cannot be read; mount /proc", null);
        }
        return Files.isExecutable(Path.of("/bin/kill"))
                ? Availability.available()
                : Availability.unavailable("there is no /bin/kill; install procps or util-linux", null);
    }

    @Override
    public String handleKind() {
        return "pid";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.SIGNAL_ANY, Capability.SIGNAL_TERM, Capability.CHILDREN);
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        return starter.start(request);
    }

    @Override
    public Target open(long pid) throws ProcessException {
        ProcTable.Entry found = pid > Integer.MAX_VALUE ? null : processes.of(pid);
        if (found == null || processes.isThread(pid)) {
            throw ProcessException.builder(ErrorKind.ALREADY_DONE, "open")
                    .pid(pid)
                    .detail("no such process")
                    .build();
        }
        return new ExampleTarget(processes, kill, pid, found);
    }

    @Override
    public Set<Long> childrenOf(long pid) throws ProcessException {
        try {
            return processes.childrenOf(pid);
        } catch (IOException failed) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "readdir")
                    .path("/proc")
                    .cause(failed)
                    .build();
        }
    }

    @Override
    public long currentPid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    @Override
    public ExitEvents exitEvents() {
        return new ExampleEvents();
    }
}
