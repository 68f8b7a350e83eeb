// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provider of the Windows backend. Its constructor touches nothing; the first probe does, once, and on Windows alone. */
public final class WindowsBackend implements ProcessBackend {
    static final String NAME = "windows";
    private static final int NATIVE_ORDER = 100;

    private volatile @Nullable WindowsProbe probe;
    private volatile @Nullable WindowsStarter starter;

    /** For ServiceLoader. */
    public WindowsBackend() {}

    /** Over a seam of a test's own. */
    WindowsBackend(WindowsProbe probe) {
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

    private WindowsProbe probed() {
        WindowsProbe known = probe;
        return known != null ? known : probeOnce();
    }

    private synchronized WindowsProbe probeOnce() {
        WindowsProbe known = probe;
        if (known == null) {
            known = WindowsProbe.run();
            probe = known;
        }
        return known;
    }

    private WindowsSyscalls calls() {
        return probed().calls();
    }

    @Override
    public String handleKind() {
        return "HANDLE";
    }

    /**
     * Not: signals other than KILL (SIG-11), raw bytes (text is UTF-16 here), duplicate variables (names are unique), and
     * descriptors, which Windows does not have (ADR 0013).
     */
    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.HANDLE,
                Capability.CHILDREN,
                Capability.EXACT_CAUSE,
                Capability.RESOURCE_USAGE,
                Capability.ARGV0,
                Capability.CLOSED_FILES,
                Capability.FOREIGN_EXIT_EVENT);
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        WindowsStarter made = starter;
        return (made != null ? made : starterOnce()).start(request);
    }

    private synchronized WindowsStarter starterOnce() {
        WindowsStarter made = starter;
        if (made == null) {
            made = new WindowsStarter(calls());
            starter = made;
        }
        return made;
    }

    @Override
    public Target open(long pid) throws ProcessException {
        return new WindowsOpener(calls()).open(pid);
    }

    @Override
    public Set<Long> childrenOf(long pid) throws ProcessException {
        return new Descendants(calls()).childrenOf(pid);
    }

    @Override
    public long currentPid() {
        return calls().currentProcessId();
    }

    /** The number of the process that created this one; Windows keeps it after that has ended. */
    @Override
    public long parentPid() {
        return calls().parentOf(WindowsAbi.CURRENT_PROCESS);
    }

    @Override
    public ExitEvents exitEvents() {
        return new ThreadPoolExitEvents(calls());
    }
}
