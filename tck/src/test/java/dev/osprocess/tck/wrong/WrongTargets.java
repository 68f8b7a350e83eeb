// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static dev.osprocess.tck.wrong.WrongBackend.holding;
import static dev.osprocess.tck.wrong.WrongBackend.telling;
import static dev.osprocess.tck.wrong.WrongBackend.watching;
import static dev.osprocess.tck.wrong.WrongBackend.watchingByNumber;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.NoChildException;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.Target;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Mistakes in holding, waiting, signalling, finding and letting go. */
final class WrongTargets {
    private static final int KIB = 1024;

    private WrongTargets() {}

    /** The mistake is in the signals. */
    @FunctionalInterface
    private interface Sent {
        void instead(Target real, Signal signal) throws ProcessException;
    }

    private static WrongBackend signalling(String name, String rule, Sent sent) {
        return holding(name, rule, (real, started) -> new ForwardingTarget(real) {
            @Override
            public void signal(Signal signal) throws ProcessException {
                sent.instead(real, signal);
            }
        });
    }

    /** The mistake is in looking for the end of a child. */
    @FunctionalInterface
    private interface Collected {
        @Nullable
        ProcessState instead(Target real) throws ProcessException;
    }

    private static WrongBackend collecting(String name, String rule, Collected collected) {
        return holding(name, rule, (real, started) -> new ForwardingTarget(real) {
            @Override
            public @Nullable ProcessState collect() throws ProcessException {
                return started ? collected.instead(real) : real.collect();
            }
        });
    }

    private static ProcessState copy(ProcessState from, ProcessState to) {
        ProcessState copied = to;
        if (from.usage().isPresent()) {
            copied = copied.withUsage(from.usage().get());
        }
        return from.rawStatus().isPresent()
                ? copied.withRawStatus(from.rawStatus().getAsLong())
                : copied;
    }

    private static ProcessState timed(ProcessState state, Duration user, Duration system, long rss) {
        return state.withUsage(ResourceUsage.builder(user, system).maxRss(rss).build());
    }

    private static char stateOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return 'X';
        }
    }

    static final List<WrongBackend> ALL = List.of(
            // ---- looking for the end
            collecting("looking never returns", "WAIT-12", real -> {
                WrongStarts.never();
                return real.collect();
            }),
            collecting("a running child is said to be nobody's", "WAIT-10", real -> {
                ProcessState state = real.collect();
                if (state == null) {
                    throw ProcessException.builder(ErrorKind.NO_CHILD, "waitid")
                            .pid(real.pid())
                            .nativeError("ECHILD", 10)
                            .build();
                }
                return state;
            }),
            collecting("a stop is taken for an end", "WAIT-09", real -> {
                ProcessState state = real.collect();
                return state == null && stateOf(real.pid()) == 'T' ? ProcessState.exited(real.pid(), 0) : state;
            }),
            collecting("the end is seen and never reaped", "WAIT-02", real -> {
                Target looking = new ForwardingBackend().real.open(real.pid());
                try {
                    return looking.collect();
                } finally {
                    looking.close();
                }
            }),
            collecting("a state that somebody took is an exit with 0", "WAIT-18", real -> {
                try {
                    return real.collect();
                } catch (NoChildException taken) {
                    return ProcessState.exited(real.pid(), 0);
                }
            }),
            telling(
                    "every exit is one with 0",
                    "PS-04",
                    state -> state.exited() ? copy(state, ProcessState.exited(state.pid(), 0)) : state),
            telling(
                    "exit codes are cut to seven bits",
                    "PS-04",
                    state -> state.exited()
                            ? copy(state, ProcessState.exited(state.pid(), state.exitCode() & 0x7f))
                            : state),
            telling(
                    "a death by signal is an exit with 128 and more",
                    "PS-02",
                    state -> state.exited()
                            ? state
                            : copy(
                                    state,
                                    ProcessState.exited(
                                            state.pid(), 128 + state.rawStatus().orElse(9) % 128))),
            telling(
                    "every death by signal dumped core",
                    "PS-06",
                    state -> state.exited()
                            ? state
                            : copy(
                                    state,
                                    ProcessState.signaled(
                                            state.pid(), state.signal().orElse(Signal.KILL), true))),
            telling(
                    "the raw word is the exit code",
                    "PS-11",
                    state -> state.withRawStatus(Math.max(0, state.exitCode()))),
            telling(
                    "memory is told in KiB",
                    "PS-12",
                    state -> state.usage().isEmpty()
                            ? state
                            : timed(
                                    state,
                                    state.usage().get().userTime(),
                                    state.usage().get().systemTime(),
                                    state.usage().get().maxRss().orElse(0) / KIB)),
            telling(
                    "microseconds are taken for milliseconds",
                    "PS-22",
                    state -> state.usage().isEmpty()
                            ? state
                            : timed(
                                    state,
                                    state.usage().get().userTime().multipliedBy(1000),
                                    state.usage().get().systemTime().multipliedBy(1000),
                                    state.usage().get().maxRss().orElse(0))),
            telling(
                    "times that were not read are zero",
                    "PS-10",
                    state -> state.usage().isEmpty()
                            ? state
                            : timed(
                                    state,
                                    Duration.ZERO,
                                    Duration.ZERO,
                                    state.usage().get().maxRss().orElse(0))),
            telling(
                    "a state names another pid",
                    "PS-01",
                    state -> ProcessState.exited(state.pid() + 1, Math.max(0, state.exitCode()))),
            // ---- pipes
            holding("the end is the end of the pipe", "WAIT-01", (real, started) -> new Pumping(real) {
                @Override
                @Nullable
                ProcessState seen(@Nullable ProcessState state, boolean ended) {
                    return state == null && ended ? ProcessState.exited(pid(), 0) : state;
                }
            }),
            holding("the end waits for the end of the pipe", "WAIT-31", (real, started) -> new Pumping(real) {
                @Override
                public @Nullable ProcessState collect() throws ProcessException {
                    return mayCollect() ? real.collect() : null;
                }
            }),
            // ---- events
            holding("each process has a thread", "WAIT-26", (real, started) -> new ForwardingTarget(real) {
                private final CountDownLatch closed = new CountDownLatch(1);

                {
                    Thread thread = new Thread(this::park, "wrong-reaper " + real.pid());
                    thread.setDaemon(true);
                    thread.start();
                }

                private void park() {
                    try {
                        closed.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void close() {
                    closed.countDown();
                    real.close();
                }
            }),
            new WrongBackend(
                    "others' ends are not seen, and it says that it looks for them",
                    "WAIT-25",
                    () -> new ForwardingBackend() {
                        @Override
                        public Set<Capability> capabilities() {
                            Set<Capability> fewer = new HashSet<>(real.capabilities());
                            fewer.remove(Capability.FOREIGN_EXIT_EVENT);
                            return fewer;
                        }

                        @Override
                        Target hold(Target held, boolean started) {
                            return started
                                    ? super.hold(held, true)
                                    : new ForwardingTarget(held) {
                                        @Override
                                        public @Nullable ProcessState collect() {
                                            return null;
                                        }
                                    };
                        }
                    }),
            watching("an event is promised and never comes", "WAIT-13", real -> new ForwardingExitEvents(real) {
                @Override
                public boolean add(long key, Target target) {
                    return true;
                }

                @Override
                public void remove(long key, Target target) {
                    // nothing was added
                }
            }),
            watching(
                    "events are never given back, and a zombie's keeps coming",
                    "WAIT-33",
                    real -> new ForwardingExitEvents(real) {
                        @Override
                        public void remove(long key, Target target) {
                            // the mistake
                        }
                    }),
            watching("events are told by pid", "WAIT-34", WrongTargets::byPid),
            watchingByNumber("a wake-up is ignored", "WAIT-13", real -> new ForwardingExitEvents(real) {
                @Override
                public void wakeup() {
                    // the mistake
                }
            }),
            watchingByNumber("awaiting returns at once", "WAIT-29", real -> new ForwardingExitEvents(real) {
                @Override
                public void await(long nanos, LongConsumer ended) throws ProcessException {
                    real.await(0, ended);
                }
            }),
            // ---- signals
            signalling("signals are swallowed", "SIG-10", (real, signal) -> {}),
            signalling(
                    "KILL is sent as TERM",
                    "SIG-10",
                    (real, signal) -> real.signal(signal.equals(Signal.KILL) ? Signal.TERM : signal)),
            signalling(
                    "INT kills",
                    "SIG-11",
                    (real, signal) -> real.signal(signal.equals(Signal.INT) ? Signal.KILL : signal)),
            signalling(
                    "USR1 and ALRM are exchanged", // not USR2, by which HotSpot stops its threads
                    "SIG-24",
                    (real, signal) -> real.signal(
                            signal.equals(Signal.USR1)
                                    ? Signal.ALRM
                                    : signal.equals(Signal.ALRM) ? Signal.USR1 : signal)),
            signalling(
                    "signal 0 is sent as TERM",
                    "SIG-02",
                    (real, signal) -> real.signal(signal.equals(Signal.of(0)) ? Signal.TERM : signal)),
            signalling("a signal that the system does not know is swallowed", "SIG-07", (real, signal) -> {
                try {
                    real.signal(signal);
                } catch (ProcessDoneException finished) {
                    throw finished;
                } catch (ProcessException failed) {
                    if (failed.kind() != ErrorKind.INVALID) {
                        throw failed;
                    }
                }
            }),
            signalling("'no such process' comes out raw", "SIG-06", (real, signal) -> {
                try {
                    real.signal(signal);
                } catch (ProcessDoneException finished) {
                    throw ProcessException.builder(ErrorKind.SYSTEM, "kill")
                            .pid(real.pid())
                            .nativeError("ESRCH", 3)
                            .build();
                }
            }),
            signalling("every failure of a signal means finished", "STATE-12", (real, signal) -> {
                try {
                    real.signal(signal);
                } catch (ProcessException failed) {
                    throw ProcessException.builder(ErrorKind.ALREADY_DONE, "kill")
                            .pid(real.pid())
                            .build();
                }
            }),
            signalling("a signal to a zombie fails", "SIG-08", (real, signal) -> {
                if (stateOf(real.pid()) == 'Z') {
                    throw ProcessException.builder(ErrorKind.ALREADY_DONE, "kill")
                            .pid(real.pid())
                            .build();
                }
                real.signal(signal);
            }),
            signalling("a kill reaps", "SIG-19", (real, signal) -> {
                real.signal(signal);
                while (signal.equals(Signal.KILL) && real.collect() == null) {
                    Thread.onSpinWait();
                }
            }),
            // ---- asking, finding
            holding("a zombie is said to run", "ID-14", (real, started) -> new ForwardingTarget(real) {
                @Override
                public Liveness liveness() throws ProcessException {
                    Liveness seen = real.liveness();
                    return seen == Liveness.EXITED ? Liveness.RUNNING : seen;
                }
            }),
            holding("a zombie is said to be gone", "ID-14", (real, started) -> new ForwardingTarget(real) {
                @Override
                public Liveness liveness() throws ProcessException {
                    Liveness seen = real.liveness();
                    return seen == Liveness.EXITED ? Liveness.GONE : seen;
                }
            }),
            holding("an identity has no start time", "ID-12", (real, started) -> new ForwardingTarget(real) {
                @Override
                public ProcessIdentity identity() throws ProcessException {
                    return ProcessIdentity.of("linux", real.pid(), Map.of("boot", "1"));
                }
            }),
            holding("an identity that was asked for changes", "ID-12", (real, started) -> new ForwardingTarget(real) {
                @Override
                public ProcessIdentity identity() {
                    return ProcessIdentity.of("linux", real.pid(), Map.of("start", Long.toString(System.nanoTime())));
                }
            }),
            holding("the pid is another one's", "ID-01", (real, started) -> new ForwardingTarget(real) {
                @Override
                public long pid() {
                    return started ? real.pid() + 1 : real.pid();
                }
            }),
            opening("a pid is cut to 32 bits", "ID-09", (real, pid) -> real.open(pid & 0xffff_ffffL)),
            opening("a thread is taken for its process", "ID-15", (real, pid) -> {
                try {
                    return real.open(pid);
                } catch (ProcessDoneException none) {
                    return real.open(leaderOf(pid, none));
                }
            }),
            opening("what cannot be opened is itself", "ID-05", (real, pid) -> {
                try {
                    return real.open(pid);
                } catch (ProcessDoneException none) {
                    return real.open(real.currentPid());
                }
            }),
            opening("every other process is gone", "ID-06", (real, pid) -> {
                if (pid % 2 == 1 && pid != real.currentPid()) {
                    throw ProcessException.builder(ErrorKind.ALREADY_DONE, "pidfd_open")
                            .pid(pid)
                            .build();
                }
                return real.open(pid);
            }),
            new WrongBackend("the parent's pid is constant", "ID-03", () -> new ForwardingBackend() {
                @Override
                public long parentPid() {
                    return 1;
                }
            }),
            new WrongBackend("the pid is a thread's", "ID-03", () -> new ForwardingBackend() {
                @Override
                public long currentPid() {
                    return super.currentPid() + 1;
                }
            }),
            new WrongBackend("a found object reaps its owner's child", "ID-11", Robbing::new),
            new WrongBackend("a found object shares its owner's handle", "ID-11", Sharing::new),
            // ---- lending, letting go
            holding("the handle of another process is lent", "HND-01", (real, started) -> new ForwardingTarget(real) {
                private final @Nullable Target other = parent();

                private @Nullable Target parent() {
                    try {
                        return new ForwardingBackend().real.open(new ForwardingBackend().parentPid());
                    } catch (ProcessException gone) {
                        return null;
                    }
                }

                @Override
                public @Nullable NativeHandle handle() {
                    return other == null ? null : other.handle();
                }

                @Override
                public void close() {
                    if (other != null) {
                        other.close();
                    }
                    real.close();
                }
            }),
            holding("a handle is declared and there is none", "HND-01", (real, started) -> new ForwardingTarget(real) {
                @Override
                public @Nullable NativeHandle handle() {
                    return null;
                }
            }),
            holding("handles are never closed", "STATE-10", (real, started) -> new ForwardingTarget(real) {
                @Override
                public void close() {
                    // the mistake
                }
            }),
            holding(
                    "handles of found processes are never closed",
                    "ID-17",
                    (real, started) -> new ForwardingTarget(real) {
                        @Override
                        public void close() {
                            if (started) {
                                real.close();
                            }
                        }
                    }),
            holding("closing kills", "REL-01", (real, started) -> new ForwardingTarget(real) {
                @Override
                public void close() {
                    try {
                        real.signal(Signal.KILL);
                    } catch (ProcessException gone) {
                        // it has ended: nobody is hurt
                    }
                    real.close();
                }
            }),
            holding("closing waits for the end", "REL-01", (real, started) -> new ForwardingTarget(real) {
                @Override
                public void close() {
                    while (stateOf(real.pid()) != 'Z' && stateOf(real.pid()) != 'X') {
                        Thread.onSpinWait();
                    }
                    real.close();
                }
            }),
            // ---- groups, trees
            holding(
                    "a group's signal reaches the leader alone",
                    "SIG-20",
                    (real, started) -> new ForwardingTarget(real) {
                        @Override
                        public void signalGroup(Signal signal) throws ProcessException {
                            real.signal(signal);
                        }
                    }),
            holding("everybody is said to lead a group", "SIG-20", (real, started) -> new ForwardingTarget(real) {
                @Override
                public boolean leadsGroup() {
                    return true;
                }
            }),
            new WrongBackend("nobody has children", "SIG-21", () -> new ForwardingBackend() {
                @Override
                public Set<Long> childrenOf(long pid) {
                    return Set.of();
                }
            }));

    /** Reads the child's output ahead, and so knows when nobody can write to it any more. */
    private static class Pumping extends ForwardingTarget {
        private final @Nullable Pumped output;

        Pumping(Target real) {
            super(real);
            ByteChannel pipe = real.pipe(1);
            output = pipe == null ? null : new Pumped(pipe);
        }

        /** What is said, given what the system says and whether the pipe has ended. */
        @Nullable
        ProcessState seen(@Nullable ProcessState state, boolean ended) {
            return state;
        }

        boolean mayCollect() {
            return output == null || output.hasEnded();
        }

        @Override
        public @Nullable ProcessState collect() throws ProcessException {
            return seen(real.collect(), output != null && output.hasEnded());
        }

        @Override
        public @Nullable ByteChannel pipe(int place) {
            return place == 1 ? output : real.pipe(place);
        }
    }

    /** The mistake is in opening by number. */
    @FunctionalInterface
    private interface Opened {
        Target instead(dev.osprocess.spi.ProcessBackend real, long pid) throws ProcessException;
    }

    private static WrongBackend opening(String name, String rule, Opened opened) {
        return new WrongBackend(name, rule, () -> new ForwardingBackend() {
            @Override
            public Target open(long pid) throws ProcessException {
                return hold(opened.instead(real, pid), false);
            }
        });
    }

    private static long leaderOf(long thread, ProcessDoneException none) throws ProcessException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + thread + "/status"))) {
                if (line.startsWith("Tgid:")) {
                    return Long.parseLong(line.substring("Tgid:".length()).strip());
                }
            }
        } catch (IOException gone) {
            throw none;
        }
        throw none;
    }

    /** Keys are the engine's; here a pid comes back in their place, and the next bearer of it gets the event. */
    private static ExitEvents byPid(ExitEvents real) {
        return new ForwardingExitEvents(real) {
            private final Map<Long, Long> keys = new ConcurrentHashMap<>();

            @Override
            public boolean add(long key, Target target) throws ProcessException {
                keys.putIfAbsent(target.pid() % 2, key); // so few numbers that they come back at once
                return super.add(target.pid() % 2, target);
            }

            @Override
            public void remove(long key, Target target) {
                super.remove(target.pid() % 2, target);
            }

            @Override
            public void await(long nanos, LongConsumer ended) throws ProcessException {
                super.await(nanos, pid -> ended.accept(keys.getOrDefault(pid, pid)));
            }
        };
    }

    /** Collects by the owner's hold. */
    private static final class Robbing extends ForwardingBackend {
        private final Map<Long, Target> owners = new ConcurrentHashMap<>();

        @Override
        Target hold(Target held, boolean started) {
            if (started) {
                owners.put(held.pid(), held);
                return super.hold(held, true);
            }
            Target owner = owners.get(held.pid());
            return new ForwardingTarget(held) {
                @Override
                public @Nullable ProcessState collect() throws ProcessException {
                    return owner == null ? held.collect() : owner.collect();
                }
            };
        }
    }

    /** Keeps one hold for each process. */
    private static final class Sharing extends ForwardingBackend {
        private final Map<Long, Target> known = new ConcurrentHashMap<>();

        @Override
        Target hold(Target held, boolean started) {
            if (started) {
                known.put(held.pid(), held);
                return super.hold(held, true);
            }
            Target shared = known.get(held.pid());
            if (shared == null) {
                return super.hold(held, false);
            }
            held.close();
            return new ForwardingTarget(shared) {
                @Override
                public void close() {
                    // or the descriptor would be closed twice, and the second time be somebody else's
                }
            };
        }
    }
}
