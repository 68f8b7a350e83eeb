// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.OsString;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Backends;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ChildEnvironment;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code osprocess run}: starts a program and exits as it does. */
@Command(
        name = "osprocess run",
        header = "Starts a program with this command's own stdin, stdout and stderr, and exits as it does.",
        customSynopsis = "osprocess run [OPTION]... [--] PROGRAM [ARG]...",
        description = {
            "",
            "PROGRAM is looked up in the PATH of this command unless it contains a '/'; no shell is involved, and an "
                    + "empty element of PATH is skipped. A relative PROGRAM with a '/' is taken from the directory "
                    + "of --dir.",
            ""
        },
        footer = {
            "",
            "Signals: TERM and HUP that reach osprocess are passed on to the program, and osprocess ends with the "
                    + "program's status. INT is passed on as well, unless osprocess runs in the foreground of a "
                    + "terminal: a Ctrl-C there reaches the program by itself, and must not reach it twice. (Without "
                    + "/proc that cannot be told, and INT is left to the terminal.)",
            "",
            "--json writes one object on the last line of stderr: backend, handle (pidfd, HANDLE or pid), pid, "
                    + "exited, exitCode (-1 if it did not exit), signal, coreDumped, userMicros, systemMicros, "
                    + "maxRssBytes, wallMicros, text; what is not known is null. On Linux maxRssBytes is at least the peak of the JVM that "
                    + "started the program; --report says when that is all it shows.",
            "",
            "Exit codes: the program's own; 128+N after signal N; 124 after the timeout; 125 if osprocess itself "
                    + "failed (usage, --dir, no backend); 126 if the program was found and could not be started; 127 "
                    + "if it was not found.",
            "",
            "Examples:",
            "  osprocess run --report -- sh -c 'echo hello; exit 3'",
            "  osprocess run --timeout 5s --kill-after 500ms -- ./server --port 8080",
            "  osprocess run --json --clear-env --env PATH=/bin -- env"
        },
        exitCodeOnInvalidInput = ExitCodes.OWN_FAILURE,
        exitCodeOnExecutionException = ExitCodes.OWN_FAILURE)
final class RunCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--dir", paramLabel = "D", description = "The directory that the program begins in.")
    @Nullable
    String directory;

    @Option(
            names = "--env",
            paramLabel = "K=V",
            description = "Set a variable of the program's environment; may be given again.")
    List<String> variables = new ArrayList<>();

    @Option(names = "--clear-env", description = "Begin with an empty environment instead of this command's own.")
    boolean clearEnvironment;

    @Option(names = "--argv0", paramLabel = "NAME", description = "What the program sees as its own name.")
    @Nullable
    String argv0;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description =
                    "When this is up send TERM, later KILL, and exit with 124. Write 500ms, 5s, 2m, 1h30m or PT5S.")
    @Nullable
    Duration timeout;

    @Option(
            names = "--kill-after",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long after the TERM of --timeout the KILL is sent; 2s if not given.")
    Duration grace = Duration.ofSeconds(2);

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "Use this backend and no other; 'osprocess backends' lists them.")
    @Nullable
    String backend;

    @Option(names = "--report", description = "Say on stderr how the program ended and what it used.")
    boolean report;

    @Option(names = "--json", description = "The same for programs: one JSON object on the last line of stderr.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    boolean help;

    @Parameters(arity = "1..*", paramLabel = "PROGRAM", description = "The program and its arguments.", hidden = true)
    List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws CommandFailure, ProcessException, InterruptedException {
        check();
        if (backend != null) {
            System.setProperty("dev.osprocess.backend", backend);
        }
        String program = ProgramLookup.ofThisProcess().find(command.get(0));
        ProcessAttributes attributes = attributes();
        SignalForwarding signals = SignalForwarding.install();
        try (OsProcess process = start(program, attributes)) {
            signals.to(process);
            ProcessState ended = timeout == null ? process.waitFor() : waitAtMost(process, timeout);
            boolean late = ended == null;
            if (ended == null) {
                ended = end(process);
            }
            tell(process, ended, program);
            return late ? ExitCodes.TIMEOUT : ExitCodes.of(ended, ExitCodes.OWN_FAILURE);
        }
    }

    private void check() {
        if (report && json) {
            throw misuse("--report and --json exclude each other");
        }
        if (timeout != null && timeout.isZero()) {
            throw misuse("--timeout must be longer than 0");
        }
        for (String variable : variables) {
            if (variable.indexOf('=') <= 0) {
                // the text may be a secret whose name was forgotten
                throw misuse("--env takes K=V with a name before the '='");
            }
        }
    }

    private ParameterException misuse(String text) {
        if (spec == null) {
            throw new IllegalStateException("internal error: used without the parser");
        }
        return new ParameterException(spec.commandLine(), text);
    }

    private ProcessAttributes attributes() {
        if (directory == null && variables.isEmpty() && !clearEnvironment) {
            return ProcessAttributes.defaults();
        }
        ProcessAttributes.Builder attributes = ProcessAttributes.builder();
        if (directory != null) {
            attributes.directory(OsString.of(directory));
        }
        if (clearEnvironment) {
            Map<String, String> only = new LinkedHashMap<>();
            new Edit(variables).accept(only);
            attributes.environment(only);
        } else if (!variables.isEmpty()) {
            attributes.inheritEnvironment(new Edit(variables));
        }
        return attributes.build();
    }

    /** Sets the variables of {@code --env}. */
    private record Edit(List<String> variables) implements Consumer<Map<String, String>> {
        @Override
        public void accept(Map<String, String> environment) {
            for (String variable : variables) {
                int equals = variable.indexOf('=');
                String name = variable.substring(0, equals);
                String value = variable.substring(equals + 1);
                ChildEnvironment.checkVariable(name, value);
                environment.put(name, value);
            }
        }
    }

    private OsProcess start(String program, ProcessAttributes attributes) throws CommandFailure {
        List<OsString> arguments = RawArguments.of(command);
        OsString file = program.equals(command.get(0)) ? arguments.get(0) : OsString.of(program);
        if (argv0 != null) {
            arguments.set(0, OsString.of(argv0));
        } else if (!Backends.selected().capabilities().contains(Capability.ARGV0)) {
            arguments.set(0, file); // as typed is what shells give; where that cannot be, the file's name is the truth
        }
        try {
            return OsProcess.start(file, arguments, attributes);
        } catch (ProcessException failure) {
            throw new CommandFailure(
                    ExitCodes.ofFailedStart(failure, exists(program)), String.valueOf(failure.getMessage()));
        }
    }

    private boolean exists(String program) {
        File file = new File(program);
        if (directory != null && !file.isAbsolute()) {
            file = new File(directory, program);
        }
        return file.exists();
    }

    private static @Nullable ProcessState waitAtMost(OsProcess process, Duration time)
            throws ProcessException, InterruptedException {
        return process.waitFor(time).orElse(null);
    }

    /** The time is up: first politely, then not. */
    private ProcessState end(OsProcess process) throws ProcessException, InterruptedException {
        try {
            process.signal(Signal.TERM);
            Main.complain("the program did not end within " + Durations.text(timeout == null ? grace : timeout)
                    + "; it was sent TERM");
            ProcessState ended = waitAtMost(process, grace);
            if (ended != null) {
                return ended;
            }
            Main.complain("the program did not end " + Durations.text(grace) + " after TERM; it is killed");
        } catch (ProcessDoneException meanwhile) {
            return process.waitFor();
        } catch (UnsupportedFeatureException noTerm) {
            Main.complain("the program did not end in time; it is killed, because this system has no TERM");
        }
        process.kill();
        return process.waitFor();
    }

    private void tell(OsProcess process, ProcessState ended, String program) {
        if (report) {
            System.err.print(Report.of(process, ended).block(program, command.size() - 1));
        } else if (json) {
            System.err.println(Report.of(process, ended).json());
        }
    }
}
