// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.NoChildException;
import dev.osprocess.NoHandleException;
import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.FrontDoor;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ExitEvents;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.Strategy;
import dev.osprocess.tck.Rule;
import dev.osprocess.tck.scripted.Call;
import dev.osprocess.tck.scripted.Patience;
import dev.osprocess.tck.scripted.ScriptedHandle;
import dev.osprocess.tck.scripted.ScriptedKernel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every call of the front: interrupts, exceptions, refusals; and what no clock or publication can spoil. */
class PromisesTest {
    // ---- interrupts
    // --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("CONC-12")
    void conc12_callsThatDoNotWaitWorkUnderAPendingInterruptAndLeaveItPending(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            OsProcess child = lab.startFront();
            OsProcess found = lab.findFront(lab.kernel.startForeign().pid());
            List<Executable> calls = List.of(
                    () -> child.signal(Signal.USR1),
                    child::liveness,
                    child::identity,
                    child::status,
                    child::state,
                    child::onExit,
                    () -> lab.findFront(child.pid()).close(),
                    () -> lab.startFront().close(),
                    found::release,
                    child::kill,
                    child::close,
                    child::close);
            for (int i = 0; i < calls.size(); i++) {
                Thread.currentThread().interrupt();
                try {
                    calls.get(i).execute();
                } catch (Throwable failed) {
                    throw new AssertionError("call " + i + " under an interrupt", failed);
                } finally {
                    assertTrue(Thread.interrupted(), "call " + i + " consumed the interrupt");
                }
            }
        }
    }

    // ---- exceptions
    // --------------------------------------------------------------------------------------------------

    private static final List<Class<?>> DOCUMENTED = List.of(
            ProcessException.class,
            ProcessReleasedException.class,
            IllegalArgumentException.class,
            UnsupportedOperationException.class);

    /** The calls of the front, each with what a caller might get wrong. */
    private static List<Executable> calls(Lab lab, OsProcess process) {
        return List.of(
                () -> process.signal(Signal.of(0)),
                () -> process.signal(Signal.of(-1)),
                () -> process.signal(Signal.of(Integer.MAX_VALUE)),
                () -> process.signal(Signal.INFO),
                () -> process.signal(Signal.realTime(1_000)),
                () -> process.signalGroup(Signal.TERM),
                () -> process.waitFor(Duration.ofSeconds(Long.MIN_VALUE)),
                () -> process.waitFor(Duration.ofNanos(1)),
                () -> process.stop(Duration.ofSeconds(-1)),
                () -> process.withHandle(ScriptedHandle.class, handle -> handle),
                () -> process.pipe(-1),
                () -> process.pipe(Integer.MAX_VALUE),
                process::identity,
                process::liveness,
                process::state,
                process::status,
                process::killTree,
                process::kill,
                () -> lab.findFront(Long.MIN_VALUE).close(),
                () -> lab.findFront(0).close(),
                () -> lab.findFront(Long.MAX_VALUE).close(),
                () -> FrontDoor.start(lab.engine, "", List.of(), ProcessAttributes.defaults()),
                () -> FrontDoor.start(lab.engine, "a\0b", List.of("a"), ProcessAttributes.defaults()),
                () -> FrontDoor.start(lab.engine, "a", List.of("a\0b"), ProcessAttributes.defaults()));
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("ERR-14")
    void err14_whateverIsAskedOfWhateverObjectOnlyDocumentedExceptionsComeOut(Strategy strategy) throws Exception {
        int refused = 0;
        for (int kind = 0; kind < 5; kind++) {
            int calls = 24;
            for (int i = 0; i < calls; i++) { // each call on a fresh object
                try (Lab lab = new Lab(strategy)) {
                    OsProcess process = objectOf(kind, lab);
                    List<Executable> all = calls(lab, process);
                    assertEquals(calls, all.size());
                    try {
                        all.get(i).execute();
                    } catch (Throwable failed) {
                        refused++;
                        assertTrue(
                                DOCUMENTED.stream().anyMatch(documented -> documented.isInstance(failed)),
                                "call " + i + " of object " + kind + ": " + failed);
                        assertNotNull(failed.getMessage(), "call " + i + " of object " + kind);
                    }
                }
            }
        }
        assertTrue(refused > 50, "only " + refused + " refusals");
    }

    /** A running child, a child that has ended, a released one, a found process, and one that was never there. */
    private static OsProcess objectOf(int kind, Lab lab) throws Exception {
        OsProcess child = lab.startFront();
        switch (kind) {
            case 1 -> {
                lab.kernel.exit(child.pid(), 3);
                Task.of(child::waitFor).get();
            }
            case 2 -> child.release();
            case 3 -> {
                return lab.findFront(lab.kernel.startForeign().pid());
            }
            case 4 -> {
                return lab.findFront(54_321);
            }
            default -> {
                return child;
            }
        }
        return child;
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("ERR-14")
    void err14_whatAnOddBackendThrowsReachesAWaiterAsAProcessException(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            lab.awaitWatched(1);
            lab.kernel.failNext(Call.COLLECT, new NullPointerException("odd backend"));
            lab.kernel.announce(life.pid());
            ProcessException failure = waiter.failure(ProcessException.class);
            assertEquals(ErrorKind.SYSTEM, failure.kind());
            assertFalse(failure instanceof NoChildException || failure instanceof NoHandleException);
        }
    }

    // ---- impossible and refused
    // --------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("STATE-05")
    void state05_aHandleThatIsClosedWhileTheStatusIsOkIsAnInternalError(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle life = lab.start();
            Field handle = LifeCycle.class.getDeclaredField("handle");
            handle.setAccessible(true);
            Object count = handle.get(life);
            Method release = count.getClass().getDeclaredMethod("release");
            release.setAccessible(true);
            release.invoke(count); // as a mistake of the library would
            for (Executable call : List.<Executable>of(() -> life.signal(Signal.TERM), life::liveness)) {
                AssertionError loud = assertThrows(AssertionError.class, call);
                assertTrue(String.valueOf(loud.getMessage()).startsWith("internal error: "), loud.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"SIG-21", "START-52"})
    void sig21_whereChildrenCannotBeListedATreeKillIsRefusedBeforeAnythingIsSent(Strategy strategy) throws Exception {
        Set<Capability> all = EnumSet.copyOf(new ScriptedKernel(strategy).capabilities());
        all.remove(Capability.CHILDREN);
        try (Lab lab = new Lab(new ScriptedKernel(strategy, all))) {
            LifeCycle life = lab.start();
            UnsupportedFeatureException refused = assertThrows(UnsupportedFeatureException.class, life::killTree);
            assertTrue(String.valueOf(refused.getMessage()).contains("scripted"), refused.getMessage());
            assertEquals(Liveness.RUNNING, life.liveness());
            assertEquals(List.of(), lab.processOf(life).received());
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("SIG-21")
    void sig21_theTreeOfTheJvmItselfIsRefused(Strategy strategy) throws Exception {
        try (Lab lab = new Lab(strategy)) {
            LifeCycle self = lab.engine.current();
            ProcessException refused = assertThrows(ProcessException.class, self::killTree);
            assertEquals(ErrorKind.INVALID, refused.kind());
            assertEquals(Liveness.RUNNING, self.liveness());
        }
    }

    // ---- time and publication
    // ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule("WAIT-25")
    void wait25_withoutEventsNoTwoLooksAreFurtherApartThanFiftyMilliseconds(Strategy strategy) throws Exception {
        ScriptedKernel kernel = new ScriptedKernel(strategy).withoutEvents();
        List<Long> sleeps = new CopyOnWriteArrayList<>();
        Engine engine = Engine.over(noting(sleeps, kernel));
        try {
            LifeCycle life = engine.start(OsString.of("/bin/x"), List.of(), ProcessAttributes.defaults());
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            Patience.until("the watch", () -> engine.watched() == 1);
            Patience.until("the longest pause", () -> !sleeps.isEmpty() && last(sleeps) > 32_000_000);
            int from = sleeps.size();
            Patience.until("some more looks", () -> sleeps.size() > from + 5);
            assertTrue(
                    sleeps.subList(from, sleeps.size()).stream().allMatch(nanos -> nanos >= 0 && nanos <= 50_000_000),
                    sleeps.toString());
            kernel.exit(life.pid(), 5);
            assertEquals(5, waiter.get().exitCode());
        } finally {
            engine.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-25", "D9"})
    void wait25_whereEventsComeTheWatcherSleepsUntilOneDoes(Strategy strategy) throws Exception {
        ScriptedKernel kernel = new ScriptedKernel(strategy);
        List<Long> sleeps = new CopyOnWriteArrayList<>();
        Engine engine = Engine.over(noting(sleeps, kernel));
        try {
            for (int i = 0; i < 3; i++) {
                LifeCycle life = engine.start(OsString.of("/bin/x"), List.of(), ProcessAttributes.defaults());
                Task<ProcessState> waiter = Task.of(life::waitFor).parked();
                Patience.until("the watch", () -> kernel.registrations() == 1);
                kernel.exit(life.pid(), 5);
                assertEquals(5, waiter.get().exitCode());
                int sleep = i + 1;
                Patience.until("the watcher to have slept again", () -> sleeps.size() >= sleep);
            }
            assertTrue(
                    sleeps.stream().allMatch(nanos -> nanos < 0), "it looks although nothing is to be seen: " + sleeps);
        } finally {
            engine.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    @Rule({"WAIT-25", "D9"})
    void wait25_withoutEventsWhatHasEndedIsLookedAtNoMore(Strategy strategy) throws Exception {
        ScriptedKernel kernel = new ScriptedKernel(strategy).withoutEvents();
        List<Long> sleeps = new CopyOnWriteArrayList<>();
        Engine engine = Engine.over(noting(sleeps, kernel));
        try {
            endOne(engine, kernel);
            int from = sleeps.size();
            // each child wakes the watcher, and one of them finds it asleep without a deadline
            Patience.until("the watcher to sleep for as long as nobody waits", () -> {
                endOne(engine, kernel);
                return List.copyOf(sleeps).lastIndexOf(-1L) >= from;
            });
        } finally {
            engine.stop();
        }
    }

    private static void endOne(Engine engine, ScriptedKernel kernel) {
        try {
            LifeCycle life = engine.start(OsString.of("/bin/x"), List.of(), ProcessAttributes.defaults());
            Task<ProcessState> waiter = Task.of(life::waitFor).parked();
            Patience.until("the watch", () -> engine.watched() == 1);
            kernel.exit(life.pid(), 5);
            assertEquals(5, waiter.get().exitCode());
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
    }

    /** A backend over this kernel that notes for how long its events are awaited each time. */
    private static ProcessBackend noting(List<Long> sleeps, ScriptedKernel kernel) {
        return over(ProcessBackend.class, kernel, (method, arguments, result) -> {
            return method.getName().equals("exitEvents")
                    ? over(ExitEvents.class, (ExitEvents) result, (inner, given, unused) -> {
                        if (inner.getName().equals("await")) {
                            sleeps.add((Long) given[0]);
                        }
                        return unused;
                    })
                    : result;
        });
    }

    private static long last(List<Long> numbers) {
        return numbers.get(numbers.size() - 1);
    }

    /** Sees each call of an interface after it was made. */
    private interface After {
        Object of(Method method, Object[] arguments, Object result);
    }

    private static <T> T over(Class<T> type, T real, After after) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return after.of(method, arguments, method.invoke(real, arguments));
                    } catch (InvocationTargetException failed) {
                        throw failed.getTargetException();
                    }
                }));
    }

    @Test
    @Rule("CONC-16")
    void conc16_everyFieldOfWhatIsPublishedIsFinal() {
        List<String> changeable = new ArrayList<>();
        for (Class<?> type : List.of(
                ProcessState.class,
                ResourceUsage.class,
                ProcessIdentity.class,
                Signal.class,
                ProcessDoneException.class)) {
            for (Class<?> each = type; each != Object.class && each != IOException.class; each = each.getSuperclass()) {
                for (Field field : each.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                        changeable.add(field.toString());
                    }
                }
            }
        }
        assertEquals(List.of(), changeable, "a final field is seen whole however its object was published (JLS 17.5)");
    }

    /** What tells the time of day, which jumps. */
    private static final Pattern TIME_OF_DAY = Pattern.compile("currentTimeMillis|\\bInstant\\.now|\\bClock\\b"
            + "|\\bnew Date\\b|LocalDateTime|ZonedDateTime|awaitUntil|parkUntil");

    @Test
    @Rule("CONC-17")
    void conc17_noSourceOfTheLibraryAsksForTheTimeOfDay() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve("api/src/main/java"))) {
            root = Objects.requireNonNull(root.getParent(), "no source tree above the working directory");
        }
        List<String> found = new ArrayList<>();
        int read = 0;
        List<Path> modules = new ArrayList<>(List.of(root.resolve("api")));
        try (Stream<Path> folders = Files.list(root)) {
            folders.filter(folder -> folder.getFileName().toString().startsWith("backend-"))
                    .forEach(modules::add);
        }
        assertTrue(modules.size() > 4, "api and every backend: " + modules);
        for (Path module : modules) {
            try (Stream<Path> sources = Files.walk(module.resolve("src/main/java"))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .toList()) {
                    read++;
                    if (TIME_OF_DAY.matcher(Files.readString(source)).find()) {
                        found.add(source.toString());
                    }
                }
            }
        }
        assertTrue(read > 50, "only " + read + " sources were found");
        assertEquals(List.of(), found);
    }
}
