// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ProcessException;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The provider of the JDK fallback: taken last, on any JVM. Its constructor touches nothing. */
public final class JdkBackend implements ProcessBackend {
    static final String NAME = "jdk";

    private static final int LAST = 1000;

    /** From this version on the JDK asks the handle whether a child of Windows has ended, and not its exit code. */
    private static final int JUDGES_BY_HANDLE = 20;

    /** What the JDK does otherwise, and gives no means to mend. */
    private static final Map<String, String> DEVIATIONS = Map.of(
            "START-12", "a name without a directory is refused: the JDK would search PATH for it",
            "START-20", "the JDK opens its ends of the pipes without close-on-exec; its own children get none of them",
            "START-21", "the child's signal mask and dispositions are what the JDK leaves",
            "START-28", "the JDK does not tell too long arguments from other failures, so there is no E2BIG",
            "ERR-03",
                    "operation, path and kind are told, without the system's name and number, which the JDK does not give",
            "ERR-13", "there is no native error to lead to: the JDK gives a text at most",
            "START-29", "the JDK does not tell a busy file from other failures, so it is not tried again",
            "WAIT-31", "the wait does not depend on the pipes, but the JDK drains and closes them when the child ends");

    private static final Map<String, String> DEVIATIONS_ON_WINDOWS = onWindows();

    private final JdkCalls calls;
    private final JdkHost host;

    /** Children of ours that the engine still holds, so that one that is found by number is known again. */
    private final ConcurrentHashMap<Long, ChildTarget> children = new ConcurrentHashMap<>();

    private volatile @Nullable JdkProbe probe;

    /** For ServiceLoader. */
    public JdkBackend() {
        this(new JavaCalls(), JdkHost.of(System.getProperty("os.name", "")));
    }

    /** Over a seam of a test's own, as if on this host. */
    JdkBackend(JdkCalls calls, JdkHost host) {
        this.calls = calls;
        this.host = host;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int order() {
        return LAST;
    }

    @Override
    public Availability probe() {
        return probed().availability();
    }

    private JdkProbe probed() {
        JdkProbe known = probe;
        return known != null ? known : probeOnce();
    }

    private synchronized JdkProbe probeOnce() {
        JdkProbe known = probe;
        if (known == null) {
            known = JdkProbe.run(JdkSystem.over(calls, host));
            probe = known;
        }
        return known;
    }

    private JdkSystem system() {
        return probed().system();
    }

    @Override
    public String handleKind() {
        return "pid";
    }

    @Override
    public Set<Capability> capabilities() {
        return probed().capabilities();
    }

    @Override
    public Map<String, String> deviations() {
        return host.isWindows() ? DEVIATIONS_ON_WINDOWS : DEVIATIONS;
    }

    private static Map<String, String> onWindows() {
        Map<String, String> all = new HashMap<>(DEVIATIONS);
        all.put(
                "START-04",
                "an argument with a quotation mark is refused on Windows: the JDK would not escape it, and the child"
                        + " would read other words");
        if (Runtime.version().feature() < JUDGES_BY_HANDLE) {
            String still = "before version 20 the JDK takes a child of Windows that exited with 259 for one that runs";
            all.put("ID-16", still);
            all.put("WAIT-20", still);
        }
        all.put(
                "START-19",
                "on Windows the JDK has a child inherit every handle that is inheritable, whoever opened it");
        return Map.copyOf(all);
    }

    @Override
    public String whoHas(Capability missing) {
        return system().host().whoHas(missing);
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        ChildTarget child = new JdkStarter(system()).start(request, children);
        children.put(child.pid(), child);
        return child;
    }

    @Override
    public Target open(long pid) throws ProcessException {
        return new JdkOpener(system()).open(pid, children.get(pid));
    }

    @Override
    public long currentPid() {
        return calls.current().pid();
    }

    /** 0 if the JDK sees none, as for the first process of a pid namespace. */
    @Override
    public long parentPid() {
        return calls.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    @Override
    public ExitEvents exitEvents() {
        return new JdkExitEvents();
    }

    /** How many children the engine still holds, for tests. */
    int held() {
        return children.size();
    }
}
