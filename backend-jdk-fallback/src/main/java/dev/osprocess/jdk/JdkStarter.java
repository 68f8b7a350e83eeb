// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Starts children by {@link ProcessBuilder} on the calling thread (D8), after refusing what that would half do. */
final class JdkStarter {
    private static final String START = "fork/exec";

    private final JdkSystem system;
    private final JdkHost host;
    private final TextCheck text;
    private final Programs programs;
    private final Redirects redirects;

    JdkStarter(JdkSystem system) {
        this(system, TextCheck.of(system.host()));
    }

    JdkStarter(JdkSystem system, TextCheck text) {
        this.system = system;
        this.host = system.host();
        this.text = text;
        this.programs = new Programs(host);
        this.redirects = new Redirects(host, text);
    }

    ChildTarget start(StartRequest request, ConcurrentMap<Long, ChildTarget> held) throws ProcessException {
        refuseAttributes(request.system());
        ProcessBuilder builder = new ProcessBuilder(command(request.arguments()));
        String directory = textOf(request.directory(), "directory");
        if (directory != null) {
            builder.directory(new File(directory));
        }
        setEnvironment(builder, request.environment());
        redirects.apply(builder, request.files());
        String program = text(request.program());
        Path file = checkFiles(program, directory);
        try {
            Process child = system.calls().start(builder);
            boolean taken = false;
            try {
                ChildTarget target = new ChildTarget(system, child, PipeEnds.of(child, request.files()), held);
                taken = true;
                return target;
            } finally {
                if (!taken) { // nobody else would ever end it (START-26)
                    child.destroyForcibly();
                }
            }
        } catch (IOException failed) {
            throw explain(request, program, directory, file, failed);
        } catch (RuntimeException unrelated) { // ERR-14: not the JDK's NullPointerException and the like
            throw JdkErrors.onFile(
                    ErrorKind.SYSTEM, START, program, "the JDK refused in a way that is not documented", unrelated);
        }
    }

    private static void refuseAttributes(@Nullable SystemAttributes attributes) {
        if (attributes != null) {
            throw new UnsupportedFeatureException(
                    attributes.getClass().getName() + " (attributes of the backend '" + attributes.backend() + "')",
                    JdkBackend.NAME,
                    "leave them out, or use that backend");
        }
    }

    private List<String> command(List<OsString> arguments) {
        List<String> command = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            String argument = text(arguments.get(i));
            text.check(argument, i == 0 ? "program" : "argument " + i);
            if (i > 0 && host.isWindows() && argument.indexOf('"') >= 0) { // START-04
                throw new UnsupportedFeatureException(
                        "a quotation mark in argument " + i
                                + " (the JDK would not escape it, and the child would read other words)",
                        JdkBackend.NAME,
                        "leave it out; the backend 'windows' has it");
            }
            command.add(argument);
        }
        return command;
    }

    private @Nullable String textOf(@Nullable OsString string, String what) {
        if (string == null) {
            return null;
        }
        String found = text(string);
        text.check(found, what);
        return found;
    }

    private static String text(OsString string) {
        String found = string.text();
        if (found == null) { // the engine has refused bytes already
            throw new AssertionError("internal error: raw bytes reached the backend '" + JdkBackend.NAME + "'");
        }
        return found;
    }

    /** What the JDK would search, hand to a shell or blame wrongly is found here. */
    private Path checkFiles(String program, @Nullable String directory) throws ProcessException {
        try {
            ProcessException objection = directory == null ? null : programs.objectionToDirectory(directory);
            Path named = Path.of(program);
            Path file = directory == null ? named : Path.of(directory).resolve(named);
            if (objection == null) {
                objection = programs.objectionToProgram(program, file);
            }
            if (objection != null) {
                throw objection;
            }
            refuseWhatTheJdkBends(program, named, directory);
            return file;
        } catch (InvalidPathException malformed) {
            throw JdkErrors.onFile(ErrorKind.INVALID, START, program, "it cannot be the name of a file", malformed);
        }
    }

    private void refuseWhatTheJdkBends(String program, Path named, @Nullable String directory) {
        if (!host.hasSeparator(program)) { // START-01
            throw lacks(
                    "a program named without a directory (the JDK would search PATH)",
                    "name it './" + program + "', also as the first argument");
        }
        if (programs.isBatchFile(program)) {
            throw lacks(
                    "batch files",
                    "start a program instead; cmd.exe would read the arguments once more, in its own way");
        }
        if (host.isWindows() && directory != null && !named.isAbsolute()) { // START-12
            throw lacks(
                    "a relative program together with a directory (the JDK would look from this process's own)",
                    "name the program by its absolute path");
        }
    }

    private UnsupportedFeatureException lacks(String feature, String remedy) {
        return new UnsupportedFeatureException(feature, JdkBackend.NAME, host.remedy(remedy));
    }

    private void setEnvironment(ProcessBuilder builder, ChildEnvironment environment) {
        if (environment.inherits()
                && environment.removed().isEmpty()
                && environment.entries().isEmpty()) {
            return; // untouched, the child gets this process's own, byte for byte
        }
        Map<String, String> variables = builder.environment();
        if (environment.inherits()) {
            variables.keySet().removeAll(environment.removed());
        } else {
            variables.clear();
        }
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < environment.entries().size(); i++) {
            String entry = text(environment.entries().get(i));
            text.check(entry, "environment entry " + i);
            int equals = entry.indexOf('=', 1);
            String name = equals < 0 ? "" : entry.substring(0, equals);
            if (name.isEmpty() || (host.isWindows() ? !names.add(name) : name.indexOf('=') >= 0)) {
                throw lacks(Capability.RAW_ENVIRONMENT.description(), "give every variable once, as NAME=value");
            }
            variables.put(name, entry.substring(equals + 1));
        }
    }

    /** The JDK gives one text for everything, so the files are looked at again (START-13, ERR-10). */
    private ProcessException explain(
            StartRequest request, String program, @Nullable String directory, Path file, IOException failed) {
        ProcessException objection = directory == null ? null : programs.objectionToDirectory(directory);
        if (objection == null) {
            objection = redirects.objection(request.files());
        }
        if (objection == null) {
            objection = programs.objectionToProgram(program, file);
        }
        if (objection == null) {
            objection = programs.objectionToInterpreter(program, file);
        }
        if (objection == null) {
            return JdkErrors.onFile(
                    ErrorKind.SYSTEM,
                    START,
                    program,
                    "the JDK could not start it, and nothing is wrong with the files to be seen; the cause has its words"
                            + " (too long arguments, used up processes or memory, or a file that is still written)",
                    failed);
        }
        objection.addSuppressed(failed);
        return objection;
    }
}
