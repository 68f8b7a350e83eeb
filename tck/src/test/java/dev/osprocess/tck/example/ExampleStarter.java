// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.example;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.ByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starts by ProcessBuilder, and refuses or prevents what that would do differently. */
final class ExampleStarter {
    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final int LONGEST_ARGUMENT = 128 * 1024 - 1;
    private static final int PLACES = 3;
    private static final int FIRST_LINE = 256;
    private static final String ELF = "\u007fELF";
    private static final String SCRIPT = "#!";

    private final ProcTable processes;
    private final KillCommand kill;

    ExampleStarter(ProcTable processes, KillCommand kill) {
        this.processes = processes;
        this.kill = kill;
    }

    Target start(StartRequest request) throws ProcessException {
        if (request.system() != null) {
            throw new UnsupportedFeatureException(
                    "attributes of the backend " + request.system().backend(), ExampleBackend.NAME, "leave them out");
        }
        List<String> command = new ArrayList<>();
        for (int i = 0; i < request.arguments().size(); i++) {
            String text = encodable(request.arguments().get(i), "argument " + i);
            if (text.getBytes(ENCODING).length > LONGEST_ARGUMENT) {
                throw ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                        .nativeError("E2BIG", 7)
                        .detail("argument " + i + " has " + text.getBytes(ENCODING).length + " bytes; at most "
                                + LONGEST_ARGUMENT + " are allowed")
                        .build();
            }
            command.add(text);
        }
        Path directory = directory(request);
        command.set(0, program(request, directory));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        environment(request.environment(), builder.environment());
        redirect(builder, request.files());
        try {
            Process process = builder.start();
            return new ExampleChild(processes, kill, process, pipes(process, request.files()));
        } catch (IOException failed) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "fork/exec")
                    .path(request.program().toString())
                    .detail("ProcessBuilder could not start it")
                    .cause(failed)
                    .build();
        }
    }

    /** START-05: refused, never replaced. */
    private static String encodable(OsString string, String what) {
        String text = Objects.requireNonNull(string.text()); // raw bytes were refused by the engine
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            if (!ENCODING.newEncoder().canEncode(text.subSequence(i, text.offsetByCodePoints(i, 1)))) {
                throw new IllegalArgumentException(what + " cannot be encoded in " + ENCODING + " at index " + i);
            }
        }
        return text;
    }

    private static Path directory(StartRequest request) throws ProcessException {
        OsString given = request.directory();
        if (given == null) {
            return Path.of("").toAbsolutePath();
        }
        Path directory = Path.of(encodable(given, "the directory"));
        if (!Files.exists(directory)) {
            throw failed(ErrorKind.NOT_FOUND, "chdir", directory, "ENOENT", 2);
        }
        if (!Files.isDirectory(directory)) {
            throw failed(ErrorKind.NOT_FOUND, "chdir", directory, "ENOTDIR", 20);
        }
        if (!Files.isExecutable(directory)) {
            throw failed(ErrorKind.PERMISSION, "chdir", directory, "EACCES", 13);
        }
        return directory.toAbsolutePath();
    }

    /** With a separator in it, so that PATH is not searched; looked at first, because the JDK's texts are not parsed. */
    private static String program(StartRequest request, Path directory) throws ProcessException {
        String name = encodable(request.program(), "the program");
        Path given = Path.of(name);
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            throw failed(ErrorKind.NOT_FOUND, "fork/exec", given, "ENOENT", 2);
        }
        if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
            throw failed(ErrorKind.PERMISSION, "fork/exec", given, "EACCES", 13);
        }
        checkFormat(file, given);
        return name.startsWith("/") ? name : file.toString();
    }

    private static void checkFormat(Path file, Path given) throws ProcessException {
        String begin;
        try (InputStream in = Files.newInputStream(file)) {
            begin = new String(in.readNBytes(FIRST_LINE), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return; // one may run what one cannot read
        }
        if (begin.startsWith(SCRIPT)) {
            String interpreter = begin.substring(SCRIPT.length()).strip().split("\\s", 2)[0];
            if (!Files.exists(Path.of(interpreter))) { // ERR-09
                throw ProcessException.builder(ErrorKind.NOT_FOUND, "fork/exec")
                        .path(given.toString())
                        .nativeError("ENOENT", 2)
                        .detail("the file is there; its interpreter " + interpreter + " is not")
                        .build();
            }
        } else if (!begin.startsWith(ELF)) {
            // START-27: the JDK would hand it to a shell
            throw failed(ErrorKind.NOT_EXECUTABLE, "fork/exec", given, "ENOEXEC", 8);
        }
    }

    private static ProcessException failed(ErrorKind kind, String operation, Path path, String name, int number) {
        return ProcessException.builder(kind, operation)
                .path(path.toString())
                .nativeError(name, number)
                .build();
    }

    private static void environment(ChildEnvironment given, Map<String, String> into) {
        if (given.inherits()) {
            into.keySet().removeAll(given.removed());
        } else {
            into.clear();
        }
        for (int i = 0; i < given.entries().size(); i++) {
            String entry = encodable(given.entries().get(i), "environment entry " + i);
            int equals = entry.indexOf('=', 1);
            into.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
    }

    private static void redirect(ProcessBuilder builder, @Nullable List<ChildFile> files) throws ProcessException {
        if (files == null) {
            builder.inheritIO();
            return;
        }
        Redirect[] redirects = new Redirect[PLACES];
        for (int place = 0; place < PLACES; place++) {
            redirects[place] = redirect(files.get(place), place);
        }
        builder.redirectInput(redirects[0]).redirectOutput(redirects[1]).redirectError(redirects[2]);
    }

    private static Redirect redirect(ChildFile file, int place) throws ProcessException {
        boolean reads = place == 0;
        switch (file.kind()) {
            case INHERIT -> {
                if (file.number() == place) {
                    return Redirect.INHERIT;
                }
            }
            case NULL_DEVICE -> {
                return reads ? Redirect.from(new File("/dev/null")) : Redirect.DISCARD;
            }
            case READ -> {
                if (reads) {
                    File source = Objects.requireNonNull(file.path()).toFile();
                    if (!source.exists()) {
                        throw failed(ErrorKind.NOT_FOUND, "open", source.toPath(), "ENOENT", 2);
                    }
                    return Redirect.from(source);
                }
            }
            case WRITE, APPEND -> {
                if (!reads) {
                    File sink = Objects.requireNonNull(file.path()).toFile();
                    Path folder = sink.getAbsoluteFile().toPath().getParent();
                    if (folder == null || !Files.isDirectory(folder)) {
                        throw failed(ErrorKind.NOT_FOUND, "open", sink.toPath(), "ENOENT", 2);
                    }
                    return file.kind() == ChildFile.Kind.WRITE ? Redirect.to(sink) : Redirect.appendTo(sink);
                }
            }
            default -> {
                if (file.isPipe() && file.childReads(place) == reads) {
                    return Redirect.PIPE;
                }
            }
        }
        throw new UnsupportedFeatureException(
                Capability.DESCRIPTORS.description(),
                ExampleBackend.NAME,
                "ProcessBuilder cannot have " + file + " at place " + place);
    }

    private static List<@Nullable ByteChannel> pipes(Process process, @Nullable List<ChildFile> files) {
        List<@Nullable ByteChannel> pipes = new ArrayList<>();
        if (files != null) {
            pipes.add(files.get(0).isPipe() ? PipeEnd.to(process.getOutputStream()) : null);
            pipes.add(files.get(1).isPipe() ? PipeEnd.from(process.getInputStream()) : null);
            pipes.add(files.get(2).isPipe() ? PipeEnd.from(process.getErrorStream()) : null);
        }
        return pipes;
    }
}
