// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.SystemAttributes;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.Target;
import dev.osprocess.windows.WindowsAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts children by CreateProcessW on the calling thread (D8). */
final class WindowsStarter {
    private static final WindowsAttributes NONE = WindowsAttributes.builder().build();

    private final WindowsSyscalls calls;
    private final Paths paths;
    private final JvmJob jvmJob;

    WindowsStarter(WindowsSyscalls calls) {
        this.calls = calls;
        this.paths = new Paths(calls);
        this.jvmJob = new JvmJob(calls);
    }

    Target start(StartRequest request) throws ProcessException {
        WindowsAttributes attributes = attributes(request.system());
        String directory = paths.directory(text(request.directory()));
        String program = paths.program(request.program().toString(), directory);
        Command command = command(request, attributes, program, directory);
        byte[] environment = EnvironmentBlock.of(request.environment(), calls);
        List<Long> extra = checkedInheritable(attributes.inheritedHandles());
        long job = 0;
        boolean started = false;
        // a child with a console of its own takes its streams from there, unless it is given files
        boolean consoleStreams = attributes.isNewConsole() && request.files() == null;
        try (FileTable table =
                FileTable.open(calls, consoleStreams ? List.of() : request.files(), attributes.parentProcess())) {
            try {
                job = attributes.isNewJob() ? newJob() : 0;
                Launch launch = new Launch(
                        command.application(),
                        command.line(),
                        attributes.creationFlags()
                                | WindowsAbi.CREATE_UNICODE_ENVIRONMENT
                                | WindowsAbi.EXTENDED_STARTUPINFO_PRESENT,
                        environment,
                        directory,
                        consoleStreams ? null : table.streams(),
                        inherited(table.streams(), extra),
                        jobs(attributes, job),
                        attributes.parentProcess(),
                        attributes.isHideWindow());
                WindowsSyscalls.Created created = create(launch, request, program, directory);
                started = true;
                Handles.close(calls, created.thread());
                boolean hearsBreak = attributes.isNewProcessGroup() && attributes.sharesConsole();
                return new OwnTarget(calls, created.pid(), created.process(), hearsBreak, job, table.parentEnds());
            } finally {
                if (!started) {
                    table.abandonParentEnds();
                    Handles.close(calls, job);
                }
            }
        }
    }

    /** What is run, and the line that it reads. */
    private record Command(String application, String line) {}

    private Command command(
            StartRequest request, WindowsAttributes attributes, String program, @Nullable String directory)
            throws ProcessException {
        List<String> arguments = new ArrayList<>(request.arguments().size());
        for (OsString argument : request.arguments()) {
            arguments.add(argument.toString());
        }
        String raw = attributes.commandLine().orElse(null);
        if (raw != null) { // START-43
            if (raw.indexOf('\0') >= 0) {
                throw ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                        .path(program)
                        .detail("the command line holds NUL at index " + raw.indexOf('\0'))
                        .build();
            }
            CommandLine.checkLength(program, raw.length(), 0);
            return new Command(program, raw);
        }
        if (!BatchFile.isBatch(program)) {
            return new Command(program, CommandLine.of(program, arguments));
        }
        try {
            String shell = calls.systemDirectory() + "\\cmd.exe";
            String line =
                    BatchFile.commandLine(shell, program, request.program().toString(), arguments);
            calls.fileAttributes(program); // cmd.exe would start, and report a missing file in its own way
            return new Command(shell, line);
        } catch (Win32Exception failed) {
            throw failure(failed, request, program, directory);
        }
    }

    private static @Nullable String text(@Nullable OsString string) {
        return string == null ? null : string.toString();
    }

    private static WindowsAttributes attributes(@Nullable SystemAttributes system) {
        if (system == null) {
            return NONE;
        }
        if (system instanceof WindowsAttributes ours) {
            return ours;
        }
        throw new UnsupportedFeatureException(
                "the attributes of backend '" + system.backend() + "' ("
                        + system.getClass().getName() + ")",
                WindowsBackend.NAME,
                "use WindowsAttributes");
    }

    /** One that is not inheritable would be an error of CreateProcess that names nobody. */
    private List<Long> checkedInheritable(List<Long> handles) throws ProcessException {
        for (long handle : handles) {
            String name = "handle 0x" + Long.toHexString(handle);
            try {
                if ((calls.handleFlags(handle) & WindowsAbi.HANDLE_FLAG_INHERIT) == 0) {
                    throw ProcessException.builder(ErrorKind.INVALID, "inheritHandle")
                            .path(name)
                            .detail("it is not inheritable; make it so by SetHandleInformation, or duplicate it")
                            .build();
                }
            } catch (Win32Exception failed) {
                throw WindowsErrors.onFile(WindowsErrors.kind(failed.error()), "inheritHandle", name, failed, "");
            }
        }
        return handles;
    }

    private static long[] inherited(long[] streams, List<Long> extra) {
        long[] all = new long[streams.length + extra.size()];
        int count = 0;
        for (long stream : streams) {
            if (stream != 0) {
                all[count++] = stream;
            }
        }
        for (long handle : extra) {
            all[count++] = handle;
        }
        return java.util.Arrays.copyOf(all, count);
    }

    private long newJob() throws ProcessException {
        try {
            return calls.createJob();
        } catch (Win32Exception failed) {
            throw WindowsErrors.of(failed);
        }
    }

    private long[] jobs(WindowsAttributes attributes, long own) throws ProcessException {
        if (!attributes.isEndWithJvm()) {
            return own == 0 ? new long[0] : new long[] {own};
        }
        long outer = jvmJob.handle();
        return own == 0 ? new long[] {outer} : new long[] {outer, own};
    }

    private WindowsSyscalls.Created create(
            Launch launch, StartRequest request, String program, @Nullable String directory) throws ProcessException {
        try {
            return calls.createProcess(launch);
        } catch (Win32Exception failed) {
            throw failure(failed, request, program, directory);
        }
    }

    /** START-13: a directory that cannot be entered is blamed, never the program; by the names that were given (ERR-02). */
    private ProcessException failure(
            Win32Exception failed, StartRequest request, String program, @Nullable String directory) {
        if (directory != null) {
            String given = String.valueOf(request.directory());
            try {
                if ((calls.fileAttributes(directory) & WindowsAbi.FILE_ATTRIBUTE_DIRECTORY) == 0) {
                    return chdir(given, new Win32Exception("GetFileAttributesW", Win32Error.DIRECTORY));
                }
            } catch (Win32Exception missing) {
                return chdir(given, missing);
            }
            if (failed.error() == Win32Error.DIRECTORY) {
                return chdir(given, failed);
            }
        }
        String given = request.program().toString();
        try {
            if ((calls.fileAttributes(program) & WindowsAbi.FILE_ATTRIBUTE_DIRECTORY) != 0) {
                return WindowsErrors.onFile(ErrorKind.NOT_EXECUTABLE, "fork/exec", given, failed, "; this is a folder");
            }
        } catch (Win32Exception unknown) {
            // then the first failure says all there is to say
        }
        return WindowsErrors.onFile(WindowsErrors.kind(failed.error()), "fork/exec", given, failed, "");
    }

    private static ProcessException chdir(String directory, Win32Exception failed) {
        return WindowsErrors.onFile(WindowsErrors.kind(failed.error()), "chdir", directory, failed, "");
    }
}
