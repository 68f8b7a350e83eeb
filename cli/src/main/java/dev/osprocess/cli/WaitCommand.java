// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code osprocess wait}: ends when a process ends. */
@Command(
        name = "osprocess wait",
        header = "Ends when a process ends, whoever started it, and says how it ended.",
        customSynopsis = "osprocess wait PID|IDENTITY [--timeout TIME] [--json]",
        description = {
            "",
            "Nothing is done to the process, and its parent still gets its state. With an identity it is that "
                    + "process and never a later one of the same number.",
            ""
        },
        footer = {
            "",
            "Exit codes: the exit code of the process, or 128+N after signal N, where the system tells (Windows; "
                    + "Linux from 6.13 on; before that for zombies, with the right to look); 0 with 'unknown' in the "
                    + "text where it does not; 124 after the timeout; 127 if there is no such process, or no longer; "
                    + "125 on other errors.",
            "",
            "Examples:",
            "  osprocess wait 4711",
            "  osprocess wait --timeout 5s --json 4711",
            "  id=$(osprocess identity 4711); osprocess wait \"$id\""
        },
        exitCodeOnInvalidInput = ExitCodes.OWN_FAILURE,
        exitCodeOnExecutionException = ExitCodes.OWN_FAILURE)
final class WaitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PID|IDENTITY", description = "The process.")
    String process = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Wait no longer than this: 500ms, 5s, 2m, 1h30m or PT5S. 0s looks once.")
    @Nullable
    Duration timeout;

    @Option(names = "--json", description = "Say it as one JSON object, of the form that 'osprocess run --help' tells.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    boolean help;

    @Override
    public Integer call() throws CommandFailure, ProcessException, InterruptedException {
        try (OsProcess found = Processes.find(process)) {
            ProcessState ended = timeout == null ? found.waitFor() : waitAtMost(found, timeout);
            System.out.println(json ? Report.of(found, ended).json() : "process " + ended.pid() + ": " + ended);
            return ExitCodes.of(ended, ExitCodes.OK);
        } catch (ProcessDoneException gone) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "there is no process " + process + ", or it ended before it could be looked at");
        }
    }

    private static ProcessState waitAtMost(OsProcess process, Duration time)
            throws CommandFailure, ProcessException, InterruptedException {
        Optional<ProcessState> ended = process.waitFor(time);
        if (ended.isEmpty()) {
            throw new CommandFailure(
                    ExitCodes.TIMEOUT, "process " + process.pid() + " has not ended within " + Durations.text(time));
        }
        return ended.get();
    }
}
