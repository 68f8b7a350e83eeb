// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine with one mistake: its sources with a few words changed.
 *
 * @param name what is wrong, in words
 * @param rule the rule that it breaks
 * @param test who must notice: a test class of the engine, and how the names of its methods begin
 * @param edits what is changed
 */
record WrongEngine(String name, String rule, String test, List<Edit> edits) {
    /**
     * One change of one class; blanks and line ends count as one blank.
     *
     * @param type the class, {@code engine.HandleCount} or {@code OsProcess}, below {@code dev.osprocess}
     */
    record Edit(String type, String from, String to) {
        private Pattern pattern() {
            StringJoiner words = new StringJoiner("\\s+");
            for (String word : from.strip().split("\\s+", -1)) {
                words.add(Pattern.quote(word));
            }
            return Pattern.compile(words.toString());
        }

        String applyTo(String source, String name) {
            Matcher matcher = pattern().matcher(source);
            if (!matcher.find()) {
                throw new AssertionError("'" + name + "' cannot be made any more: " + type
                        + " has no place that reads\n" + from + "\nWrite the edit for the sources as they are now.");
            }
            int begin = matcher.start();
            int end = matcher.end();
            if (matcher.find()) {
                throw new AssertionError("'" + name + "' cannot be made any more: " + type
                        + " has more than one place that reads\n" + from
                        + "\nTake more of its surroundings into the edit.");
            }
            return source.substring(0, begin) + to + source.substring(end);
        }
    }

    static WrongEngine of(String name, String rule, String test, Edit... edits) {
        return new WrongEngine(name, rule, test, List.of(edits));
    }

    static Edit in(String type, String from, String to) {
        return new Edit("engine." + type, from, to);
    }

    static Edit inFront(String type, String from, String to) {
        return new Edit(type, from, to);
    }

    /** The sources to compile: all of the engine, because constants travel, and what else is edited. */
    Map<String, String> sources(Path api) throws IOException {
        Path root = api.resolve("src/main/java/dev/osprocess");
        Map<String, String> sources = new LinkedHashMap<>();
        List<Path> files = new ArrayList<>();
        try (var all = Files.list(root.resolve("engine"))) {
            all.filter(file -> !file.endsWith("package-info.java")).sorted().forEach(files::add);
        }
        for (Path file : files) {
            String simple = file.getFileName().toString().replace(".java", "");
            sources.put("engine." + simple, Files.readString(file));
        }
        for (Edit edit : edits) {
            String before = sources.get(edit.type());
            if (before == null) {
                before = Files.readString(root.resolve(edit.type().replace('.', '/') + ".java"));
            }
            sources.put(edit.type(), edit.applyTo(before, name));
        }
        return sources;
    }

    @Override
    public String toString() {
        return name + " (" + rule + ")";
    }
}
