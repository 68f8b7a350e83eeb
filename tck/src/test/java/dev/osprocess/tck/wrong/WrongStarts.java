// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static dev.osprocess.tck.wrong.WrongBackend.starting;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Mistakes in starting. */
final class WrongStarts {
    /** What leaks here must not be found by the garbage collector. */
    private static final Queue<Object> LEAKED = new ConcurrentLinkedQueue<>();

    private WrongStarts() {}

    /** A start that fails, and what is made of that. */
    @FunctionalInterface
    private interface Failed {
        Target instead(ProcessBackend real, StartRequest request, ProcessException failure) throws ProcessException;
    }

    private static WrongBackend failing(String name, String rule, Failed failed) {
        return new WrongBackend(name, rule, () -> new ForwardingBackend() {
            @Override
            public Target start(StartRequest request) throws ProcessException {
                try {
                    return super.start(request);
                } catch (ProcessException failure) {
                    return hold(failed.instead(real, request, failure), true);
                }
            }
        });
    }

    private static WrongBackend made(String name, String rule, Supplier<ProcessBackend> backend) {
        return new WrongBackend(name, rule, backend);
    }

    private static StartRequest with(
            StartRequest request, OsString program, List<OsString> arguments, ChildEnvironment environment) {
        return new StartRequest(
                program, arguments, request.directory(), environment, request.files(), request.system());
    }

    private static StartRequest withArguments(StartRequest request, List<OsString> arguments) {
        return with(request, request.program(), arguments, request.environment());
    }

    private static StartRequest withEnvironment(StartRequest request, ChildEnvironment environment) {
        return with(request, request.program(), request.arguments(), environment);
    }

    private static StartRequest withDirectory(StartRequest request, @Nullable OsString directory) {
        return new StartRequest(
                request.program(),
                request.arguments(),
                directory,
                request.environment(),
                request.files(),
                request.system());
    }

    private static StartRequest withFiles(StartRequest request, @Nullable List<ChildFile> files) {
        return new StartRequest(
                request.program(),
                request.arguments(),
                request.directory(),
                request.environment(),
                files,
                request.system());
    }

    private static @Nullable List<ChildFile> replaced(
            @Nullable List<ChildFile> files, ChildFile.Kind kind, ChildFile by) {
        return files == null
                ? null
                : files.stream().map(file -> file.kind() == kind ? by : file).toList();
    }

    static final List<WrongBackend> ALL = List.of(
            starting("argv[0] is replaced by the program's path", "START-02", request -> {
                List<OsString> arguments = new ArrayList<>(request.arguments());
                arguments.set(0, request.program());
                return withArguments(request, arguments);
            }),
            starting(
                    "empty arguments are dropped",
                    "START-04",
                    request -> withArguments(
                            request,
                            request.arguments().stream()
                                    .filter(argument -> !OsString.of("").equals(argument))
                                    .toList())),
            starting("arguments are split at blanks", "START-04", request -> {
                List<OsString> arguments = new ArrayList<>();
                for (OsString argument : request.arguments()) {
                    String text = argument.text();
                    if (text == null || text.isBlank()) {
                        arguments.add(argument);
                    } else {
                        for (String word : text.split(" ", -1)) {
                            arguments.add(OsString.of(word));
                        }
                    }
                }
                return withArguments(request, arguments);
            }),
            starting(
                    "what cannot be encoded becomes '?'",
                    "START-05",
                    request -> withArguments(
                            request,
                            request.arguments().stream().map(WrongStarts::lossy).toList())),
            starting(
                    "raw bytes are read as text",
                    "START-05",
                    request -> withArguments(
                            request,
                            request.arguments().stream()
                                    .map(argument -> {
                                        byte[] bytes = argument.bytes();
                                        return bytes == null
                                                ? argument
                                                : OsString.of(new String(bytes, StandardCharsets.UTF_8));
                                    })
                                    .toList())),
            starting("an environment that is given is added to ours", "START-08", request -> {
                ChildEnvironment environment = request.environment();
                if (environment.inherits()) {
                    return request;
                }
                Map<String, String> edited = new LinkedHashMap<>(System.getenv());
                for (OsString entry : environment.entries()) {
                    String[] parts = entry.toString().split("=", 2);
                    edited.put(parts[0], parts.length > 1 ? parts[1] : "");
                }
                return withEnvironment(request, ChildEnvironment.edited(System.getenv(), edited));
            }),
            starting("duplicates in the environment are dropped", "START-09", request -> {
                ChildEnvironment environment = request.environment();
                if (environment.inherits()) {
                    return request;
                }
                Set<String> names = new HashSet<>();
                List<OsString> entries = new ArrayList<>();
                for (OsString entry : environment.entries()) {
                    if (names.add(entry.toString().split("=", 2)[0])) {
                        entries.add(entry);
                    }
                }
                return withEnvironment(request, ChildEnvironment.exactly(entries));
            }),
            starting("the directory is ignored", "START-11", request -> withDirectory(request, null)),
            starting(
                    "a closed stream is the null device",
                    "START-17",
                    request -> withFiles(
                            request, replaced(request.files(), ChildFile.Kind.CLOSED, ChildFile.nullDevice()))),
            starting(
                    "files are taken for the null device",
                    "START-16",
                    request ->
                            withFiles(request, replaced(request.files(), ChildFile.Kind.READ, ChildFile.nullDevice()))),
            starting("places that share a source get the null device", "START-18", request -> {
                List<ChildFile> files = request.files();
                if (files == null) {
                    return request;
                }
                Set<Integer> taken = new HashSet<>();
                List<ChildFile> all = new ArrayList<>();
                for (ChildFile file : files) {
                    boolean again = file.kind() == ChildFile.Kind.DESCRIPTOR && !taken.add(file.number());
                    all.add(again ? ChildFile.nullDevice() : file);
                }
                return withFiles(request, all);
            }),
            starting(
                    "the null device is our own stream",
                    "START-16",
                    request -> withFiles(
                            request, replaced(request.files(), ChildFile.Kind.NULL_DEVICE, ChildFile.inherit(1)))),
            failing("PATH is searched", "START-01", (real, request, failure) -> {
                if (failure.kind() == ErrorKind.NOT_FOUND
                        && !request.program().toString().contains("/")) {
                    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
                        File found = new File(folder, request.program().toString());
                        if (found.canExecute()) {
                            return real.start(with(
                                    request, OsString.of(found.toPath()), request.arguments(), request.environment()));
                        }
                    }
                }
                throw failure;
            }),
            failing(
                    "an exec that fails is a child that exits with 127",
                    "START-25",
                    (real, request, failure) -> real.start(with(
                            withFiles(withDirectory(request, null), null),
                            OsString.of("/bin/sh"),
                            List.of(OsString.of("sh"), OsString.of("-c"), OsString.of("exit 127")),
                            ChildEnvironment.inherited()))),
            failing("a directory that is missing is blamed on the program", "START-13", (real, request, failure) -> {
                if (!failure.operation().equals("chdir")) {
                    throw failure;
                }
                throw ProcessException.builder(failure.kind(), "fork/exec")
                        .path(request.program().toString())
                        .nativeError(
                                failure.nativeName().orElse("ENOENT"),
                                failure.nativeNumber().orElse(2))
                        .build();
            }),
            failing("a start that fails leaves a descriptor open", "START-26", (real, request, failure) -> {
                try {
                    LEAKED.add(new FileInputStream("/dev/null"));
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
                throw failure;
            }),
            failing("a text that cannot be executed is given to a shell", "START-27", (real, request, failure) -> {
                if (failure.nativeName().filter("ENOEXEC"::equals).isEmpty()) {
                    throw failure;
                }
                return real.start(with(
                        request,
                        OsString.of("/bin/sh"),
                        List.of(OsString.of("sh"), request.program()),
                        request.environment()));
            }),
            failing("every failure to start is 'not found'", "ERR-16", (real, request, failure) -> {
                throw ProcessException.builder(ErrorKind.NOT_FOUND, failure.operation())
                        .path(failure.path().orElse("?"))
                        .nativeError("ENOENT", 2)
                        .build();
            }),
            failing("errors show the arguments", "ERR-15", (real, request, failure) -> {
                throw ProcessException.builder(failure.kind(), failure.operation())
                        .path(failure.path().orElse("?"))
                        .nativeError(
                                failure.nativeName().orElse("ENOENT"),
                                failure.nativeNumber().orElse(2))
                        .detail(request.arguments() + " "
                                + request.environment().entries())
                        .build();
            }),
            made("what is refused is started all the same", "START-52", () -> new ForwardingBackend() {
                @Override
                public Target start(StartRequest request) throws ProcessException {
                    try {
                        return super.start(request);
                    } catch (UnsupportedFeatureException refused) {
                        LEAKED.add(real.start(new StartRequest(
                                request.program(),
                                request.arguments(),
                                request.directory(),
                                request.environment(),
                                request.files(),
                                null)));
                        throw refused;
                    }
                }
            }),
            made("attributes of another system are ignored", "START-52", () -> new ForwardingBackend() {
                @Override
                public Target start(StartRequest request) throws ProcessException {
                    boolean ours = request.system() == null
                            || request.system().getClass().getName().contains(".linux.");
                    return super.start(
                            ours
                                    ? request
                                    : new StartRequest(
                                            request.program(),
                                            request.arguments(),
                                            request.directory(),
                                            request.environment(),
                                            request.files(),
                                            null));
                }
            }),
            made("a start never returns", "START-30", () -> new ForwardingBackend() {
                @Override
                public Target start(StartRequest request) throws ProcessException {
                    never();
                    return super.start(request);
                }
            }),
            made("starts wait for each other", "START-48", () -> new ForwardingBackend() {
                @Override
                public synchronized Target start(StartRequest request) throws ProcessException {
                    return super.start(request);
                }
            }),
            made("a pending interrupt is swallowed", "START-51", () -> new ForwardingBackend() {
                @Override
                public Target start(StartRequest request) throws ProcessException {
                    Thread.interrupted();
                    return super.start(request);
                }
            }),
            starting("children ignore a signal", "START-21", request -> {
                List<OsString> arguments = new ArrayList<>(List.of(
                        OsString.of("sh"),
                        OsString.of("-c"),
                        OsString.of("trap '' USR1; exec \"$@\""),
                        OsString.of("sh"),
                        request.program()));
                arguments.addAll(
                        request.arguments().subList(1, request.arguments().size()));
                return with(request, OsString.of("/bin/sh"), arguments, request.environment());
            }),
            made("handles reach the next child", "START-20", () -> handingOn("pidfd")),
            made("pipes reach the next child", "START-20", () -> handingOn("pipe:")),
            made("pipes reach children that start meanwhile", "CONC-07", () -> handingOn("pipe:")),
            made("zombies stay, and it says that it does not reap", "SIG-08", () -> lacking(Capability.REAP)),
            made("signals are sent that it says it does not have", "SIG-07", () -> lacking(Capability.SIGNAL_ANY)),
            made("usage is told that it says it does not have", "PS-12", () -> lacking(Capability.RESOURCE_USAGE)),
            made("a cause is told that it says it cannot know", "PS-11", () -> lacking(Capability.EXACT_CAUSE)),
            made("handles are lent that it says it does not have", "HND-07", () -> lacking(Capability.HANDLE)),
            made("children are listed that it says it cannot list", "SIG-21", () -> lacking(Capability.CHILDREN)));

    /** Gives each child what this process has open of this kind, as if it were not close-on-exec. */
    private static ForwardingBackend handingOn(String kind) {
        return new ForwardingBackend() {
            @Override
            public Target start(StartRequest request) throws ProcessException {
                for (int tries = 0; tries < 5; tries++) {
                    try {
                        return super.start(withFiles(request, more(request.files(), kind)));
                    } catch (ProcessException closedMeanwhile) {
                        LEAKED.add(closedMeanwhile);
                    }
                }
                return super.start(request);
            }
        };
    }

    private static List<ChildFile> more(@Nullable List<ChildFile> files, String kind) {
        List<ChildFile> more = new ArrayList<>(
                files == null ? List.of(ChildFile.inherit(0), ChildFile.inherit(1), ChildFile.inherit(2)) : files);
        String[] numbers = new File("/proc/self/fd").list();
        for (String text : numbers == null ? new String[0] : numbers) {
            int number = Integer.parseInt(text);
            try {
                if (number > 2
                        && Files.readSymbolicLink(Path.of("/proc/self/fd", text))
                                .toString()
                                .contains(kind)) {
                    while (more.size() <= number) {
                        more.add(ChildFile.closed());
                    }
                    more.set(number, ChildFile.descriptor(number));
                }
            } catch (IOException closedMeanwhile) {
                LEAKED.add(closedMeanwhile);
            }
        }
        return more;
    }

    private static ForwardingBackend lacking(Capability capability) {
        return new ForwardingBackend() {
            @Override
            public Set<Capability> capabilities() {
                Set<Capability> fewer = new HashSet<>(real.capabilities());
                fewer.remove(capability);
                return fewer;
            }
        };
    }

    /** What is not Latin letters, as the JDK does it under the locale C. */
    private static OsString lossy(OsString argument) {
        String text = argument.text();
        return text == null
                ? argument
                : OsString.of(new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
    }

    /** Blocks for good, also through interrupts, as a system call may. */
    static void never() {
        CountDownLatch latch = new CountDownLatch(1);
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException again) {
                LEAKED.add(again);
            }
        }
    }
}
