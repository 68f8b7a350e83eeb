// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources to class files in memory, over the classes that the tests run with. */
final class EngineCompiler {
    private EngineCompiler() {}

    /** The class files by their binary names. */
    static Map<String, byte[]> compile(Map<String, String> sources, String classPath) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new AssertionError("this JVM has no compiler; run the tests on a JDK");
        }
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((type, text) -> units.add(new Source("dev.osprocess." + type, text)));
        StringWriter said = new StringWriter();
        Memory memory = new Memory(compiler.getStandardFileManager(null, null, null));
        boolean compiled = compiler.getTask(
                        said,
                        memory,
                        null,
                        List.of("-classpath", classPath, "-proc:none", "-XDstringConcat=inline", "-nowarn"),
                        null,
                        units)
                .call();
        if (!compiled) {
            throw new AssertionError("it does not compile:\n" + said);
        }
        Map<String, byte[]> classes = new HashMap<>();
        memory.made.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("memory:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> made = new HashMap<>();

        Memory(JavaFileManager below) {
            super(below);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            made.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    /** What ours is compiled against: the places of our own classes first. */
    static String classPath() {
        return EngineTrial.places().stream()
                        .map(EngineCompiler::path)
                        .collect(Collectors.joining(java.io.File.pathSeparator))
                + java.io.File.pathSeparator
                + System.getProperty("java.class.path");
    }

    private static String path(URL place) {
        try {
            return Path.of(place.toURI()).toString();
        } catch (java.net.URISyntaxException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
