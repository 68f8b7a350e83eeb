// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries the end of a process to one {@code onExit()} future, never on the thread that saw it (WAIT-27): first to the
 * dispatcher, and from there to the executor that the caller gave, if one was. So neither the callbacks nor the
 * executor of the user, whatever it does, can stop the watcher. An executor that fails is replaced by the dispatcher.
 */
final class ExitNotice implements BiConsumer<@Nullable ProcessState, @Nullable Throwable>, Runnable {
    private final CompletableFuture<ProcessState> future;
    private final ExitDispatcher dispatcher;
    private @Nullable Executor executor;
    private @Nullable ProcessState state;
    private @Nullable Throwable failure;

    ExitNotice(CompletableFuture<ProcessState> future, @Nullable Executor executor, ExitDispatcher dispatcher) {
        this.future = future;
        this.executor = executor;
        this.dispatcher = dispatcher;
    }

    @Override
    public void accept(@Nullable ProcessState ended, @Nullable Throwable failed) {
        if (future.isDone()) {
            return; // cancelled, or completed by the user: nobody else is affected (WAIT-28)
        }
        state = ended;
        failure = failed;
        dispatcher.execute(this);
    }

    @Override
    public void run() {
        Executor given = executor;
        if (given == null) {
            tell();
            return;
        }
        executor = null; // the next run tells
        try {
            given.execute(this);
        } catch (RuntimeException | Error rejected) {
            tell();
        }
    }

    private void tell() {
        if (failure != null) {
            future.completeExceptionally(
                    failure instanceof ProcessException shared ? shared.forAnotherCaller() : failure);
        } else if (state != null) {
            future.complete(state);
        }
    }
}
