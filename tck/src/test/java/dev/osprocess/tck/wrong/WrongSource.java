// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.tck.wrong.WrongEngine.Edit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A backend with one mistake: its sources with a few words changed.
 *
 * @param port which backend
 * @param name what is wrong, in words
 * @param rule the rule that it breaks
 * @param test who must notice: a class of the backend's own tests, or the kit's conformance test of it, and how the names
 *     of its methods begin
 * @param edits what is changed
 */
record WrongSource(Port port, String name, String rule, String test, List<Edit> edits) {
    /** A backend whose sources and tests are at hand. */
    enum Port {
        /** The JDK fallback. */
        JDK("backend-jdk-fallback", "jdk.", "dev.osprocess.jdk.JdkBackend", "dev.osprocess.jdk.ForwardingCalls"),
        /** The BSD backend. */
        BSD(
                "backend-bsd",
                "bsd.internal.",
                "dev.osprocess.bsd.internal.BsdBackend",
                "dev.osprocess.bsd.internal.BsdOnLinux");

        final String module;
        final String room;

        private final String sources;
        private final String tests;

        Port(String module, String room, String sources, String tests) {
            this.module = module;
            this.room = room;
            this.sources = sources;
            this.tests = tests;
        }

        /** A class of each folder or jar that a trial needs. */
        List<String> places() {
            return List.of(sources, tests);
        }
    }

    private static final String KIT = "ConformanceTest#";

    static WrongSource of(Port port, String name, String rule, String test, Edit... edits) {
        return new WrongSource(port, name, rule, test, List.of(edits));
    }

    /** Whether the kit must notice, and not the backend's own tests. */
    boolean isForTheKit() {
        return test.contains(KIT);
    }

    /** The class of the test. */
    String testClass() {
        String simple = test.substring(0, test.indexOf('#'));
        return isForTheKit() ? "dev.osprocess.tck.subject." + simple : "dev.osprocess." + port.room + simple;
    }

    /** How the names of the methods begin. */
    String testMethods() {
        return test.substring(test.indexOf('#') + 1);
    }

    /** The sources that are changed, by their types below {@code dev.osprocess}. */
    Map<String, String> sources(Path project) throws IOException {
        Path root = project.resolve(port.module).resolve("src/main/java/dev/osprocess");
        Map<String, String> sources = new LinkedHashMap<>();
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
        return name + " (" + port.module + ", " + rule + ")";
    }
}
