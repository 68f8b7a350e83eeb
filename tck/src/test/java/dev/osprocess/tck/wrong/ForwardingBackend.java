// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.ProcessException;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The Linux backend behind a place where a mistake can be made: a wrong backend overrides one method. */
class ForwardingBackend implements ProcessBackend {
    private static final String PIDFD = "dev.osprocess.linux.pidfd";

    final ProcessBackend real;

    /** Over the real one, as it is chosen here. */
    ForwardingBackend() {
        real = linux();
        real.probe();
    }

    /** Over the real one in pid mode. */
    static ProcessBackend byNumber() {
        String before = System.setProperty(PIDFD, "off");
        try {
            ProcessBackend made = linux();
            made.probe(); // it keeps its answer
            return made;
        } finally {
            if (before == null) {
                System.clearProperty(PIDFD);
            } else {
                System.setProperty(PIDFD, before);
            }
        }
    }

    ForwardingBackend(ProcessBackend real) {
        this.real = real;
    }

    private static ProcessBackend linux() {
        for (ProcessBackend backend : ServiceLoader.load(ProcessBackend.class)) {
            if (backend.name().equals("linux")) {
                return backend;
            }
        }
        throw new AssertionError("the Linux backend is not on the class path");
    }

    /** What a target is seen as; {@code started} is false for one that was opened by number. */
    Target hold(Target held, boolean started) {
        return new ForwardingTarget(held);
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Availability probe() {
        return real.probe();
    }

    @Override
    public String handleKind() {
        return real.handleKind();
    }

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        return hold(real.start(request), true);
    }

    @Override
    public Target open(long pid) throws ProcessException {
        return hold(real.open(pid), false);
    }

    @Override
    public Set<Long> childrenOf(long pid) throws ProcessException {
        return real.childrenOf(pid);
    }

    @Override
    public @Nullable WaitMessage waitByNumber(long pid, Set<WaitOption> options) throws ProcessException {
        return real.waitByNumber(pid, options);
    }

    @Override
    public int order() {
        return real.order();
    }

    @Override
    public Map<String, String> deviations() {
        return real.deviations();
    }

    @Override
    public String whoHas(Capability missing) {
        return real.whoHas(missing);
    }

    @Override
    public long currentPid() {
        return real.currentPid();
    }

    @Override
    public long parentPid() {
        return real.parentPid();
    }

    @Override
    public ExitEvents exitEvents() throws ProcessException {
        return new ForwardingExitEvents(real.exitEvents());
    }
}
