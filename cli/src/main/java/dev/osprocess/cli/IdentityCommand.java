// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code osprocess identity}: which process this is, in a form to keep. */
@Command(
        name = "osprocess identity",
        header = "Prints which process this is, in a form to keep.",
        customSynopsis = "osprocess identity PID",
        description = {
            "",
            "A process id is given to another process after the end of its bearer; an identity is not. 'wait' and "
                    + "'signal' take it in place of the PID, also after a restart of this machine: then the process "
                    + "is gone.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0; 3 if the process has finished; 1 on other errors.",
            "",
            "Example:",
            "  id=$(osprocess identity 4711); osprocess wait \"$id\""
        },
        exitCodeOnInvalidInput = ExitCodes.ERROR,
        exitCodeOnExecutionException = ExitCodes.ERROR)
final class IdentityCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PID", description = "The process.")
    String process = "";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    boolean help;

    @Override
    public Integer call() throws CommandFailure, ProcessException {
        try (OsProcess found = Processes.find(process)) {
            System.out.println(found.identity());
            return ExitCodes.OK;
        } catch (ProcessDoneException gone) {
            throw new CommandFailure(
                    ExitCodes.DONE,
                    "there is no process " + process + ", or it has finished: it has no identity any more");
        }
    }
}
