// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.TextEncoder;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provider of the Linux backend. Its constructor touches nothing; the first probe does, once. */
public final class LinuxBackend implements ProcessBackend {
    static final String NAME = "linux";
    private static final int NATIVE_ORDER = 100;

    private volatile @Nullable LinuxProbe probe;
    private volatile @Nullable LinuxStarter starter;

    /** For ServiceLoader. */
    public LinuxBackend() {}

    /** Over a seam of a test's own. */
    LinuxBackend(LinuxProbe probe) {
        this.probe = probe;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int order() {
        return NATIVE_ORDER;
    }

    @Override
    public Availability probe() {
        return probed().availability();
    }

    private LinuxProbe probed() {
        LinuxProbe known = probe;
        return known != null ? known : probeOnce();
    }

    private synchronized LinuxProbe probeOnce() {
        LinuxProbe known = probe;
        if (known == null) {
            known = LinuxProbe.run();
            probe = known;
        }
        return known;
    }

    private LinuxSystem system() {
        return probed().system();
    }

    @Override
    public String handleKind() {
        return system().pidfds() ? "pidfd" : "pid";
    }

    @Override
    public Set<Capability> capabilities() {
        EnumSet<Capability> all = EnumSet.allOf(Capability.class);
        if (!system().pidfds()) {
            all.remove(Capability.HANDLE);
            all.remove(Capability.FOREIGN_EXIT_EVENT);
        }
        return all;
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        LinuxStarter made = starter;
        return (made != null ? made : starterOnce()).start(request);
    }

    private synchronized LinuxStarter starterOnce() throws ProcessException {
        LinuxStarter made = starter;
        if (made == null) {
            LinuxSystem system = system();
            // asked at each end, so what it needs is loaded now: later there may be nothing to load it with (CONC-14)
            ChildWaits.floor(system.calls());
            made = new LinuxStarter(system, TextEncoder.ofPlatform(), new ChildSignals(system));
            starter = made;
        }
        return made;
    }

    @Override
    public Target open(long pid) throws ProcessException {
        return new LinuxOpener(system()).open(pid);
    }

    @Override
    public Set<Long> childrenOf(long pid) throws ProcessException {
        try {
            return system().proc().childrenOf(pid);
        } catch (IOException failed) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "read")
                    .path("/proc")
                    .detail("the processes of this system cannot be listed: " + failed.getMessage())
                    .cause(failed)
                    .build();
        }
    }

    @Override
    public @Nullable WaitMessage waitByNumber(long pid, Set<WaitOption> options) throws ProcessException {
        return new NumberWait(system().calls(), pid, options).look();
    }

    @Override
    public long currentPid() {
        return system().calls().getpid();
    }

    @Override
    public long parentPid() {
        return system().calls().getppid();
    }

    @Override
    public ExitEvents exitEvents() throws ProcessException {
        String remark = probed().remark();
        if (!remark.isEmpty()) {
            System.getLogger("dev.osprocess").log(System.Logger.Level.WARNING, remark);
        }
        return EpollExitEvents.open(system().calls());
    }
}
