// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.osprocess.tck.scripted.Patience;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.function.Executable;

/** Something that another thread does meanwhile. Its end is awaited for a bounded time. */
final class Task<T> {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final FutureTask<T> work;
    private final Thread thread;

    private Task(Callable<T> call) {
        work = new FutureTask<>(call);
        thread = new Thread(work, "task-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    static <T> Task<T> of(Callable<T> call) {
        return new Task<>(call);
    }

    static Task<Boolean> doing(Executable action) {
        return new Task<>(() -> {
            try {
                action.execute();
                return true;
            } catch (Exception | Error failed) {
                throw failed;
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
        });
    }

    Thread thread() {
        return thread;
    }

    boolean isDone() {
        return work.isDone();
    }

    /** Waits until it is parked. */
    Task<T> parked() {
        Patience.untilParked(thread);
        return this;
    }

    T get() {
        try {
            return work.get(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(thread.getName() + " failed", failed.getCause());
        } catch (TimeoutException late) {
            throw hangs();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    <X extends Throwable> X failure(Class<X> type) {
        try {
            T result = work.get(Patience.SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("expected " + type.getSimpleName() + " and got " + result);
        } catch (ExecutionException failed) {
            return assertInstanceOf(type, failed.getCause());
        } catch (TimeoutException late) {
            throw hangs();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private AssertionError hangs() {
        AssertionError error = new AssertionError(thread.getName() + " hangs; it stands at the place below");
        error.setStackTrace(thread.getStackTrace());
        return error;
    }
}
