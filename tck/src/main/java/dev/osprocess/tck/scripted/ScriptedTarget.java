// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.scripted;

import dev.osprocess.Liveness;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One hold of a {@link ScriptedProcess}. It notes a violation wherever the engine breaks a promise of the SPI. */
final class ScriptedTarget implements Target {
    private final ScriptedKernel kernel;
    private final Script script;
    private final ScriptedProcess process;
    private final Strategy strategy;
    private final boolean reaps;
    private final @Nullable ScriptedHandle handle;

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private final AtomicInteger callsInside = new AtomicInteger();
    private final AtomicInteger registrations = new AtomicInteger();

    ScriptedTarget(
            ScriptedKernel kernel,
            ScriptedProcess process,
            Strategy strategy,
            boolean reaps,
            @Nullable ScriptedHandle handle) {
        this.kernel = kernel;
        this.script = kernel.script();
        this.process = process;
        this.strategy = strategy;
        this.reaps = reaps;
        this.handle = handle;
        kernel.counters().openHandles.increment();
    }

    ScriptedProcess process() {
        return process;
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Events for it were asked for, or given back. */
    void registered(int change) {
        registrations.addAndGet(change);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Strategy strategy() {
        return strategy;
    }

    @Override
    public @Nullable NativeHandle handle() {
        return handle;
    }

    // ---- collecting

    @Override
    public @Nullable ProcessState collect() throws ProcessException {
        enter("collect");
        boolean alone = collecting.compareAndSet(false, true);
        if (!alone) {
            script.violation("collect runs twice at the same time for " + process);
        }
        try {
            kernel.counters().collectCalls.increment();
            script.at(Point.BEFORE_COLLECT, pid());
            script.mayFail(Call.COLLECT);
            return reaps ? reap() : peek();
        } finally {
            if (alone) {
                collecting.set(false);
            }
            leave();
        }
    }

    private @Nullable ProcessState reap() throws ProcessException {
        checkNobodyUsesTheNumber();
        if (process.isStolen()) {
            throw ScriptedErrors.noChild(pid());
        }
        if (!process.isVisiblyEnded()) {
            return null;
        }
        script.at(Point.BEFORE_REAP, pid());
        checkNobodyUsesTheNumber();
        if (strategy == Strategy.PID && kernel.bearerOf(pid()) != process && !process.isStolen()) {
            script.violation(
                    "collect by number " + pid() + " meets " + kernel.bearerOf(pid()) + " in place of " + process);
        }
        if (!process.reaped(false)) {
            if (process.isStolen()) {
                throw ScriptedErrors.noChild(pid());
            }
            script.violation(process + " is reaped twice");
        }
        kernel.counters().reapCalls.increment();
        kernel.freeNumber(process);
        script.at(Point.AFTER_REAP, pid());
        return process.endState();
    }

    /** By number, a reap beside any other call would free the number under that call. */
    private void checkNobodyUsesTheNumber() {
        if (strategy == Strategy.PID && process.isUsedByNumber()) {
            script.violation("collect beside a call by number for " + process);
        }
    }

    private @Nullable ProcessState peek() {
        if (!process.isVisiblyEnded()) {
            return null;
        }
        return kernel.tellsStatesOf(process) ? process.endState() : ProcessState.unknown(pid());
    }

    // ---- signalling

    @Override
    public void signal(Signal signal) throws ProcessException {
        enter("signal");
        try {
            if (strategy == Strategy.PID) {
                signalByNumber(signal);
            } else {
                enterKernel(signal);
                if (process.phase() == ScriptedProcess.Phase.GONE) {
                    throw ScriptedErrors.noSuchProcess("signal", pid());
                }
                kernel.deliver(process, signal);
            }
            script.at(Point.AFTER_SIGNAL_SYSCALL, pid());
        } finally {
            leave();
        }
    }

    private void signalByNumber(Signal signal) throws ProcessException {
        guard("signal");
        process.byNumber(+1);
        try {
            enterKernel(signal);
            kernel.counters().signalsByNumber.increment();
            ScriptedProcess bearer = kernel.bearerOf(pid());
            if (bearer == null) {
                throw ScriptedErrors.noSuchProcess("signal", pid());
            }
            if (bearer != process) {
                script.violation("a signal for " + process + " hits the newcomer " + bearer);
            }
            kernel.deliver(bearer, signal);
        } finally {
            process.byNumber(-1);
        }
    }

    private void enterKernel(Signal signal) throws ProcessException {
        script.at(Point.BEFORE_SIGNAL_SYSCALL, pid());
        kernel.counters().signalCalls.increment();
        script.mayFail(Call.SIGNAL);
        ScriptedErrors.refuseUnknown(signal, pid());
    }

    // ---- stops

    @Override
    public @Nullable Signal takeStop() throws ProcessException {
        return looking("takeStop", process::takeStop);
    }

    @Override
    public boolean takeContinue() throws ProcessException {
        return looking("takeContinue", process::takeContinue);
    }

    private <R> R looking(String call, Supplier<R> look) throws ProcessException {
        enter(call);
        process.byNumber(strategy == Strategy.PID ? +1 : 0);
        try {
            script.mayFail(Call.TAKE_REPORT);
            if (!reaps) {
                script.violation(call + " of " + process + ", which is nobody's child here");
            }
            checkBearer(call);
            return look.get();
        } finally {
            process.byNumber(strategy == Strategy.PID ? -1 : 0);
            leave();
        }
    }

    // ---- asking

    @Override
    public Liveness liveness() throws ProcessException {
        enter("liveness");
        try {
            process.byNumber(strategy == Strategy.PID ? +1 : 0);
            try {
                script.at(Point.BEFORE_LIVENESS, pid());
                script.mayFail(Call.LIVENESS);
                checkBearer("liveness");
                return switch (process.phase()) {
                    case RUNNING, STOPPED -> Liveness.RUNNING;
                    case ZOMBIE -> Liveness.EXITED;
                    case GONE -> Liveness.GONE;
                };
            } finally {
                process.byNumber(strategy == Strategy.PID ? -1 : 0);
            }
        } finally {
            leave();
        }
    }

    @Override
    public ProcessIdentity identity() throws ProcessException {
        enter("identity");
        try {
            process.byNumber(strategy == Strategy.PID ? +1 : 0);
            try {
                script.at(Point.BEFORE_IDENTITY, pid());
                script.mayFail(Call.IDENTITY);
                checkBearer("identity");
                if (process.phase() == ScriptedProcess.Phase.GONE) {
                    throw ScriptedErrors.noSuchProcess("identity", pid());
                }
                return identityOf(process);
            } finally {
                process.byNumber(strategy == Strategy.PID ? -1 : 0);
            }
        } finally {
            leave();
        }
    }

    static ProcessIdentity identityOf(ScriptedProcess process) {
        return ProcessIdentity.of("scripted", process.pid(), Map.of("serial", Long.toString(process.serial())));
    }

    /** Who reads by number what the owner of a child reads may meet a stranger only if the number was not pinned. */
    private void checkBearer(String call) {
        ScriptedProcess bearer = kernel.bearerOf(pid());
        if (strategy == Strategy.PID && reaps && bearer != null && bearer != process) {
            script.violation(call + " of " + process + " reads the newcomer " + bearer);
        }
    }

    /** What backends do for processes that they found by number: compare the start time, a moment before the call. */
    private void guard(String call) throws ProcessException {
        if (!reaps && kernel.guardsNumbers() && kernel.bearerOf(pid()) != process) {
            throw ScriptedErrors.noSuchProcess(call, pid());
        }
    }

    // ---- closing

    @Override
    public void close() {
        script.at(Point.BEFORE_HANDLE_CLOSE, pid());
        if (!closed.compareAndSet(false, true)) {
            script.violation("the hold of " + process + " is closed twice");
            return;
        }
        if (callsInside.get() != 0) {
            script.violation("the hold of " + process + " is closed while " + callsInside + " calls are inside");
        }
        if (registrations.get() != 0) {
            script.violation("the hold of " + process + " is closed before its events were removed");
        }
        if (handle != null) {
            handle.closed();
        }
        kernel.counters().closeCalls.increment();
        kernel.counters().openHandles.decrement();
        script.at(Point.AFTER_HANDLE_CLOSE, pid());
        script.mayFailUnchecked(Call.CLOSE);
    }

    private void enter(String call) {
        callsInside.incrementAndGet();
        if (closed.get()) {
            script.violation(call + " on the closed hold of " + process);
        }
    }

    private void leave() {
        callsInside.decrementAndGet();
    }

    @Override
    public String toString() {
        return strategy + " hold of " + process;
    }
}
