// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries the end of a process to one {@code onExit()} future, never on the thread that saw it (WAIT-27): first to the
 * dispatcher, and from there to the executor that the caller gave, if one was. So neither the callbacks nor the
 * executor of the user, whatever it does, can stop the watcher. An executor that fails is replaced by the dispatcher.
 *
 * <p>However the future completes, by us or by its user, it gives up its interest in the watch.
 */
final class ExitNotice implements BiConsumer<@Nullable ProcessState, @Nullable Throwable>, Runnable {
    private final Termination process;
    private final ExitWatch watch;
    private final CompletableFuture<ProcessState> future;
    private final ExitDispatcher dispatcher;
    private @Nullable Executor executor;
    private @Nullable ProcessState state;
    private @Nullable Throwable failure;

    ExitNotice(
            Termination process,
            ExitWatch watch,
            CompletableFuture<ProcessState> future,
            @Nullable Executor executor,
            ExitDispatcher dispatcher) {
        this.process = process;
        this.watch = watch;
        this.future = future;
        this.executor = executor;
        this.dispatcher = dispatcher;
    }

    /** Watches over the future from now on. */
    void attach() {
        var unused = future.whenComplete(this);
    }

    /** The future is complete: nobody else is affected (WAIT-28). */
    @Override
    public void accept(@Nullable ProcessState ended, @Nullable Throwable failed) {
        watch.forget(this);
        process.leave(watch);
    }

    /** The end is known: hands it to the dispatcher. */
    void deliver(CompletableFuture<ProcessState> ended) {
        try {
            state = ended.get();
        } catch (ExecutionException failed) {
            failure = failed.getCause();
        } catch (InterruptedException impossible) {
            throw new AssertionError("internal error: waited for a future that is complete", impossible);
        }
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
