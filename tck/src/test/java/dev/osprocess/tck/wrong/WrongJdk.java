// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.tck.wrong.WrongEngine.Edit;
import java.util.List;

/** What a fallback over the JDK gets wrong in silence. */
final class WrongJdk {
    private WrongJdk() {}

    private static WrongSource wrong(String name, String rule, String test, Edit... edits) {
        return WrongSource.of(WrongSource.Port.JDK, name, rule, test, edits);
    }

    private static Edit in(String type, String from, String to) {
        return new Edit("jdk." + type, from, to);
    }

    /** Declares what the backend has not, so that the engine refuses it no more. */
    private static Edit declaring(String capability) {
        return in("JdkProbe", "EnumSet.noneOf(Capability.class); if", "EnumSet.of(Capability." + capability + "); if");
    }

    static final List<WrongSource> ALL = List.of(
            // ---- ends
            wrong(
                    "an exit with 137 is a death by KILL",
                    "PS-16",
                    "JdkConformanceTest#ps04_anExit",
                    in(
                            "ExitStates",
                            "return ProcessState.unknown(pid).withRawStatus(value);",
                            "return ProcessState.signaled(pid, dev.osprocess.Signal.of(value - SIGNAL_BASE), false);")),
            wrong(
                    "a death by KILL is an exit with 137",
                    "PS-16",
                    "JdkConformanceTest#ps06_aKill",
                    in(
                            "ExitStates",
                            "return ProcessState.unknown(pid).withRawStatus(value);",
                            "return ProcessState.exited(pid, value);")),
            wrong(
                    "a stranger's end is an exit with 0",
                    "WAIT-07",
                    "JdkConformanceTest#wait07_theWait",
                    in(
                            "FoundTarget",
                            "isGone() || isZombie() ? ProcessState.unknown(pid()) : null;",
                            "isGone() || isZombie() ? ProcessState.exited(pid(), 0) : null;")),
            wrong(
                    "of a value that is no exit code the low byte is passed on",
                    "PS-04",
                    "ScriptedTest#ps04_",
                    in(
                            "ExitStates",
                            "return ProcessState.unknown(pid); // no exit code",
                            "return ProcessState.exited(pid, value & 0xff); // no exit code")),
            wrong(
                    "exit code 259 of Windows is no end",
                    "ID-16",
                    "TablesTest#id16_",
                    in(
                            "ExitStates",
                            "? ProcessState.exited(pid, STILL_ACTIVE).withRawStatus(STILL_ACTIVE) :",
                            "? ProcessState.unknown(pid) :")),
            wrong(
                    "a stranger's zombie runs",
                    "ID-14",
                    "FindTest#id14_",
                    in("FoundTarget", "return system.proc().isZombie(pid());", "return false;")),
            wrong(
                    "ends are told by the JDK's future alone, which a blocked pool holds back",
                    "WAIT-30",
                    "ScriptedTest#wait30_anEndIsSeenThoughTheJdksFuture",
                    in("JdkExitEvents", "if (untilLook() == 0) { look(ended);", "if (untilLook() == 0) {")),
            wrong(
                    "each child has a thread of ours",
                    "WAIT-26",
                    "JdkConformanceTest#wait26_",
                    in(
                            "ChildTarget",
                            "var unused = child.onExit().whenComplete((ended, failure) -> enqueue.run());",
                            "Thread watcher = new Thread(() -> { try { child.waitFor(); enqueue.run(); }"
                                    + " catch (InterruptedException gone) { return; } }, \"watcher of \" + pid());"
                                    + " watcher.setDaemon(true); watcher.start();")),
            // ---- strangers
            wrong(
                    "start instants are not compared",
                    "ID-13",
                    "ScriptedTest#id13_aNewcomer",
                    in(
                            "FoundTarget",
                            "return started == null || theirs == null || started.equals(theirs);",
                            "return true;")),
            wrong(
                    "an unknown start instant is a stranger's",
                    "ID-13",
                    "ScriptedTest#id13_anUnknownStart",
                    in(
                            "FoundTarget",
                            "return started == null || theirs == null || started.equals(theirs);",
                            "return started != null && started.equals(theirs);")),
            wrong(
                    "who has finished lives again",
                    "ID-13",
                    "ScriptedTest#id13_whatWasGoneOnce",
                    in("FoundTarget", "{ gone = true; } return gone;", "{ return true; } return gone;")),
            wrong(
                    "a pid is cut to 32 bits",
                    "ID-09",
                    "JdkConformanceTest#id09_",
                    in("JdkOpener", "if (pid > system.host().highestPid()) {", "if (pid < 0) {"),
                    in("JavaCalls", "return ProcessHandle.of(pid);", "return ProcessHandle.of(pid & 0xffff_ffffL);")),
            wrong(
                    "a thread is a process",
                    "ID-15",
                    "JdkConformanceTest#id15_",
                    in("JdkOpener", "if (process != ProcHints.UNKNOWN && process != pid) {", "if (process == 0) {")),
            // ---- signals
            wrong(
                    "a signal to this JVM itself is ignored",
                    "SIG-26",
                    "FindTest#id10_",
                    in(
                            "JdkTarget",
                            "throw new UnsupportedFeatureException( \"signals to this JVM itself\",",
                            "sent = true;"
                                    + " if (pid < 0) throw new UnsupportedFeatureException( \"signals to this JVM itself\",")),
            wrong(
                    "every refused signal means finished",
                    "SIG-07",
                    "ScriptedTest#sig06_",
                    in("JdkTarget", "if (isGone() || !process.isAlive()) {", "if (!sent) {")),
            wrong(
                    "TERM is sent where it is a KILL",
                    "SIG-12",
                    "ScriptedTest#sig12_",
                    in("JdkTarget", "if (term && !process.supportsNormalTermination()) {", "if (term && kill) {")),
            wrong(
                    "every other signal is sent as TERM",
                    "SIG-12",
                    "RefusalTest#sig12_",
                    declaring("SIGNAL_ANY"),
                    in("JdkTarget", "if (number != 0 && !kill && !term) {", "if (number > 64) {")),
            // ---- starting
            wrong("another argv[0] is taken for the program", "START-02", "RefusalTest#start02_", declaring("ARGV0")),
            wrong("descriptors beyond 2 are dropped", "START-16", "RefusalTest#start16_", declaring("EXTRA_FILES")),
            wrong(
                    "of two environment entries the last is taken",
                    "START-09",
                    "RefusalTest#start09_",
                    declaring("RAW_ENVIRONMENT")),
            wrong(
                    "PATH is searched",
                    "START-01",
                    "RefusalTest#start01_",
                    in("JdkStarter", "if (!host.hasSeparator(program)) {", "if (program.isEmpty()) {")),
            wrong(
                    "a text without #! goes to a shell",
                    "START-27",
                    "JdkConformanceTest#start27_",
                    in(
                            "Programs",
                            "if (!isBatchFile(name) && !isExecutableFormat(head(file))) {",
                            "if (!isBatchFile(name) && file.toString().isEmpty()) {")),
            wrong(
                    "what cannot be encoded becomes '?'",
                    "START-05",
                    "RefusalTest#start05_whatTheJdkWould",
                    in("TextCheck", "if (isAscii(text)) {", "if (isAscii(text) || !what.isEmpty()) {")),
            wrong(
                    "a missing directory is a missing program",
                    "START-13",
                    "JdkConformanceTest#start13_",
                    in(
                            "JdkStarter",
                            "ProcessException objection = directory == null ? null : programs.objectionToDirectory(directory);"
                                    + " Path named",
                            "ProcessException objection = null; Path named"),
                    in(
                            "JdkStarter",
                            "ProcessException objection = directory == null ? null : programs.objectionToDirectory(directory);"
                                    + " if (objection == null) { objection = redirects",
                            "ProcessException objection = null; if (objection == null) { objection = redirects")),
            wrong(
                    "attributes of another system are ignored",
                    "START-52",
                    "JdkConformanceTest#start52_attributes",
                    in(
                            "JdkStarter",
                            "if (attributes != null) {",
                            "if (attributes != null && attributes.backend().isEmpty()) {")));
}
