// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import dev.osprocess.tck.spec.Specification;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs the kit: {@code java -jar osprocess-tck-…-all.jar}, and {@code osprocess tck}. */
public final class Main {
    /** No rule failed. */
    private static final int PASSED = 0;

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private static final long EXIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Main() {}

    /** Runs it and ends the JVM. */
    public static void main(String[] args) {
        exit(run("java -jar osprocess-tck-all.jar", System.out, System.err, args));
    }

    /** Ends the JVM with this code, also where a hanging backend holds up its orderly end. */
    public static void exit(int code) {
        System.out.flush();
        System.err.flush();
        Thread last = new Thread(
                () -> {
                    long begin = System.nanoTime();
                    while (System.nanoTime() - begin < EXIT_NANOS) {
                        LockSupport.parkNanos(EXIT_NANOS);
                    }
                    Runtime.getRuntime().halt(code);
                },
                "osprocess-tck-halt");
        last.setDaemon(true);
        last.start();
        System.exit(code);
    }

    /**
     * Runs it.
     *
     * @param command how it was called, for the help
     * @param out gets the result
     * @param err gets the progress, and what was wrong with the options
     * @return 0 if no rule failed, 1 if one did, 2 if nothing was run as it was asked for
     */
    public static int run(String command, PrintStream out, PrintStream err, String... args) {
        try {
            Specification specification = Specification.load();
            Options options = Options.parse(specification, args);
            if (options.help) {
                out.print(help(command));
                return PASSED;
            }
            prepare(options);
            KitReport report = new Runner(specification, options, err).run();
            out.print(TextReport.of(report));
            write(report, options, out);
            return report.failed() ? FAILED : PASSED;
        } catch (UsageException misuse) {
            err.println("osprocess: tck: " + misuse.text() + "; see '" + command + " --help'");
            return MISUSED;
        } catch (IOException failed) {
            err.println("osprocess: tck: the report cannot be written: " + failed);
            return MISUSED;
        }
    }

    /** Before the run, so that it is not in vain. */
    private static void prepare(Options options) throws IOException {
        if (options.report != null) {
            Files.createDirectories(options.report);
        }
    }

    private static void write(KitReport report, Options options, PrintStream out) throws IOException {
        Path folder = options.report;
        if (folder != null) {
            Path page = folder.resolve("report.html");
            Files.writeString(folder.resolve("report.json"), JsonReport.of(report), StandardCharsets.UTF_8);
            Files.writeString(page, HtmlReport.of(report), StandardCharsets.UTF_8);
            out.println("report: " + page);
        }
    }

    private static String help(String command) {
        return """
                Usage: %s [OPTION]...
                Runs the conformance kit: every rule of the specification against every backend that is
                available here, one line a rule.

                  --backend NAME       only this subject; again for more. A backend's name, or a mode of it:
                                       linux, linux:pid. 'engine': only what a scripted kernel shows.
                  --rule ID            only this rule or area (WAIT-13, WAIT); again for more
                  --report DIR         also write report.html (one page, to look at) and report.json there
                  --environment FILE   what does not hold here, through no fault of the backend: lines
                                       'RULE = cause'; the rule is then not tested%s
                  --not-tested FILE    fail unless the rules that are NOT-TESTED, though the kit has tests for
                                       them, are those of this Markdown table: | RULE | SUBJECT, ... | cause |
                  --without-engine     leave out the engine's own tests, on a scripted kernel: they are the
                                       same for all backends. Rules that only they show are not counted
                  --with JAR           a backend of your own, and what it needs; again for more
                  --help               show this text

                PASS        every test of the rule passed
                FAIL        a test failed: what was expected, and where to look in the backend
                REFUSED     the backend lacks the capability, and refuses properly
                NOT-TESTED  with the reason

                Exit codes: 0 if no rule failed; 1 if one failed; 2 if it could not be run as asked.
                """.formatted(
                command,
                Environments.KNOWN.isEmpty() ? "" : ". Known by name: " + String.join(", ", Environments.KNOWN));
    }
}
