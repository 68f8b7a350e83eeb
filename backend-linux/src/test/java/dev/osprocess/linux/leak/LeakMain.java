// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.leak;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.engine.Leaks;
import dev.osprocess.linux.ChildJvm;
import dev.osprocess.linux.Orphans;
import dev.osprocess.linux.Surroundings;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The main program of {@link LeakTest}: loses objects, and treats others properly, and says what was counted. */
public final class LeakMain {
    private static final long SOON_SECONDS = 30;

    private LeakMain() {}

    /** A child whose object is gone, and what ends it. */
    private record Lost(long pid, ByteChannel end) {}

    /** No arguments. */
    public static void main(String[] args) throws Exception {
        Lost lost = lose();
        awaitCount(1);
        ChildJvm.say("lost " + lost.pid());
        await(() -> stateOf(lost.pid()).equals("S"));
        ChildJvm.say("it lives on");
        lost.end().close();
        await(() -> stateOf(lost.pid()).isEmpty());
        ChildJvm.say("reaped");

        waitFor();
        Lost closed = close();
        Lost released = release();
        CompletableFuture<ProcessState> pending = waitWithAFuture();
        CompletableFuture<ProcessState> timedOut = giveUpWaiting();
        for (int canary = 2; canary <= 3; canary++) { // when these are counted, the others were seen as well
            lose().end().close();
            awaitCount(canary);
        }
        ChildJvm.say("counted " + Leaks.count());

        closed.end().close();
        await(() -> stateOf(closed.pid()).isEmpty());
        ChildJvm.say("closed and reaped");
        ChildJvm.say("future " + pending.get(SOON_SECONDS, TimeUnit.SECONDS));
        ChildJvm.say("timed out " + timedOut.get(SOON_SECONDS, TimeUnit.SECONDS));
        released.end().close();
        await(() -> stateOf(released.pid()).equals("Z"));
        ChildJvm.say("released and a zombie");
        Orphans.reapChild(released.pid()); // the first process, to which it would go, need not reap
    }

    private static OsProcess held() throws ProcessException {
        return OsProcess.start(
                "/bin/sh",
                List.of("sh", "-c", "read word; exit 7"),
                ProcessAttributes.builder()
                        .files(ChildFile.pipe(), ChildFile.nullDevice(), ChildFile.inherit(2))
                        .build());
    }

    private static Lost lose() throws ProcessException {
        OsProcess dropped = held();
        return new Lost(dropped.pid(), dropped.pipe(0));
    }

    private static void waitFor() throws Exception {
        OsProcess waited = held();
        waited.pipe(0).close();
        if (waited.waitFor(Duration.ofSeconds(SOON_SECONDS)).isEmpty()) {
            throw new AssertionError(waited + " has not ended");
        }
    }

    private static Lost close() throws ProcessException {
        try (OsProcess closed = held()) {
            return new Lost(closed.pid(), closed.pipe(0));
        }
    }

    private static Lost release() throws ProcessException {
        OsProcess released = held();
        released.release();
        return new Lost(released.pid(), released.pipe(0));
    }

    /** The object is dropped at once; the child ends only after a collection, or the end could come first. */
    private static CompletableFuture<ProcessState> waitWithAFuture() throws Exception {
        OsProcess watched = held();
        CompletableFuture<ProcessState> end = watched.onExit();
        endAfterCollection(watched.pipe(0));
        return end;
    }

    private static CompletableFuture<ProcessState> giveUpWaiting() throws Exception {
        OsProcess watched = held();
        Optional<ProcessState> none = watched.waitFor(Duration.ofMillis(1));
        if (none.isPresent()) {
            throw new AssertionError(watched + " has ended by itself");
        }
        endAfterCollection(watched.pipe(0));
        return watched.onExit();
    }

    private static void endAfterCollection(ByteChannel end) {
        Thread later = new Thread(
                () -> {
                    try {
                        await(() -> Leaks.count() >= 3);
                        end.close();
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                },
                "later");
        later.setDaemon(true);
        later.start();
    }

    private static void awaitCount(long leaks) throws Exception {
        await(() -> {
            System.gc();
            return Leaks.count() >= leaks;
        });
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain; counted: " + Leaks.count());
            }
            Thread.sleep(5);
        }
    }

    private static String stateOf(long pid) {
        try {
            return Surroundings.statField(pid, 3);
        } catch (IOException gone) {
            return "";
        }
    }
}
