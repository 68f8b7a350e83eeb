// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that lives as long as the JVM, for children that must not outlive their parent: the system tells them when the
 * <em>thread</em> ends that spawned them (START-38). Made when it is first needed.
 */
final class LastingThread {
    private static final ThreadPoolExecutor THREAD =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LastingThread::thread);

    private LastingThread() {}

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "osprocess-linux-parent-of-children", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    /** Does this there. An interrupt of the caller does not end the waiting, as it does not end a spawn. */
    static int call(Callable<Integer> work) throws ErrnoException {
        FutureTask<Integer> task = new FutureTask<>(work); // takes whatever is thrown, so the thread never ends
        THREAD.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw rethrown(failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ErrnoException rethrown(@Nullable Throwable cause) {
        if (cause instanceof ErrnoException errno) {
            return new ErrnoException(errno.call(), errno.errno());
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new AssertionError("internal error: a spawn failed in an unknown way", cause);
    }
}
