// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.reuse;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The main program of {@link PidReuseTest}: runs as the first process of a pid namespace of its own, where it can say
 * which number comes next. Each round starts a victim, opens it a second time by number, reaps it, starts a newcomer with
 * the same number, and lets four threads signal, kill and wait through every object of the victim. Then the newcomer must
 * be untouched.
 */
public final class PidReuseRounds {
    private static final int THREADS = 4;
    private static final int CALLS_PER_ROUND = 12;
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");

    /** Two starts within one clock tick cannot be told apart by their start time alone. */
    private static final long TWO_TICKS_NANOS = 25_000_000;

    private final ProcessMode mode;
    private final CyclicBarrier begin = new CyclicBarrier(THREADS + 1);
    private final CyclicBarrier end = new CyclicBarrier(THREADS + 1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong calls = new AtomicLong();
    private volatile List<OsProcess> victims = List.of();

    private PidReuseRounds(ProcessMode mode) {
        this.mode = mode;
    }

    /** Arguments: the mode that processes must be held in, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        PidReuseRounds rounds = new PidReuseRounds(ProcessMode.valueOf(args[0]));
        int reused = rounds.run(Integer.parseInt(args[1]));
        System.out.println("rounds with a recycled pid: " + reused + ", calls on old objects: " + rounds.calls.get());
    }

    private int run(int wanted) throws Exception {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::hammer, "hammer-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        round(); // starts the threads of the library, which take numbers of their own
        int reused = 0;
        for (int tries = 0; reused < wanted; tries++) {
            if (tries > wanted * 3) {
                throw new AssertionError("only " + reused + " numbers were recycled in " + tries + " tries");
            }
            if (round()) {
                reused++;
            }
            Throwable failed = failure.get();
            if (failed != null) {
                throw new AssertionError("a call on an old object failed in round " + reused, failed);
            }
        }
        return reused;
    }

    private boolean round() throws Exception {
        OsProcess victim = sleeper();
        check(victim.mode() == mode, "held by " + victim.mode());
        long startedAt = System.nanoTime();
        ProcessIdentity identity = victim.identity();
        OsProcess found = OsProcess.find(victim.pid());
        OsProcess waited = OsProcess.find(victim.pid());
        check(found.status() == ProcessStatus.OK && waited.status() == ProcessStatus.OK, "a live process is found");
        check(victim.kill(), "a live child is killed");
        ProcessState state = victim.waitFor();
        check(state.signal().equals(java.util.Optional.of(Signal.KILL)), "ended by " + state);
        while (System.nanoTime() - startedAt < TWO_TICKS_NANOS && mode == ProcessMode.PID) {
            Thread.onSpinWait();
        }
        try (OsProcess newcomer = withNumber(victim.pid())) {
            boolean recycled = newcomer.pid() == victim.pid();
            victims = List.of(victim, found, waited);
            begin.await();
            end.await();
            check(hasEnded(victim) && hasEnded(found) && hasEnded(waited), "an old object waits for the newcomer");
            if (recycled) {
                check(newcomer.liveness() == Liveness.RUNNING, "the newcomer is " + newcomer.liveness());
                check(newcomer.waitFor(Duration.ZERO).isEmpty(), "the newcomer has ended");
                check(!identity.denotesSameProcess(newcomer.identity()), "two processes with the identity " + identity);
                check(OsProcess.find(identity).status() == ProcessStatus.DONE, "an old identity finds somebody");
            }
            check(newcomer.kill(), "the newcomer was gone");
            check(newcomer.waitFor().killRequested(), "the newcomer's state was taken");
            found.close();
            waited.close();
            return recycled;
        }
    }

    /** While the newcomer lives: who waits for it in place of its own process sees no end. */
    private static boolean hasEnded(OsProcess old) throws Exception {
        return old.waitFor(Duration.ofSeconds(5)).isPresent() && old.status() == ProcessStatus.DONE;
    }

    private static OsProcess withNumber(long pid) throws IOException {
        Files.writeString(LAST_PID, Long.toString(pid - 1));
        return sleeper();
    }

    private static OsProcess sleeper() throws ProcessException {
        return OsProcess.start("/bin/sleep", List.of("sleep", "1000"));
    }

    private void hammer() {
        try {
            while (true) {
                begin.await();
                try {
                    List<OsProcess> old = new ArrayList<>(victims);
                    for (int i = 0; i < CALLS_PER_ROUND; i++) {
                        use(old.get(i % old.size()), i);
                        calls.incrementAndGet();
                    }
                } catch (Throwable failed) {
                    failure.compareAndSet(null, failed);
                }
                end.await();
            }
        } catch (InterruptedException | java.util.concurrent.BrokenBarrierException over) {
            failure.compareAndSet(null, over);
        }
    }

    private static void use(OsProcess old, int call) throws Exception {
        switch (call % 4) {
            case 0 -> check(!old.kill(), "kill of an old object hit somebody");
            case 1 -> refused(old, Signal.TERM);
            case 2 -> refused(old, Signal.of(0));
            default -> {
                ProcessState state = old.waitFor(Duration.ZERO).orElse(null);
                check(state == null || !state.exited(), "an old object saw an exit that was not its own: " + state);
            }
        }
    }

    private static void refused(OsProcess old, Signal signal) throws ProcessException {
        try {
            old.signal(signal);
        } catch (ProcessDoneException finished) {
            return;
        }
        throw new AssertionError("a signal on an old object hit somebody");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
