// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ten thousand rounds of start and wait on eight threads leave nothing behind. */
final class ManyStartsTest extends KernelTest {
    private static final int ROUNDS = Integer.getInteger("osprocess.test.manyStarts", 10_000);
    private static final int THREADS = 8;
    private static final int WARM_UP = 50;

    private static int rounds(Engine engine, int count, ProcessAttributes attributes) throws Exception {
        int succeeded = 0;
        for (int i = 0; i < count; i++) {
            OsProcess child = FrontDoor.start(engine, "/bin/true", List.of("true"), attributes);
            boolean success =
                    switch (i % 3) {
                        case 0 -> child.waitFor().success();
                        case 1 -> child.waitFor(SOON).orElseThrow().success();
                        default ->
                            child.onExit()
                                    .get(SOON.toSeconds(), TimeUnit.SECONDS)
                                    .success();
                    };
            succeeded += success ? 1 : 0;
        }
        return succeeded;
    }

    private static Set<String> libraryThreads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("osprocess")) {
                names.add(thread.getName() + " " + thread.getId());
            }
        }
        return names;
    }

    @Test
    void start26_tenThousandRoundsOnEightThreadsLeaveNothingBehind() throws Exception {
        Set<String> threadsBefore = libraryThreads();
        int descriptorsBefore = ownDescriptors();
        Engine engine = Engine.over(new LinuxBackend()); // of its own, so that its counts are of these children alone
        rounds(engine, WARM_UP, quiet().build());
        rounds(engine, WARM_UP, ProcessAttributes.defaults());
        int descriptors = ownDescriptors();
        long before = System.nanoTime();
        int succeeded = 0;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                ProcessAttributes attributes = i % 2 == 0 ? ProcessAttributes.defaults() : quiet().build();
                work.add(() -> rounds(engine, ROUNDS / THREADS, attributes));
            }
            for (Future<Integer> done : threads.invokeAll(work)) {
                succeeded += done.get();
            }
        } finally {
            threads.shutdown();
        }
        long millis = (System.nanoTime() - before) / 1_000_000;
        assertEquals(ROUNDS / THREADS * THREADS, succeeded);
        assertEquals(0, engine.unreaped(), "owners in the engine");
        await(0, engine::watched);
        await(true, () -> ownDescriptors() <= descriptors); // fewer, if an earlier test's were still on their way out
        int after = ownDescriptors();
        assertEquals(List.of(), zombies());
        engine.stop();
        await(true, () -> ownDescriptors() <= descriptorsBefore);
        // a thread that runs callbacks ends when it has had nothing to do for a while
        Set<String> left = libraryThreads();
        left.removeAll(threadsBefore);
        left.removeIf(name -> name.contains("on-exit"));
        assertEquals(Set.of(), left);
        System.out.println(succeeded + " rounds on " + THREADS + " threads (" + expectedMode() + ") in " + millis
                + " ms; descriptors before and after: " + descriptors + ", " + after
                + "; zombies, owners and watches left: 0");
    }
}
