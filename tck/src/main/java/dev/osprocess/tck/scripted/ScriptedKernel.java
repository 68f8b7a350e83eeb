// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.raw.WaitMessage;
import dev.osprocess.raw.WaitOption;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kernel in memory: a table of processes that start, end and change hands when a test says so. It serves the real
 * engine as a backend does, so that races can be played move by move: a {@link Pause} stops a thread at a
 * {@link Point}, a test looks around and lets it go.
 *
 * <p>It notes a violation for whatever no engine may do: a call on a closed hold, a close before the events were given
 * back, two closes, two collectors, a reap beside a signal by number, a signal that hits a newcomer, a number that is no
 * number. {@link #assertNoViolations()} belongs at the end of every test.
 *
 * <p>All methods may be called from any threads.
 */
public final class ScriptedKernel implements ProcessBackend {
    /** The pid of the JVM itself. */
    public static final long SELF = 99;

    /** The pid of its parent. */
    public static final long PARENT = 98;

    private static final long STOP_STATUS = 0x137F;
    private static final long CONTINUED_STATUS = 0xFFFF;

    private final Strategy strategy;
    private final Set<Capability> capabilities;
    private final Script script = new Script();
    private final Counters counters = new Counters();
    private final ScriptedEvents events = new ScriptedEvents(this);
    private final ProcessTable table = new ProcessTable();

    private volatile boolean hasEvents = true;
    private volatile boolean opensByNumber;
    private volatile boolean tellsForeignStates = true;
    private volatile boolean guardsNumbers = true;
    private volatile @Nullable StartRequest lastRequest;

    /** A kernel that holds its processes like this and can do all that fits. */
    public ScriptedKernel(Strategy strategy) {
        this(strategy, fitting(strategy));
    }

    /** A kernel with exactly these capabilities. */
    public ScriptedKernel(Strategy strategy, Set<Capability> capabilities) {
        this.strategy = strategy;
        this.capabilities = Set.copyOf(capabilities);
        table.plant(SELF, false);
        table.plant(PARENT, false);
    }

    private static Set<Capability> fitting(Strategy strategy) {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        if (strategy != Strategy.HANDLE) {
            all.remove(Capability.HANDLE);
        }
        if (strategy == Strategy.FOREIGN_REAPER) {
            all.remove(Capability.REAP);
            all.remove(Capability.STOP_REPORTS);
            all.remove(Capability.WAIT_BY_NUMBER);
        }
        return all;
    }

    // ---- what a test prepares

    /** Stops the next thread that comes to this point. */
    public Pause pauseAt(Point point) {
        return script.add(new Pause(point));
    }

    /** Stops the next thread that comes to this point for this process. */
    public Pause pauseAt(Point point, long pid) {
        return script.add(new Pause(point, pid));
    }

    /**
     * Fails one call: the next one that is not failed already.
     *
     * @param failure a {@link ProcessException}, a RuntimeException or an Error
     */
    public void failNext(Call call, Throwable failure) {
        script.failNext(call, failure);
    }

    /** From now on there are no events: every process must be looked at by deadline. */
    public ScriptedKernel withoutEvents() {
        hasEvents = false;
        return this;
    }

    /** From now on a process that is opened is held by its number, as when handles are used up (ID-06). */
    public ScriptedKernel openingByNumber() {
        opensByNumber = true;
        return this;
    }

    /** From now on the start time of a process that was found by its number is not compared before a call (ID-13). */
    public ScriptedKernel withoutGuards() {
        guardsNumbers = false;
        return this;
    }

    /** From now on how a process ended that is not our child is not told (D17). */
    public ScriptedKernel hidingForeignStates() {
        tellsForeignStates = false;
        return this;
    }

    /** From now on waiting for events fails, for ever; asking for them still seems to work. */
    public void breakEvents() {
        events.breakForGood();
    }

    /** The next child gets this number, which must be free. */
    public void nextPid(long pid) {
        table.nextPid(pid);
    }

    /** From now on every point that a thread comes to is written down. */
    public void keepJournal() {
        script.keepJournal();
    }

    // ---- what happens in the world

    /** Somebody else starts a process. */
    public ScriptedProcess startForeign() {
        return table.plant(table.freshPid(), false);
    }

    /** Somebody else starts a process, which gets this number at once; the number must be free. */
    public ScriptedProcess reuse(long pid) {
        return table.plant(pid, false);
    }

    /** The bearer of this number exits with this code; false if it had ended. */
    public boolean exit(long pid, long code) {
        return end(
                table.living(pid),
                ProcessState.exited(pid, code).withRawStatus(code << 8).withUsage(USAGE));
    }

    /** The bearer of this number exits, and the event comes before the truth: so many looks still see it run (WAIT-33). */
    public boolean exitUnseen(long pid, long code, int looks) {
        table.living(pid).looksTooEarly(looks);
        return exit(pid, code);
    }

    /** A signal that we did not send ends the bearer of this number; false if it had ended. */
    public boolean die(long pid, Signal signal) {
        return end(table.living(pid), ProcessState.signaled(pid, signal, false).withUsage(USAGE));
    }

    /** The bearer of this number stops, and events say that something happened to it. */
    public void stop(long pid) {
        table.living(pid).stopped(true);
        events.announce(table.living(pid));
    }

    /** The bearer of this number goes on, and events say that something happened to it. */
    public void resume(long pid) {
        table.living(pid).stopped(false);
        events.announce(table.living(pid));
    }

    /**
     * Somebody else reaps the zombie of this number, which is free from now on: another library that waits for any child,
     * or the parent of a foreign process.
     */
    public void steal(long pid) {
        ScriptedProcess process = table.living(pid);
        if (!process.reaped(true)) {
            throw new IllegalStateException(process + " is no zombie: nobody can reap it");
        }
        freeNumber(process);
    }

    /** The bearer of this number exits with 0, if there is one and it lives. */
    public void endIfAlive(long pid) {
        ScriptedProcess process = table.bearerOf(pid);
        if (process != null) {
            end(process, ProcessState.exited(pid, 0).withUsage(USAGE));
        }
    }

    /** The zombie of this process goes, if there is one, as when its parent ends. */
    public void bury(ScriptedProcess process) {
        if (process.reaped(true)) {
            freeNumber(process);
        }
    }

    /** An exit event comes for the bearer of this number, whether it has ended or not. */
    public void announce(long pid) {
        events.announce(table.living(pid));
    }

    /** An exit event comes for this key, whether anybody asked for it or not (WAIT-34). */
    public void announceKey(long key) {
        events.announceKey(key);
    }

    // ---- what a test looks at

    /** The bearer of this number. */
    public ScriptedProcess process(long pid) {
        return table.living(pid);
    }

    /** The bearer of this number, or null if the number is free. */
    public @Nullable ScriptedProcess bearerOf(long pid) {
        return table.bearerOf(pid);
    }

    /** The identity that this process has. */
    public static ProcessIdentity identityOf(ScriptedProcess process) {
        return ScriptedTarget.identityOf(process);
    }

    /** The keys under which the bearer of this number is watched. */
    public List<Long> keysOf(long pid) {
        return events.keysOf(table.living(pid));
    }

    /** How often what was done. */
    public Counters counters() {
        return counters;
    }

    /** How many registrations for events there are now. */
    public int registrations() {
        return events.registrations();
    }

    /** Whether the events were closed. */
    public boolean areEventsClosed() {
        return events.isClosed();
    }

    /** The points that threads came to since {@link #keepJournal()}, in order. */
    public List<Step> journal() {
        return script.journal();
    }

    /** What the last start was asked for; null if there was none. */
    public @Nullable StartRequest lastRequest() {
        return lastRequest;
    }

    /** What was done to this kernel that no engine may do. */
    public List<String> violations() {
        return script.violations();
    }

    /** Fails with all violations, if there are any. */
    public void assertNoViolations() {
        List<String> all = script.violations();
        if (!all.isEmpty()) {
            throw new AssertionError("the kernel was misused: " + String.join("; ", all));
        }
    }

    /** Fails if a hold is open or an event is registered. */
    public void assertNothingOpen() {
        if (counters.openHandles() != 0 || events.registrations() != 0) {
            throw new AssertionError("left open: " + counters + "; registrations " + events.registrations());
        }
    }

    // ---- the backend

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Availability probe() {
        return Availability.available();
    }

    @Override
    public String handleKind() {
        return strategy == Strategy.HANDLE ? "scripted" : "pid";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Target start(StartRequest request) throws ProcessException {
        lastRequest = request;
        script.at(Point.BEFORE_SPAWN, 0);
        script.mayFail(Call.SPAWN);
        if (request.system() != null) {
            throw new UnsupportedFeatureException(
                    "the attributes of the backend '" + request.system().backend() + "'", name(), "use none");
        }
        ScriptedProcess child = table.plant(table.nextPid(), true);
        counters.spawnCalls.increment();
        script.at(Point.AFTER_SPAWN, child.pid());
        return hold(child, strategy, strategy != Strategy.FOREIGN_REAPER);
    }

    @Override
    public Target open(long pid) throws ProcessException {
        if (pid <= 0) {
            script.violation("the pid " + pid + " reaches the kernel");
        }
        script.at(Point.BEFORE_OPEN, pid);
        script.mayFail(Call.OPEN);
        counters.openCalls.increment();
        ScriptedProcess process = table.bearerOf(pid);
        if (process == null) {
            throw ScriptedErrors.noSuchProcess("open", pid);
        }
        Target opened = hold(process, opensByNumber ? Strategy.PID : strategy, false);
        script.at(Point.AFTER_OPEN, pid);
        return opened;
    }

    /** For any child where the number is not a child's own: this kernel knows no groups. */
    @Override
    public @Nullable WaitMessage waitByNumber(long pid, Set<WaitOption> options) throws ProcessException {
        script.at(Point.BEFORE_WAIT_BY_NUMBER, pid);
        script.mayFail(Call.WAIT_BY_NUMBER);
        List<ScriptedProcess> children = table.children(pid);
        if (children.isEmpty()) {
            throw ScriptedErrors.noChild(pid);
        }
        for (ScriptedProcess child : children) {
            ProcessState ended = child.endState();
            if (ended != null && child.reaped(false)) {
                counters.reapCalls.increment();
                freeNumber(child);
                WaitMessage message = WaitMessage.ended(ended);
                return options.contains(WaitOption.RUSAGE) ? message.withUsage(USAGE) : message;
            }
            Signal stop = options.contains(WaitOption.STOPPED) ? child.takeStop() : null;
            if (stop != null) {
                return WaitMessage.stopped(child.pid(), stop, STOP_STATUS);
            }
            if (options.contains(WaitOption.CONTINUED) && child.takeContinue()) {
                return WaitMessage.continued(child.pid(), CONTINUED_STATUS);
            }
        }
        return null;
    }

    private Target hold(ScriptedProcess process, Strategy by, boolean reaps) {
        ScriptedHandle handle = by == Strategy.HANDLE ? new ScriptedHandle(process.serial(), process) : null;
        return new ScriptedTarget(this, process, by, reaps, handle);
    }

    @Override
    public long currentPid() {
        return SELF;
    }

    @Override
    public long parentPid() {
        return PARENT;
    }

    @Override
    public ExitEvents exitEvents() throws ProcessException {
        script.mayFail(Call.EXIT_EVENTS);
        return events;
    }

    // ---- for its parts

    private static final ResourceUsage USAGE = ResourceUsage.builder(Duration.ofMillis(3), Duration.ofMillis(2))
            .maxRss(1 << 20)
            .build();

    Script script() {
        return script;
    }

    boolean guardsNumbers() {
        return guardsNumbers;
    }

    boolean hasEvents() {
        return hasEvents;
    }

    boolean tellsStatesOf(ScriptedProcess process) {
        return tellsForeignStates || process.isChild();
    }

    void freeNumber(ScriptedProcess process) {
        table.free(process);
    }

    void deliver(ScriptedProcess process, Signal signal) {
        if (process.receive(signal)) {
            end(process, ProcessState.signaled(process.pid(), signal, false).withUsage(USAGE));
        }
    }

    private boolean end(ScriptedProcess process, ProcessState how) {
        boolean reapedAtOnce = strategy == Strategy.FOREIGN_REAPER && process.isChild();
        if (reapedAtOnce) {
            freeNumber(process); // first: whoever sees the end may count on it
        }
        if (!process.end(how, reapedAtOnce)) {
            return false;
        }
        events.announce(process);
        return true;
    }
}
