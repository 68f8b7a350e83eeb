// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.Signal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code osprocess signal}: sends a signal to one process. */
@Command(
        name = "osprocess signal",
        header = "Sends a signal to one process.",
        customSynopsis = "osprocess signal PID|IDENTITY NAME|NUMBER",
        description = {
            "",
            "NAME is with or without SIG, in any case: TERM, SIGUSR1, RTMIN+3. NUMBER is the system's own; 0 sends "
                    + "nothing and asks whether the process could be signalled. With an identity the signal never "
                    + "hits a later process of the same number.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 if it was sent; 3 if the process has finished; 1 on other errors.",
            "",
            "Examples:",
            "  osprocess signal 4711 TERM",
            "  osprocess signal 4711 9",
            "  osprocess signal \"$id\" SIGKILL      # with id=$(osprocess identity 4711), taken earlier"
        },
        exitCodeOnInvalidInput = ExitCodes.ERROR,
        exitCodeOnExecutionException = ExitCodes.ERROR)
final class SignalCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "PID|IDENTITY", description = "The process.")
    String process = "";

    @Parameters(index = "1", paramLabel = "NAME|NUMBER", description = "The signal.")
    String signal = "";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    boolean help;

    @Override
    public Integer call() throws CommandFailure, ProcessException {
        Signal wanted = Signal.of(signal);
        try (OsProcess found = Processes.find(process)) {
            found.signal(wanted);
            return ExitCodes.OK;
        } catch (ProcessDoneException finished) {
            throw new CommandFailure(ExitCodes.DONE, "the process " + process + " has finished; nothing was sent");
        }
    }
}
