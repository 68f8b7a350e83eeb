// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import dev.osprocess.ChildFile;
import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.ProcessBackend;
import dev.osprocess.spi.StartRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses a start that cannot work, or that the backend could only half do, before anything is started (START-52). */
final class StartCheck {
    private final ProcessBackend backend;
    private final Set<Capability> capabilities;

    StartCheck(ProcessBackend backend, Set<Capability> capabilities) {
        this.backend = backend;
        this.capabilities = capabilities;
    }

    StartRequest check(OsString program, List<OsString> arguments, ProcessAttributes attributes)
            throws ProcessException {
        // START-03: without arguments the program's name is its argv[0]
        List<OsString> argv = arguments.isEmpty() ? List.of(program) : arguments;
        OsString directory = attributes.directory().orElse(null);
        ChildEnvironment environment = attributes.environment();
        checkProgram(program);
        for (int i = 0; i < argv.size(); i++) {
            checkText(argv.get(i), "argument", i);
        }
        if (directory != null) {
            checkDirectory(directory);
        }
        List<OsString> entries = environment.entries();
        for (int i = 0; i < entries.size(); i++) {
            checkText(entries.get(i), "environment entry", i);
        }
        if (!has(Capability.ARGV0) && !argv.get(0).equals(program)) {
            throw lacks(Capability.ARGV0, "pass the program's own name as the first argument");
        }
        if (!has(Capability.RAW_ENVIRONMENT) && !environment.inherits()) {
            checkRegular(entries);
        }
        List<ChildFile> files = attributes.files().orElse(null);
        if (files != null) {
            checkFiles(files);
        }
        return new StartRequest(
                program,
                argv,
                directory,
                environment,
                files,
                attributes.system().orElse(null));
    }

    private void checkProgram(OsString program) throws ProcessException {
        checkRaw(program);
        if (program.indexOfNul() >= 0) {
            throw invalid("fork/exec", program, "the program's name holds NUL at index " + program.indexOfNul());
        }
        if (program.toString().isEmpty()) { // START-15
            throw ProcessException.builder(ErrorKind.NOT_FOUND, "fork/exec")
                    .path("''")
                    .detail("the program's name is empty; name a file")
                    .build();
        }
    }

    private void checkDirectory(OsString directory) throws ProcessException {
        checkRaw(directory);
        if (directory.indexOfNul() >= 0) {
            throw invalid("chdir", directory, "the directory's name holds NUL at index " + directory.indexOfNul());
        }
    }

    /** ERR-15: the text names the place, never what stands there. */
    private void checkText(OsString text, String what, int place) throws ProcessException {
        checkRaw(text);
        int nul = text.indexOfNul();
        if (nul >= 0) {
            throw ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                    .detail(what + " " + place + " holds NUL at index " + nul + ", where the system would cut it off")
                    .build();
        }
    }

    private void checkRaw(OsString text) {
        if (text.text() == null && !has(Capability.RAW_BYTES)) {
            throw lacks(Capability.RAW_BYTES, "use text");
        }
    }

    private void checkRegular(List<OsString> entries) {
        Set<String> names = new HashSet<>();
        for (OsString entry : entries) {
            String text = entry.toString();
            int equals = text.indexOf('=', 1);
            if (equals < 0 || !names.add(text.substring(0, equals))) {
                throw lacks(Capability.RAW_ENVIRONMENT, "give every variable once, as NAME=value");
            }
        }
    }

    private void checkFiles(List<ChildFile> files) {
        if (files.size() > 3 && !has(Capability.EXTRA_FILES)) {
            throw lacks(Capability.EXTRA_FILES, "give at most three files");
        }
        if (!has(Capability.CLOSED_FILES) && files.size() < 3) {
            throw lacks(Capability.CLOSED_FILES, "give all three files; nullDevice() reads as empty");
        }
        for (ChildFile file : files) {
            if (file.kind() == ChildFile.Kind.CLOSED && !has(Capability.CLOSED_FILES)) {
                throw lacks(Capability.CLOSED_FILES, "use nullDevice()");
            }
            if (file.kind() == ChildFile.Kind.DESCRIPTOR && !has(Capability.DESCRIPTORS)) {
                throw lacks(Capability.DESCRIPTORS, "use inherit(n), a path or a pipe");
            }
        }
    }

    private boolean has(Capability capability) {
        return capabilities.contains(capability);
    }

    private UnsupportedFeatureException lacks(Capability capability, String remedy) {
        return refusal(backend, capability, remedy);
    }

    /** The refusal of what this backend lacks; it names who has it, if the backend knows (START-52). */
    static UnsupportedFeatureException refusal(ProcessBackend backend, Capability capability, String remedy) {
        String others = backend.whoHas(capability);
        return new UnsupportedFeatureException(
                capability.description(), backend.name(), others.isEmpty() ? remedy : remedy + "; " + others);
    }

    private static ProcessException invalid(String operation, OsString path, String detail) {
        return ProcessException.builder(ErrorKind.INVALID, operation)
                .path(printable(path))
                .detail(detail)
                .build();
    }

    private static String printable(OsString path) {
        return path.toString().replace('\0', '␀');
    }
}
