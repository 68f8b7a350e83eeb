// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** D11 with the real backends, in JVMs of their own: what is taken where the native backend is there, and where not. */
class FallbackTest {
    private static final Pattern NATIVE_LIBRARY = Pattern.compile("jffi-[^/]*-native\\.jar");

    @TempDir
    Path folder;

    /** What this module needs at run time, without its tests. */
    private static List<String> path(boolean withNativeLibrary) {
        List<String> parts = new ArrayList<>();
        for (String property : List.of("surefire.test.class.path", "java.class.path")) {
            for (String part : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                boolean ours = part.endsWith("classes") && !part.endsWith("test-classes");
                boolean needed = ours
                        || part.matches(
                                ".*/(osprocess-|jffi-|jna-|jnr-|asm-|picocli-|junit-|opentest4j-|apiguardian-)[^/]*\\.jar");
                if (needed
                        && !parts.contains(part)
                        && (withNativeLibrary || !NATIVE_LIBRARY.matcher(part).find())) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private Cli.Result run(List<String> options, List<String> path, boolean modules, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.add(modules ? "-p" : "-cp");
        command.add(String.join(File.pathSeparator, path));
        if (modules) {
            command.add("-m");
            command.add("dev.osprocess.cli/dev.osprocess.cli.Main");
        } else {
            command.add(Main.class.getName());
        }
        command.addAll(List.of(args));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process jvm = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(jvm.waitFor(60, TimeUnit.SECONDS));
        return new Cli.Result(
                jvm.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static List<String> nativeAccess(boolean modules) {
        return Runtime.version().feature() < 24
                ? List.of()
                : List.of("--enable-native-access=" + (modules ? "org.jnrproject.jffi" : "ALL-UNNAMED"));
    }

    private void assertFallsBack(List<String> options, List<String> path, boolean modules) throws Exception {
        Cli.Result ran = run(options, path, modules, "run", "--json", "--", "/bin/sh", "-c", "exit 3");
        assertEquals(3, ran.code(), ran.err());
        assertTrue(ran.lastLine().startsWith("{\"backend\":\"jdk\",\"handle\":\"pid\""), ran.err());
        List<String> said = ran.err()
                .lines()
                .filter(line -> line.contains("the backend 'jdk' is used"))
                .toList();
        assertEquals(1, said.size(), ran.err());
        assertTrue(said.get(0).contains("'linux': the native library of jffi cannot be used"), ran.err());
        Cli.Result backends = run(options, path, modules, "backends");
        assertEquals(0, backends.code(), backends.err());
        assertTrue(
                backends.out()
                        .matches(
                                "(?s)bsd\n  order         100\n  not available .*linux\n  order         100\n  not available the native library.*\nwindows\n  order         100\n  not available this is Linux, not Windows\n.*jdk\n  order         1000\n  available.*"),
                backends.out());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void d11_withoutTheNativeLibraryTheFallbackServesAndSaysWhy(boolean modules) throws Exception {
        assertFallsBack(nativeAccess(modules), path(false), modules);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void d11_whereNativeAccessIsDeniedTheFallbackServesAndSaysWhy(boolean modules) throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "needs JDK 24: before it no option denies native access");
        assertFallsBack(List.of("--illegal-native-access=deny"), path(true), modules);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void d11_theNativeBackendComesFirstAndAPropertyOverrides(boolean modules) throws Exception {
        List<String> named = new ArrayList<>(nativeAccess(modules));
        assertTrue(run(named, path(true), modules, "run", "--json", "--", "/bin/true")
                .lastLine()
                .startsWith("{\"backend\":\"linux\""));
        named.add("-Ddev.osprocess.backend=jdk");
        Cli.Result ran = run(named, path(true), modules, "run", "--json", "--", "/bin/true");
        assertTrue(ran.lastLine().startsWith("{\"backend\":\"jdk\""), ran.err());
        assertEquals(1, ran.err().lines().count(), "nothing was degraded: " + ran.err());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void d11_anUnknownNameListsWhatExistsAndNoProviderSaysWhatToAdd(boolean modules) throws Exception {
        Cli.Result unknown =
                run(nativeAccess(modules), path(true), modules, "run", "--backend", "nosuch", "--", "/bin/true");
        assertEquals(125, unknown.code());
        assertTrue(unknown.err().contains("there is no backend 'nosuch'"), unknown.err());
        // natives in the order of the class path, the fallback last
        assertTrue(
                unknown.err().matches("(?s).*found: (?=.*linux)(?=.*windows)(?=.*bsd)\\w+ \\w+ \\w+ jdk.*"),
                unknown.err());
        List<String> none =
                path(true).stream().filter(part -> !part.contains("backend-")).toList();
        Cli.Result nothing = run(modules ? List.of() : nativeAccess(false), none, modules, "run", "--", "/bin/true");
        assertEquals(125, nothing.code());
        assertTrue(nothing.err().contains("no backend was found"), nothing.err());
        assertTrue(nothing.err().contains("dev.osprocess:osprocess"), nothing.err());
    }

    /** Which only a compiler needs. */
    private static String annotations() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .filter(part -> part.matches(".*/jspecify-[^/]*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("jspecify is not on the class path of the tests"));
    }

    /** A module, and on the class path a folder, whose provider throws as soon as it is made. */
    private Path brokenProvider() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("broken-sources/broken"));
        Path provider = Files.writeString(sources.resolve("Broken.java"), """
                package broken;
                import dev.osprocess.spi.*;
                public final class Broken implements ProcessBackend {
                    public Broken() { throw new IllegalStateException("made to fail"); }
                    public String name() { return "broken"; }
                    public Availability probe() { return Availability.available(); }
                    public String handleKind() { return "none"; }
                    public java.util.Set<Capability> capabilities() { return java.util.Set.of(); }
                    public Target start(StartRequest request) { return null; }
                    public Target open(long pid) { return null; }
                    public long currentPid() { return 0; }
                    public long parentPid() { return 0; }
                    public ExitEvents exitEvents() { return null; }
                }
                """);
        Path module = Files.writeString(folder.resolve("broken-sources/module-info.java"), """
                module broken {
                    requires dev.osprocess;
                    provides dev.osprocess.spi.ProcessBackend with broken.Broken;
                }
                """);
        Path classes = Files.createDirectories(folder.resolve("broken"));
        String[] options = {
            "-nowarn",
            "-proc:none",
            "--release",
            "17",
            "-p",
            String.join(File.pathSeparator, path(true)) + File.pathSeparator + annotations(),
            "-d",
            classes.toString(),
            provider.toString(),
            module.toString()
        };
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int compiled = ToolProvider.getSystemJavaCompiler().run(null, said, said, options);
        assertEquals(0, compiled, () -> said.toString(StandardCharsets.UTF_8));
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.osprocess.spi.ProcessBackend"), "broken.Broken\n");
        return classes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void d11_aProviderThatCannotBeMadeIsACauseAndTheOthersServe(boolean modules) throws Exception {
        List<String> path = new ArrayList<>(path(true));
        path.add(0, brokenProvider().toString());
        Cli.Result ran = run(nativeAccess(modules), path, modules, "run", "--json", "--", "/bin/true");
        assertEquals(0, ran.code(), ran.err());
        assertTrue(ran.lastLine().startsWith("{\"backend\":\"linux\""), ran.err());
        Cli.Result backends = run(nativeAccess(modules), path, modules, "backends");
        assertTrue(backends.out().contains("it could not be made: "), backends.out());
        assertTrue(backends.out().contains("broken.Broken"), backends.out());
    }

    @Test
    void ps16_theFallbackTellsNoMoreThanItSawAndExitsAsAShellWould() throws Exception {
        Cli.Result ran = run(
                nativeAccess(false),
                path(true),
                false,
                "run",
                "--backend",
                "jdk",
                "--json",
                "--",
                "sh",
                "-c",
                "kill -9 $$");
        assertEquals(137, ran.code());
        assertTrue(ran.lastLine().contains("\"exited\":false,\"exitCode\":-1,\"signal\":null"), ran.err());
        assertTrue(ran.lastLine().contains("exit status 137, or signal 9"), ran.err());
    }
}
