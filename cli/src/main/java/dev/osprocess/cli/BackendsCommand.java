// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.spi.Backends;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ProcessBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code osprocess backends}: what serves this machine, or why not. */
@Command(
        name = "osprocess backends",
        header = "Lists every backend that was found, in the order in which they are tried.",
        customSynopsis = "osprocess backends [--json]",
        description = "",
        footer = {
            "",
            "The first one that is available is used, or the one that 'run --backend NAME' names.",
            "--json prints one array: name, order, available, cause, handle, capabilities.",
            "Exit codes: 0; 1 if no backend is available."
        },
        exitCodeOnInvalidInput = ExitCodes.ERROR,
        exitCodeOnExecutionException = ExitCodes.ERROR)
final class BackendsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "For programs.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    boolean help;

    @Override
    public Integer call() {
        List<Backends.Found> found = Backends.found();
        System.out.print(json ? json(found) : text(found));
        for (Backends.Found one : found) {
            if (one.availability().isAvailable()) {
                return ExitCodes.OK;
            }
        }
        Main.complain("no backend is available here");
        return ExitCodes.ERROR;
    }

    static String json(List<Backends.Found> found) {
        List<String> objects = new ArrayList<>();
        for (Backends.Found one : found) {
            ProcessBackend backend = usable(one);
            objects.add(new Json()
                    .put("name", one.name())
                    .put("order", (long) one.order())
                    .put("available", backend != null)
                    .put("cause", backend != null ? null : one.availability().cause())
                    .put("handle", backend == null ? null : backend.handleKind())
                    .put("capabilities", backend == null ? List.of() : names(backend))
                    .toString());
        }
        return "[" + String.join(",", objects) + "]" + System.lineSeparator();
    }

    static String text(List<Backends.Found> found) {
        String end = System.lineSeparator();
        StringBuilder text = new StringBuilder();
        for (Backends.Found one : found) {
            ProcessBackend backend = usable(one);
            text.append(one.name()).append(end);
            text.append("  order         ").append(one.order()).append(end);
            if (backend == null) {
                text.append("  not available ")
                        .append(one.availability().cause())
                        .append(end);
            } else {
                text.append("  available").append(end);
                text.append("  holds by      ").append(backend.handleKind()).append(end);
                text.append("  capabilities  ")
                        .append(String.join(", ", names(backend)))
                        .append(end);
            }
        }
        return text.toString();
    }

    private static @Nullable ProcessBackend usable(Backends.Found one) {
        return one.availability().isAvailable() ? one.backend() : null;
    }

    private static List<String> names(ProcessBackend backend) {
        List<String> names = new ArrayList<>();
        for (Capability capability : new TreeSet<>(backend.capabilities())) {
            names.add(capability.name());
        }
        return names;
    }
}
