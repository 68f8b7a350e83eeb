// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.spi.unix.TextEncoder;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provider of the backend for the BSDs and macOS. Its constructor touches nothing; the first probe does, once. */
public final class BsdBackend implements ProcessBackend {
    static final String NAME = "bsd";
    private static final int NATIVE_ORDER = 100;

    private volatile @Nullable BsdProbe probe;
    private volatile @Nullable BsdStarter starter;

    /** For ServiceLoader. */
    public BsdBackend() {}

    /** Over a seam of a test's own. */
    BsdBackend(BsdProbe probe) {
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

    private BsdProbe probed() {
        BsdProbe known = probe;
        return known != null ? known : probeOnce();
    }

    private synchronized BsdProbe probeOnce() {
        BsdProbe known = probe;
        if (known == null) {
            known = BsdProbe.run();
            probe = known;
        }
        return known;
    }

    private BsdSystem system() {
        return probed().system();
    }

    @Override
    public String handleKind() {
        return "pid";
    }

    @Override
    public Set<Capability> capabilities() {
        EnumSet<Capability> all = EnumSet.allOf(Capability.class);
        all.remove(Capability.HANDLE);
        all.remove(Capability.CHILDREN);
        all.remove(Capability.STOP_REPORTS);
        all.remove(Capability.WAIT_BY_NUMBER);
        if (!system().kqueue().isEmpty()) {
            all.remove(Capability.FOREIGN_EXIT_EVENT);
        }
        return all;
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        BsdStarter made = starter;
        return (made != null ? made : starterOnce()).start(request);
    }

    private synchronized BsdStarter starterOnce() {
        BsdStarter made = starter;
        if (made == null) {
            made = new BsdStarter(system(), TextEncoder.ofPlatform());
            starter = made;
        }
        return made;
    }

    @Override
    public Target open(long pid) throws ProcessException {
        return new BsdOpener(system()).open(pid);
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
        BsdSystem system = system();
        if (system.kqueue().isEmpty()) {
            return KqueueExitEvents.open(system);
        }
        System.getLogger("dev.osprocess")
                .log(
                        System.Logger.Level.WARNING,
                        "kqueue cannot be used here (" + system.kqueue()
                                + "): every process is looked at every 1 to 50 ms");
        return new PolledExitEvents();
    }
}
