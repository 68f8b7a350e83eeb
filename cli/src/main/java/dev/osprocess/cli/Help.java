// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

/** What {@code osprocess --help} says. */
final class Help {
    static final String TEXT = """
      osprocess starts, finds, waits for and signals processes of the operating system,
      and never hits a stranger that inherited a recycled process id.

      Usage:
        osprocess run [OPTION]... -- PROGRAM [ARG]...   start a program and exit as it does
        osprocess wait PID|IDENTITY [--timeout 5s]      wait for any process to end
        osprocess signal PID|IDENTITY NAME|NUMBER       send a signal
        osprocess identity PID                          which process this is, in a form to keep
        osprocess backends                              what serves this machine, or why not
        osprocess tck                                   run the conformance kit, rule by rule
        osprocess COMMAND --help                        all about one of them
        osprocess --version

      Exit codes of run and wait:
        0-123    the program's own exit code (any code up to 255 is passed on)
        124      the time of --timeout was up
        125      osprocess itself failed: wrong usage, missing --dir, no backend
        126      the program was found and could not be started
        127      the program (wait: the process) was not found
        128+N    signal N ended the program: 137 after KILL (9), 143 after TERM (15);
                 --report and --json tell that from a program that exits with 137
      Exit codes of signal and identity: 0; 3 if the process has finished; 1 on other errors.
      Exit codes of tck: 0; 1 if a rule failed; 2 if it could not be run as asked.

      Examples:
        osprocess run --report -- sh -c 'echo hello; exit 3'
        osprocess run --timeout 5s --env LANG=C --dir /tmp -- make test
        id=$(osprocess identity 4711); osprocess wait "$id"     # not its successor
      """;

    private Help() {}
}
