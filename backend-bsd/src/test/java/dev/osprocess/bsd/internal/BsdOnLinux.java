// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.util.Locale;
import java.util.Set;

/**
 * The whole backend on Linux, through the same binding, for {@code OsProcess} in the tests of this module. Functions that
 * {@code dev.osprocess.bsd.hidden} names are taken as missing; in that mode the limit of open files is said to be low, so
 * that marking descriptors one by one is possible at all.
 */
public final class BsdOnLinux implements ProcessBackend {
    static final String HIDDEN_PROPERTY = "dev.osprocess.bsd.hidden";

    /** Behind every backend that is meant for Linux, where both are on a class path. */
    private static final int LAST = 2000;

    private static final long LOW_LIMIT = 4096;

    private final BsdProbe probe;
    private final BsdBackend backend;

    /** For ServiceLoader. */
    public BsdOnLinux() {
        BsdProfile profile = Profiles.linux();
        Set<String> hidden = Set.of(System.getProperty(HIDDEN_PROPERTY, "none").split(","));
        this.probe = isLinux()
                ? BsdProbe.of(profile, seam(profile, hidden))
                : BsdProbe.run("not a BSD", "amd64", unused -> {
                    throw new AssertionError("a binding for another system");
                });
        this.backend = new BsdBackend(probe);
    }

    static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    static BsdSyscalls seam(BsdProfile profile, Set<String> hidden) {
        LinuxSeam seam = new LinuxSeam(profile, hidden);
        return hidden.contains("none")
                ? seam
                : new ForwardingSyscalls(seam) {
                    @Override
                    public long openFilesLimit() throws ErrnoException {
                        return Math.min(LOW_LIMIT, super.openFilesLimit());
                    }
                };
    }

    BsdSystem system() {
        return probe.system();
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public int order() {
        return LAST;
    }

    @Override
    public Availability probe() {
        return backend.probe();
    }

    @Override
    public String handleKind() {
        return backend.handleKind();
    }

    @Override
    public Set<Capability> capabilities() {
        return backend.capabilities();
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        return backend.start(request);
    }

    @Override
    public Target open(long pid) throws ProcessException {
        return backend.open(pid);
    }

    @Override
    public long currentPid() {
        return backend.currentPid();
    }

    @Override
    public long parentPid() {
        return backend.parentPid();
    }

    @Override
    public ExitEvents exitEvents() throws ProcessException {
        return backend.exitEvents();
    }
}
