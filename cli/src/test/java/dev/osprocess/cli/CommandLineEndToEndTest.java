// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line in a JVM of its own, with the backend of this system and with real children. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CommandLineEndToEndTest {
    private static final String SH = "/bin/sh";
    private static final Pattern PID = Pattern.compile("\"pid\":([0-9]+)");

    @TempDir
    Path home = Path.of("");

    /** A process that this test started, and nobody but it ends. */
    private final Process sleeper;

    CommandLineEndToEndTest() throws IOException {
        sleeper = new ProcessBuilder(SH, "-c", "read line").start(); // its stdin stays open, so it waits
    }

    @AfterEach
    void endTheSleeper() throws InterruptedException {
        sleeper.destroyForcibly().waitFor();
    }

    // ---- run
    // ---------------------------------------------------------------------------------------------------------

    @Test
    void reportSaysHowItEnded() throws Exception {
        Cli.Result result = Cli.run("run", "--report", "--", SH, "-c", "echo hello; exit 3", "sh", "hunter2");
        assertEquals(3, result.code(), result.err());
        assertEquals("hello\n", result.out());
        assertTrue(result.err().contains("\tCommand: /bin/sh (4 arguments)\n"), result.err());
        assertTrue(result.err().contains("\tEnded: exit status 3\n"), result.err());
        assertTrue(result.err().contains("\tBackend: "), result.err());
        assertFalse(result.err().contains("hunter2"), "arguments may be secrets");
    }

    @Test
    void jsonTellsASignalFromACodeThatLooksLikeOne() throws Exception {
        Cli.Result killed = Cli.run("run", "--json", "--", SH, "-c", "kill -9 $$");
        assertEquals(137, killed.code(), killed.err());
        assertTrue(killed.lastLine().contains("\"exited\":false,\"exitCode\":-1,\"signal\":\"SIGKILL\""), killed.err());

        Cli.Result exited = Cli.run("run", "--json", "--", SH, "-c", "exit 137");
        assertEquals(137, exited.code(), exited.err());
        assertTrue(exited.lastLine().contains("\"exited\":true,\"exitCode\":137,\"signal\":null"), exited.err());
    }

    @Test
    void aMissingProgramIsNamedWithTheReason() throws Exception {
        Cli.Result result = Cli.run("run", "--", "/nope");
        assertEquals(127, result.code());
        assertEquals("osprocess: fork/exec /nope: ENOENT (2) no such file or directory\n", result.err());
    }

    @Test
    void aMissingDirectoryIsBlamedItself() throws Exception {
        Cli.Result result = Cli.run("run", "--dir", "/nope", "--", SH, "-c", "exit 0");
        assertEquals(125, result.code());
        assertTrue(result.err().startsWith("osprocess: chdir /nope: ENOENT (2)"), result.err());
        assertFalse(result.err().contains(SH), result.err());
    }

    @Test
    void whatCannotBeRunIsFoundAllTheSame() throws Exception {
        Path plain = Files.writeString(home.resolve("plain"), "no program");
        Cli.Result byPath = Cli.run("run", "--", plain.toString());
        assertEquals(126, byPath.code(), byPath.err());
        assertTrue(byPath.err().contains("EACCES"), byPath.err());

        Cli.Result byName =
                Cli.start(Map.of("PATH", home.toString()), "run", "plain").result("");
        assertEquals(126, byName.code(), byName.err());
        assertTrue(byName.err().contains("not executable"), byName.err());

        Path script = Files.writeString(home.resolve("script"), "#!/no/such/interpreter\n");
        assertTrue(script.toFile().setExecutable(true));
        Cli.Result noInterpreter = Cli.run("run", "--", script.toString());
        assertEquals(126, noInterpreter.code(), noInterpreter.err());
    }

    @Test
    void theTimeoutEndsTheChild() throws Exception {
        Cli.Result result =
                Cli.run("run", "--timeout", "200ms", "--json", "--", SH, "-c", "while :; do sleep 0.1; done");
        assertEquals(124, result.code(), result.err());
        assertTrue(result.lastLine().contains("\"signal\":\"SIGTERM\""), result.err());
        assertGone(result);
    }

    @Test
    void aChildThatIgnoresTermIsKilled() throws Exception {
        Cli.Result result = Cli.run(
                "run",
                "--timeout",
                "300ms",
                "--kill-after",
                "100ms",
                "--json",
                "--",
                SH,
                "-c",
                "trap '' TERM; while :; do sleep 0.1; done");
        assertEquals(124, result.code(), result.err());
        assertTrue(result.lastLine().contains("\"signal\":\"SIGKILL\""), result.err());
        assertGone(result);
    }

    @Test
    void aChildInTimeKeepsItsCode() throws Exception {
        assertEquals(
                5, Cli.run("run", "--timeout", "1m", "--", SH, "-c", "exit 5").code());
    }

    @Test
    void stdinReachesTheProgram() throws Exception {
        Cli.Result result = Cli.start("run", "--", SH, "-c", "read a; read b; echo \"$b $a\"")
                .result("one\ntwo\n");
        assertEquals("two one\n", result.out());
        assertEquals(0, result.code(), result.err());
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        Cli.Result result = Cli.run(
                "run",
                SH,
                "-c",
                "for a; do printf '<%s>' \"$a\"; done",
                "sh",
                "",
                "--report",
                "--",
                "@x",
                "*",
                "a b",
                "é");
        assertEquals("<><--report><--><@x><*><a b><é>", result.out());
    }

    @Test
    void argumentsThatTheLocaleCannotSayArriveAsWell() throws Exception {
        Cli.Result result = Cli.start(Map.of("LC_ALL", "C"), "run", "--", SH, "-c", "printf %s \"$1\"", "sh", "é")
                .result("");
        assertEquals(0, result.code(), result.err());
        if (!result.out().equals("??")) { // this JVM could not pass it on itself
            assertEquals("é", result.out());
        }
    }

    @Test
    void theOptionsShapeTheChild() throws Exception {
        Cli.Result shaped = Cli.run(
                "run",
                "--dir",
                home.toString(),
                "--clear-env",
                "--env",
                "A=1",
                "--env",
                "B=x=y",
                "--argv0",
                "me",
                "--",
                SH,
                "-c",
                "echo \"$0 $A $B ${HOME-none}\"; pwd -P");
        assertEquals("me 1 x=y none\n" + home.toRealPath() + "\n", shaped.out(), shaped.err());

        Cli.Result inherited = Cli.start(Map.of("KEPT", "yes"), "run", "--env", "A=1", "--", SH, "-c", "echo $KEPT $A")
                .result("");
        assertEquals("yes 1\n", inherited.out(), inherited.err());
    }

    @Test
    void aRelativeProgramIsTakenFromTheDirectory() throws Exception {
        Path script = Files.writeString(home.resolve("script"), "#!/bin/sh\nexit 6\n");
        assertTrue(script.toFile().setExecutable(true));
        assertEquals(
                6, Cli.run("run", "--dir", home.toString(), "--", "./script").code());
    }

    @Test
    void anUnknownBackendIsOurFailure() throws Exception {
        Cli.Result result = Cli.run("run", "--backend", "nosuch", "--", SH, "-c", "exit 0");
        assertEquals(125, result.code());
        assertTrue(result.err().startsWith("osprocess: there is no backend 'nosuch'"), result.err());
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15, 7", "HUP, 1, 8", "INT, 2, 9"})
    void signalsAreHandedOn(String signal, int number, int code) throws Exception {
        assumeFalse(isIgnored(number), "this JVM was started with " + signal + " ignored, and so is what it starts");
        Cli.Running running = Cli.start(
                "run",
                "--",
                SH,
                "-c",
                "trap 'exit 7' TERM; trap 'exit 8' HUP; trap 'exit 9' INT; echo ready; while :; do sleep 0.05; done");
        running.awaitLine("ready");
        Cli.Result sent = Cli.run("signal", Long.toString(running.pid()), signal);
        assertEquals(0, sent.code(), sent.err());
        Cli.Result ended = running.result("");
        assertEquals(code, ended.code(), ended.err());
    }

    @Test
    void aChildThatTheSignalEndsGivesItsStatus() throws Exception {
        Cli.Running running = Cli.start("run", "--", SH, "-c", "echo ready; while :; do sleep 0.05; done");
        running.awaitLine("ready");
        running.terminate();
        assertEquals(143, running.result("").code());
    }

    // ---- wait, signal, identity, backends
    // ----------------------------------------------------------------------------

    @Test
    void aStrangerIsWaitedForAndKilled() throws Exception {
        String pid = Long.toString(sleeper.pid());
        Cli.Running waiting = Cli.start("wait", pid);
        awaitHold(waiting.pid(), pid);
        Cli.Result sent = Cli.run("signal", pid, "SIGKILL");
        assertEquals(0, sent.code(), sent.err());
        Cli.Result ended = waiting.result("");
        if (ended.out().contains("unknown")) { // Linux before 6.13
            assertEquals(0, ended.code(), ended.err());
        } else {
            assertEquals("process " + pid + ": signal: killed\n", ended.out());
            assertEquals(137, ended.code(), ended.err());
        }
        sleeper.waitFor();
        Cli.Result again = Cli.run("signal", pid, "TERM");
        assertEquals(3, again.code(), again.err());
        assertEquals("osprocess: the process " + pid + " has finished; nothing was sent\n", again.err());
    }

    @Test
    void anIdentityOutlivesItsProcessAndNamesNobodyElse() throws Exception {
        Cli.Result told = Cli.run("identity", Long.toString(sleeper.pid()));
        assertEquals(0, told.code(), told.err());
        String identity = told.out().trim();
        assertEquals(0, Cli.run("signal", identity, "0").code());
        Cli.Result late = Cli.run("wait", "--timeout", "50ms", identity);
        assertEquals(124, late.code(), late.err());
        sleeper.destroyForcibly().waitFor();
        Cli.Result gone = Cli.run("wait", identity, "--json");
        assertEquals(127, gone.code(), gone.err());
        assertEquals("", gone.out());
        assertEquals(3, Cli.run("signal", identity, "TERM").code());
        assertEquals(3, Cli.run("identity", Long.toString(sleeper.pid())).code());
    }

    @Test
    void groupsAndEverybodyAreRefused() throws Exception {
        for (String pid : new String[] {"0", "-1"}) {
            Cli.Result result = Cli.run("signal", "--", pid, "TERM");
            assertEquals(1, result.code());
            assertTrue(result.err().contains("must be 1 or more"), result.err());
        }
    }

    @Test
    void backendsSaysWhatServes() throws Exception {
        Cli.Result text = Cli.run("backends");
        assertEquals(0, text.code(), text.err());
        assertTrue(text.out().contains("linux\n"), text.out());
        Cli.Result json = Cli.run("backends", "--json");
        assertTrue(json.out().startsWith("[{\"name\":\""), json.out());
        assertTrue(
                json.out().contains("\"name\":\"linux\",\"order\":100,\"available\":true,\"cause\":null"), json.out());
    }

    // ---- helpers
    // -----------------------------------------------------------------------------------------------------

    private static void assertGone(Cli.Result result) {
        Matcher pid = PID.matcher(result.lastLine());
        assertTrue(pid.find(), result.err());
        assertFalse(Files.exists(Path.of("/proc", pid.group(1))), "the child is still there");
    }

    /** Whether this process ignores a signal, as background jobs of a shell ignore INT. */
    private static boolean isIgnored(int number) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).trim(), 16) >> (number - 1) & 1) == 1;
            }
        }
        return false;
    }

    /** Waits until a process holds a pidfd of another: from then on it cannot miss its end. */
    private static void awaitHold(long holder, String held) throws IOException, InterruptedException {
        Path table = Path.of("/proc", Long.toString(holder), "fdinfo");
        while (true) {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(table)) {
                for (Path descriptor : descriptors) {
                    if (holds(descriptor, held)) {
                        return;
                    }
                }
            }
            Thread.sleep(5); // nothing tells of another process opening something
        }
    }

    private static boolean holds(Path descriptor, String held) {
        try {
            return Files.readString(descriptor).contains("Pid:\t" + held + "\n");
        } catch (IOException closed) { // while it was listed, or while it was read
            return false;
        }
    }

    @Test
    void tckRunsARuleAgainstTheBackendAndExits0() throws Exception {
        Cli.Result result = Cli.run("tck", "--backend", "linux", "--rule", "WAIT-01");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("\nPASS       WAIT-01 "), result.out());
        assertTrue(result.out().contains("linux: 1 traced = 1 PASS"), result.out());
    }
}
