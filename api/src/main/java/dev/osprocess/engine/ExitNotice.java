// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries the end of a process to one {@code onExit()} future, on an executor and never on the thread that saw it
 * (WAIT-27): an executor that rejects, or that runs its task on the calling thread, is replaced by the default one.
 */
final class ExitNotice implements BiConsumer<@Nullable ProcessState, @Nullable Throwable>, Runnable {
    private final CompletableFuture<ProcessState> future;
    private final Executor executor;
    private final ExitDispatcher fallback;
    private @Nullable ProcessState state;
    private @Nullable Throwable failure;
    private @Nullable Thread seenBy;

    ExitNotice(CompletableFuture<ProcessState> future, Executor executor, ExitDispatcher fallback) {
        this.future = future;
        this.executor = executor;
        this.fallback = fallback;
    }

    @Override
    public void accept(@Nullable ProcessState ended, @Nullable Throwable failed) {
        if (future.isDone()) {
            return; // cancelled, or completed by the user: nobody else is affected (WAIT-28)
        }
        state = ended;
        failure = failed;
        seenBy = Thread.currentThread();
        try {
            executor.execute(this);
        } catch (RejectedExecutionException rejected) {
            fallback.execute(this);
        }
    }

    @Override
    public void run() {
        if (Thread.currentThread() == seenBy) {
            fallback.execute(this);
        } else if (failure != null) {
            future.completeExceptionally(
                    failure instanceof ProcessException shared ? shared.forAnotherCaller() : failure);
        } else if (state != null) {
            future.complete(state);
        }
    }
}
