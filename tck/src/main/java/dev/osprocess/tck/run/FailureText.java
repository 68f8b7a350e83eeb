// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.run;

import java.util.ArrayList;
import java.util.List;

/** A failure as a porter reads it: what was expected, where to look, and the way there through this project's classes. */
final class FailureText {
    private static final String OURS = "dev.osprocess.";
    private static final List<String> NOISE = List.of(
            "org.junit.",
            "jdk.internal.reflect.",
            "java.lang.reflect.",
            "java.util.ArrayList.forEach",
            "dev.osprocess.tck.fixture.KitExtension.",
            "dev.osprocess.tck.run.");
    private static final int FRAMES = 16;

    private FailureText() {}

    static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        append(text, "", failure);
        return text.toString();
    }

    private static void append(StringBuilder text, String before, Throwable failure) {
        text.append(before).append(message(failure)).append('\n');
        for (Throwable hint : failure.getSuppressed()) { // where to look, says LookAt; or a second failure
            text.append("  ").append(message(hint)).append('\n');
        }
        frames(text, failure.getStackTrace());
        if (failure.getCause() != null) {
            append(text, "caused by ", failure.getCause());
        }
    }

    private static String message(Throwable failure) {
        String said = failure.toString();
        return failure instanceof AssertionError && failure.getMessage() != null ? failure.getMessage() : said;
    }

    /** Down to the last frame that is ours: below it stand JUnit and the thread. */
    private static void frames(StringBuilder text, StackTraceElement... trace) {
        int last = trace.length - 1;
        while (last >= 0 && !isOurs(trace[last])) {
            last--;
        }
        List<String> frames = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            String frame = trace[i].getClassName() + "." + trace[i].getMethodName();
            if (NOISE.stream().noneMatch(frame::startsWith)) {
                frames.add(frame + "(" + trace[i].getFileName() + ":" + trace[i].getLineNumber() + ")");
            }
        }
        for (String frame : frames.subList(0, Math.min(FRAMES, frames.size()))) {
            text.append("    at ").append(frame).append('\n');
        }
        if (frames.size() > FRAMES) {
            text.append("    … ").append(frames.size() - FRAMES).append(" more\n");
        }
    }

    private static boolean isOurs(StackTraceElement frame) {
        String name = frame.getClassName() + ".";
        return name.startsWith(OURS) && NOISE.stream().noneMatch(name::startsWith);
    }
}
