// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.ErrorKind;
import dev.osprocess.Liveness;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessStatus;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.engine.Engine;
import dev.osprocess.engine.LifeCycle;
import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults and races of the JDK, scripted at the seam. */
final class ScriptedTest extends RealProcesses {
    private static final Instant BORN = Instant.parse("2024-01-01T00:00:00Z");

    /** Somebody with a number of our choice, who is what the test says. */
    private static class Somebody extends ForwardingCalls.Handle {
        final AtomicInteger signals = new AtomicInteger();
        volatile boolean alive = true;
        volatile boolean obeys = true;
        volatile @Nullable Instant start;

        Somebody(@Nullable Instant start) {
            super(ProcessHandle.current());
            this.start = start;
        }

        @Override
        public long pid() {
            return 4711;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public Info info() {
            return new ForwardingCalls.Info(start);
        }

        @Override
        public boolean destroy() {
            signals.incrementAndGet();
            return obeys;
        }

        @Override
        public boolean destroyForcibly() {
            return destroy();
        }
    }

    /** A world in which {@code bearer} has the number 4711, without /proc. */
    private static class World extends ForwardingCalls {
        volatile @Nullable Somebody bearer;

        World(@Nullable Somebody bearer) {
            this.bearer = bearer;
        }

        @Override
        public Optional<ProcessHandle> of(long pid) {
            return pid == 4711 ? Optional.ofNullable(bearer) : super.of(pid);
        }

        @Override
        public String readLink(String path) throws IOException {
            throw new IOException("no /proc here");
        }
    }

    @Test
    void id13_aNewcomerIsNeitherSignalledNorTakenForTheOneThatWasFound() throws Exception {
        Somebody first = new Somebody(BORN);
        World world = new World(first);
        LifeCycle found = over(world).find(4711);
        found.signal(Signal.TERM);
        assertEquals(1, first.signals.get());
        first.alive = false;
        Somebody newcomer = new Somebody(BORN.plusMillis(10));
        world.bearer = newcomer;
        assertThrows(ProcessDoneException.class, () -> found.signal(Signal.KILL));
        assertEquals(Liveness.GONE, found.liveness());
        assertEquals("ended, status unknown", ended(found).toString());
        assertEquals(1, first.signals.get());
        assertEquals(0, newcomer.signals.get());
    }

    @Test
    void id13_whatWasGoneOnceStaysGone() throws Exception {
        Somebody first = new Somebody(BORN);
        World world = new World(first);
        LifeCycle found = over(world).find(4711);
        first.alive = false;
        world.bearer = null;
        assertEquals(Liveness.GONE, found.liveness());
        first.alive = true;
        world.bearer = first;
        assertEquals(Liveness.GONE, found.liveness(), "a finished process never lives again");
        assertThrows(ProcessDoneException.class, () -> found.signal(Signal.TERM));
        assertEquals(0, first.signals.get());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void id13_anUnknownStartIsNoMismatch(boolean unknownWhenFound) throws Exception {
        Somebody first = new Somebody(unknownWhenFound ? null : BORN);
        World world = new World(first);
        LifeCycle found = over(world).find(4711);
        first.alive = false; // so the JDK says when it cannot compare
        first.start = unknownWhenFound ? BORN : null;
        assertEquals(Liveness.RUNNING, found.liveness());
        found.signal(Signal.TERM);
        assertEquals(1, first.signals.get());
    }

    @Test
    void id13_withoutProcTheIdentityIsTheStartInstantAndNotInvented() throws Exception {
        World world = new World(new Somebody(BORN));
        Engine engine = over(world);
        assertEquals(
                "jdk:4711:start=1704067200000", engine.find(4711).identity().toString());
        assertEquals(ProcessStatus.OK, engine.find(engine.find(4711).identity()).status());
        world.bearer = new Somebody(BORN.plusMillis(1));
        assertEquals(
                ProcessStatus.DONE,
                engine.find(dev.osprocess.ProcessIdentity.parse("jdk:4711:start=1704067200000"))
                        .status());
        world.bearer = new Somebody(null);
        ProcessException unknown =
                assertThrows(ProcessException.class, () -> engine.find(4711).identity());
        assertEquals(ErrorKind.UNSUPPORTED, unknown.kind());
    }

    @Test
    void sig06_sig07_aRefusedSignalIsPermissionIfItLivesAndDoneIfItDoesNot() throws Exception {
        Somebody other = new Somebody(BORN);
        other.obeys = false;
        World world = new World(other) {};
        LifeCycle found = over(world).find(4711);
        ProcessException refused = assertThrows(ProcessException.class, () -> found.signal(Signal.TERM));
        assertEquals(ErrorKind.PERMISSION, refused.kind());
        assertEquals(ProcessStatus.OK, found.status());
        Somebody vanishing = new Somebody(BORN) {
            @Override
            public boolean destroy() {
                alive = false;
                return false;
            }
        };
        world.bearer = vanishing;
        LifeCycle again = over(world).find(4711);
        assertFalse(again.kill());
    }

    @Test
    void sig12_whereTermWouldKillItIsRefused() throws Exception {
        Somebody other = new Somebody(BORN) {
            @Override
            public boolean supportsNormalTermination() {
                return false;
            }
        };
        LifeCycle found = over(new World(other)).find(4711);
        UnsupportedFeatureException refused =
                assertThrows(UnsupportedFeatureException.class, () -> found.signal(Signal.TERM));
        assertEquals(Capability.SIGNAL_TERM.description(), refused.feature());
        assertEquals(0, other.signals.get());
        found.signal(Signal.KILL);
        assertEquals(1, other.signals.get());
    }

    // ---- children

    /** A seam whose next child is changed by the test. */
    private interface Change {
        Process of(Process real);
    }

    private LifeCycle child(Change change, String script) throws Exception {
        Engine engine = over(new ForwardingCalls() {
            @Override
            public Process start(ProcessBuilder prepared) throws IOException {
                return change.of(super.start(prepared));
            }
        });
        return start(engine, SH, "-c", script);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, 256, Integer.MIN_VALUE})
    void ps04_aValueThatIsNoExitCodeIsUnknown(int value) throws Exception {
        LifeCycle child = child(
                real -> new ForwardingCalls.Child(real) {
                    @Override
                    public int exitValue() {
                        super.exitValue();
                        return value;
                    }
                },
                "exit 0");
        assertEquals("ended, status unknown", ended(child).toString());
        assertTrue(ended(child).rawStatus().isEmpty());
    }

    @Test
    void wait30_anEndIsSeenThoughTheJdksFutureNeverCompletes() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        LifeCycle child = child(
                real -> new ForwardingCalls.Child(real) {
                    @Override
                    public CompletableFuture<Process> onExit() {
                        asked.incrementAndGet();
                        return new CompletableFuture<>();
                    }
                },
                "exec sleep 0.1");
        long before = System.nanoTime();
        assertEquals("exit status 0", ended(child).toString());
        assertEquals(1, asked.get());
        assertTrue(System.nanoTime() - before < 5_000_000_000L);
    }

    @Test
    void wait30_anEndIsSeenThoughTheJdkCannotWatchIt() throws Exception {
        Logger logger = Logger.getLogger("dev.osprocess");
        logger.setUseParentHandlers(false); // it is said once, as it should be
        try {
            LifeCycle child = child(
                    real -> new ForwardingCalls.Child(real) {
                        @Override
                        public CompletableFuture<Process> onExit() {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                    },
                    "exec sleep 0.1");
            assertEquals("exit status 0", ended(child).toString());
        } finally {
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void wait33_aFutureThatCompletesTooEarlyIsNoEnd() throws Exception {
        LifeCycle child = child(
                real -> new ForwardingCalls.Child(real) {
                    @Override
                    public CompletableFuture<Process> onExit() {
                        return CompletableFuture.completedFuture(this);
                    }
                },
                "sleep 0.1; exit 5");
        assertEquals("exit status 5", ended(child).toString());
    }

    @Test
    void rel15_aChildThatWasGivenUpIsForgotten() throws Exception {
        JdkBackend backend = new JdkBackend(new ForwardingCalls(), JdkHost.LINUX);
        Engine engine = over(backend);
        LifeCycle child = start(engine, SH, "-c", "exit 0");
        LifeCycle released = start(engine, SH, "-c", "exit 0");
        assertEquals(2, backend.held());
        ended(child);
        released.release();
        assertEquals(0, backend.held());
        assertEquals(0, engine.unreaped());
    }

    @Test
    void id05_theNumberOfAChildThatEndedUnseenMayBeSomebodyElses() throws Exception {
        World world = new World(null) {
            @Override
            public Process start(ProcessBuilder prepared) throws IOException {
                return new ForwardingCalls.Child(super.start(prepared)) {
                    @Override
                    public long pid() {
                        return 4711;
                    }

                    @Override
                    public ProcessHandle toHandle() {
                        return new Somebody(BORN);
                    }
                };
            }
        };
        Engine engine = over(world);
        LifeCycle child = start(engine, SH, "-c", "exit 3");
        await("it has ended", () -> livenessOf(child) == Liveness.GONE);
        assertEquals(ProcessStatus.DONE, engine.find(4711).status());
        world.bearer = new Somebody(BORN.plusSeconds(1));
        LifeCycle newcomer = engine.find(4711);
        assertEquals(Liveness.RUNNING, newcomer.liveness());
        assertEquals("exit status 3", ended(child).toString());
        assertEquals(Liveness.RUNNING, newcomer.liveness());
        newcomer.release();
    }

    private static Liveness livenessOf(LifeCycle life) {
        try {
            return life.liveness();
        } catch (ProcessException failed) {
            throw new AssertionError(failed);
        }
    }

    // ---- failing starts

    private ProcessException failedStart(ForwardingCalls calls, ProcessAttributes attributes, String program)
            throws Exception {
        Engine engine = over(calls);
        return assertThrows(
                ProcessException.class,
                () -> engine.start(OsString.of(program), List.of(OsString.of(program)), attributes));
    }

    @Test
    void start13_aDirectoryThatVanishesBetweenTheLookAndTheStartIsBlamed(@TempDir Path folder) throws Exception {
        Path directory = Files.createDirectory(folder.resolve("directory"));
        ProcessException failed = failedStart(
                new ForwardingCalls() {
                    @Override
                    public Process start(ProcessBuilder prepared) throws IOException {
                        Files.delete(directory);
                        return super.start(prepared);
                    }
                },
                ProcessAttributes.builder().directory(directory).build(),
                "/bin/true");
        assertEquals("chdir", failed.operation());
        assertEquals(ErrorKind.NOT_FOUND, failed.kind());
    }

    @Test
    void err10_theJdksWordsDecideNothing() throws Exception {
        ProcessException failed = failedStart(
                new ForwardingCalls() {
                    @Override
                    public Process start(ProcessBuilder prepared) throws IOException {
                        throw new IOException("error=2, No such file or directory");
                    }
                },
                ProcessAttributes.defaults(),
                "/bin/true");
        assertEquals(ErrorKind.SYSTEM, failed.kind());
        assertFalse(String.valueOf(failed.getMessage()).contains("error=2"), failed.getMessage());
    }

    @Test
    void err14_anUnrelatedExceptionOfTheJdkIsTranslated() throws Exception {
        IndexOutOfBoundsException odd = new IndexOutOfBoundsException("0");
        ProcessException failed = failedStart(
                new ForwardingCalls() {
                    @Override
                    public Process start(ProcessBuilder prepared) {
                        throw odd;
                    }
                },
                ProcessAttributes.defaults(),
                "/bin/true");
        assertEquals(ErrorKind.SYSTEM, failed.kind());
        assertSame(odd, failed.getCause());
    }

    // ---- the probe

    @Test
    void d11_aJvmWithoutProcessHandlesIsACause() {
        UnsupportedOperationException none = new UnsupportedOperationException("no processes here");
        Availability answer = new JdkBackend(
                        new ForwardingCalls() {
                            @Override
                            public ProcessHandle current() {
                                throw none;
                            }
                        },
                        JdkHost.LINUX)
                .probe();
        assertFalse(answer.isAvailable());
        assertSame(none, answer.failure());
        Availability blind = new JdkBackend(
                        new ForwardingCalls() {
                            @Override
                            public Optional<ProcessHandle> of(long pid) {
                                return Optional.empty();
                            }
                        },
                        JdkHost.LINUX)
                .probe();
        assertTrue(blind.cause().contains("/proc"), blind.cause());
        assertNull(blind.failure());
    }

    @Test
    void d12_whatItCanIsDeclared() {
        JdkBackend here = new JdkBackend();
        assertTrue(here.probe().isAvailable());
        assertEquals(java.util.Set.of(Capability.SIGNAL_TERM), here.capabilities());
        assertEquals("pid", here.handleKind());
        assertEquals(1000, here.order());
        assertTrue(new JdkBackend(new ForwardingCalls(), JdkHost.WINDOWS)
                .capabilities()
                .contains(Capability.EXACT_CAUSE));
    }
}
