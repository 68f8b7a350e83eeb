// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.ProcessException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The way in: takes the first word, runs that subcommand alone, and ends the JVM with its exit code. */
public final class Main {
    private static final String POM = "/META-INF/maven/dev.osprocess/osprocess-cli/pom.properties";

    private Main() {}

    /** Runs the command line and ends the JVM. */
    public static void main(String[] args) {
        int code = ExitCodes.OWN_FAILURE;
        try {
            code = run(args);
        } catch (RuntimeException | Error broken) { // 1 would look like the child's own code
            complain("internal error: " + broken);
            broken.printStackTrace();
        }
        System.out.flush();
        System.err.flush();
        System.exit(code); // threads of the library or of a binding must not keep us
    }

    /** Runs the command line and gives its exit code. */
    static int run(String... args) {
        if (args.length == 0) {
            return misused("no command was given");
        }
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        return switch (args[0]) {
            case "run" -> execute(new RunCommand(), true, rest); // what follows PROGRAM belongs to it
            case "wait" -> execute(new WaitCommand(), false, rest);
            case "signal" -> execute(new SignalCommand(), false, rest);
            case "identity" -> execute(new IdentityCommand(), false, rest);
            case "backends" -> execute(new BackendsCommand(), false, rest);
            case "tck" -> TckCommand.run(rest);
            case "help" -> rest.length == 0 ? run("--help") : run(rest[0], "--help");
            case "-h", "--help" -> say(Help.TEXT);
            case "-V", "--version" -> say(version());
            default -> misused("'" + args[0] + "' is not a command");
        };
    }

    private static int say(String text) {
        System.out.print(text);
        return ExitCodes.OK;
    }

    private static int execute(Callable<Integer> command, boolean stopsAtPositional, String... args) {
        CommandLine line = new CommandLine(command);
        line.setExpandAtFiles(false); // @x is an argument of the program
        line.setStopAtPositional(stopsAtPositional);
        line.setInterpolateVariables(false);
        Troubles troubles = new Troubles();
        line.setParameterExceptionHandler(troubles);
        line.setExecutionExceptionHandler(troubles);
        return line.execute(args);
    }

    private static int misused(String what) {
        complain(what + "; see 'osprocess --help'");
        return ExitCodes.OWN_FAILURE;
    }

    /** One line on stderr. */
    static void complain(String text) {
        System.err.println("osprocess: " + text.replaceAll("\\R", " "));
    }

    private static String version() {
        Properties pom = new Properties();
        try (InputStream in = Main.class.getResourceAsStream(POM)) {
            if (in != null) {
                pom.load(in);
            }
        } catch (IOException unreadable) {
            complain("cannot read " + POM + ": " + unreadable.getMessage());
        }
        return "osprocess " + pom.getProperty("version", "(not packaged)") + ", Java "
                + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + System.lineSeparator();
    }

    /** Turns what went wrong into one line and an exit code. A class, because a lambda costs more at start-up. */
    private static final class Troubles
            implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {
        @Override
        public int handleParseException(CommandLine.ParameterException misuse, String[] args) {
            CommandLine.Model.CommandSpec command = misuse.getCommandLine().getCommandSpec();
            complain(misuse.getMessage() + "; see '" + command.name() + " --help'");
            return command.exitCodeOnInvalidInput();
        }

        @Override
        public int handleExecutionException(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
            if (failure instanceof CommandFailure explained) {
                complain(explained.text());
                return explained.exitCode();
            }
            if (failure instanceof ProcessException
                    || failure instanceof UnsupportedOperationException // no backend, or it lacks a feature
                    || failure instanceof IllegalArgumentException) {
                complain(String.valueOf(failure.getMessage()));
            } else {
                complain("internal error: " + failure);
                failure.printStackTrace();
            }
            return line.getCommandSpec().exitCodeOnExecutionException();
        }
    }
}
