// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessMode;
import dev.osprocess.ProcessState;
import dev.osprocess.ResourceUsage;
import dev.osprocess.Signal;
import dev.osprocess.spi.Backends;
import dev.osprocess.spi.ProcessBackend;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended and what it used, for people and for programs.
 *
 * @param backend the name of the backend
 * @param handle what the process was held by: {@code pidfd}, {@code HANDLE} or {@code pid}
 * @param state how it ended
 */
record Report(String backend, String handle, ProcessState state) {
    private static final String UNKNOWN = "not known";

    /** The report of a process that ended. */
    static Report of(OsProcess process, ProcessState state) {
        ProcessBackend backend = Backends.selected();
        return new Report(backend.name(), process.mode() == ProcessMode.HANDLE ? backend.handleKind() : "pid", state);
    }

    /** One JSON object. Its keys are fixed; what is not known is null. */
    String json() {
        ResourceUsage usage = state.usage().orElse(null);
        Signal signal = state.signal().orElse(null);
        return new Json()
                .put("backend", backend)
                .put("handle", handle)
                .put("pid", state.pid())
                .put("exited", state.exited())
                .put("exitCode", state.exitCode())
                .put("signal", signal == null ? null : signal.toString())
                .put("coreDumped", state.coreDumped())
                .put("userMicros", usage == null ? null : micros(usage.userTime()))
                .put("systemMicros", usage == null ? null : micros(usage.systemTime()))
                .put("maxRssBytes", usage == null ? null : boxed(usage.maxRss()))
                .put("wallMicros", micros(state.wallTime().orElse(null)))
                .put("text", state.toString())
                .toString();
    }

    private static @Nullable Long micros(@Nullable Duration time) {
        return time == null ? null : Durations.micros(time);
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /**
     * A block of labelled lines. Of the arguments it gives the number alone: they may be secrets.
     *
     * @param program the file that was started
     * @param arguments how many arguments it got beside its name
     */
    String block(String program, int arguments) {
        ResourceUsage usage = state.usage().orElse(null);
        StringBuilder text = new StringBuilder(512);
        line(text, "Command", program + " (" + arguments + (arguments == 1 ? " argument)" : " arguments)"));
        line(text, "Process id", Long.toString(state.pid()));
        line(text, "Backend", backend);
        line(text, "Held by", handle);
        line(text, "Ended", state.describe());
        line(text, "Wall clock time", seconds(state.wallTime().orElse(null)));
        line(text, "User time", seconds(usage == null ? null : usage.userTime()));
        line(text, "System time", seconds(usage == null ? null : usage.systemTime()));
        line(text, "Maximum resident set size", usage == null ? UNKNOWN : memory(usage));
        line(
                text,
                "Page faults",
                usage == null ? UNKNOWN : pair(usage.minorFaults(), "without I/O", usage.majorFaults(), "with I/O"));
        line(
                text,
                "Context switches",
                usage == null
                        ? UNKNOWN
                        : pair(
                                usage.voluntaryContextSwitches(),
                                "voluntary",
                                usage.involuntaryContextSwitches(),
                                "involuntary"));
        line(
                text,
                "File system blocks",
                usage == null ? UNKNOWN : pair(usage.blockInputs(), "read", usage.blockOutputs(), "written"));
        return text.toString();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append('\t').append(label).append(": ").append(value).append(System.lineSeparator());
    }

    private static String seconds(@Nullable Duration time) {
        return time == null ? UNKNOWN : Durations.seconds(time) + " s";
    }

    private static String memory(ResourceUsage usage) {
        OptionalLong peak = usage.maxRss();
        if (peak.isEmpty()) {
            return UNKNOWN;
        }
        String size = peak.getAsLong() / 1024 + " KiB";
        OptionalLong floor = usage.maxRssFloor();
        return floor.isPresent() && peak.getAsLong() <= floor.getAsLong()
                ? size + " (at or below this JVM's own peak: says nothing about the program)"
                : size;
    }

    private static String pair(OptionalLong one, String what, OptionalLong other, String otherwise) {
        return one.isEmpty() || other.isEmpty()
                ? UNKNOWN
                : one.getAsLong() + " " + what + ", " + other.getAsLong() + " " + otherwise;
    }
}
