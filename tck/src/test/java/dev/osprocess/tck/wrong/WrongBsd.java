// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import dev.osprocess.tck.wrong.WrongEngine.Edit;
import java.util.List;

/** What a backend gets wrong that holds processes by number, on systems that differ in small print. */
final class WrongBsd {
    private WrongBsd() {}

    private static WrongSource wrong(String name, String rule, String test, Edit... edits) {
        return WrongSource.of(WrongSource.Port.BSD, name, rule, test, edits);
    }

    private static Edit in(String type, String from, String to) {
        return new Edit("bsd.internal." + type, from, to);
    }

    static final List<WrongSource> ALL = List.of(
            // ---- starting
            wrong(
                    "a place that gets its own number keeps close-on-exec",
                    "START-18",
                    "TrapsTest#start18_noStep",
                    in("FileTable", "return lifted(stream);", "return stream >= 0 ? stream : lifted(stream);"),
                    in("FileActions", "if (from == to) {", "if (from < 0) {")),
            wrong(
                    "sources stand within the table, and a later step overwrites them",
                    "START-18",
                    "TrapsTest#start18_aLarge",
                    in("FileTable", "return Math.max(size, LOWEST_SOURCE);", "return 0;"),
                    in("FileActions", "if (from == to) {", "if (from < 0) {")),
            wrong(
                    "what is not listed stays open",
                    "START-19",
                    "BsdOnLinuxConformanceTest#start19_",
                    in("BsdStarter", "others.addTo(actions, table.filled());", "")),
            wrong(
                    "the directory is not entered",
                    "START-11",
                    "BsdOnLinuxConformanceTest#start11_",
                    in("BsdStarter", "actions.chdir(directory, addChdir);", "")),
            wrong(
                    "the default of KILL and STOP is asked for",
                    "START-21",
                    "TrapsTest#start21_killAndStop",
                    in(
                            "ChildSignals",
                            "if (signal.equals(Signal.KILL) || signal.equals(Signal.STOP)) {",
                            "if (signal.equals(Signal.EMT) && number > LAST) {")),
            wrong(
                    "NetBSD is not asked for the errors of file actions",
                    "START-25",
                    "TrapsTest#start25_netBsd",
                    in(
                            "BsdStarter",
                            "profile.setMask | profile.closeByDefault | profile.returnError;",
                            "profile.setMask | profile.closeByDefault;")),
            wrong(
                    "127 of a child on OpenBSD that could not execute is an exit",
                    "START-25",
                    "TrapsTest#start25_aChildOfOpenBsd",
                    in(
                            "BsdStarter",
                            "if (unusable != null && ExecWatch",
                            "if (unusable != null && busy() && ExecWatch"),
                    in(
                            "BsdStarter",
                            "private void checkStartable(",
                            "private static boolean busy() { return false; } private void checkStartable(")),
            wrong(
                    "127 of a program on OpenBSD is a failed start",
                    "START-25",
                    "TrapsTest#start25_aProgramOfOpenBsd",
                    in(
                            "BsdStarter",
                            "if (unusable != null && ExecWatch.isFailedExec(system, outcome.pid())) {",
                            "if (ExecWatch.isFailedExec(system, outcome.pid())) {"
                                    + " unusable = profile.failure(SPAWN, Errno.ENOENT);")),
            wrong(
                    "DragonFly's dead child is left",
                    "START-26",
                    "TrapsTest#start26_dragonFly",
                    in("BsdStarter", "profile.has(BsdTrait.FAILED_CHILD_STAYS) && outcome.pid() > 0", "busy < 0")),
            wrong(
                    "after a failed start somebody is reaped on every system",
                    "START-26",
                    "TrapsTest#start26_elsewhere",
                    in(
                            "BsdStarter",
                            "profile.has(BsdTrait.FAILED_CHILD_STAYS) && outcome.pid() > 0",
                            "outcome.pid() > 0")),
            wrong(
                    "a session that cannot be made is left out",
                    "START-31",
                    "TrapsTest#start31_",
                    in("BsdStarter", "if (profile.setSession == 0) {", "if (profile.setSession < 0) {")),
            // ---- waiting
            wrong(
                    "a signal runs beside the reaping",
                    "SIG-16",
                    "TrapsTest#sig16_",
                    in("NumberTarget", "return Strategy.PID;", "return Strategy.FOREIGN_REAPER;")),
            wrong(
                    "NOTE_EXIT is taken for waitable, and the state for lost",
                    "WAIT-33",
                    "ExitEventsTest#wait33_",
                    in(
                            "ChildWaits",
                            "if (report == null) { return null; }",
                            "if (report == null) { return system.kqueue().isEmpty() ? ProcessState.unknown(pid) : null; }")),
            wrong(
                    "a stop report of macOS is an end",
                    "WAIT-09",
                    "TrapsTest#wait09_",
                    in("BsdStates", "} else { return null; } return", "} else { status = 0; } return")),
            wrong(
                    "a stop is a death by signal 127",
                    "WAIT-09",
                    "StatesTest#wait09_stops",
                    in("BsdStates", "|| number == SIGNAL_BITS) {", ") {")),
            wrong(
                    "ESRCH of NetBSD's wait is a failure",
                    "WAIT-18",
                    "TrapsTest#wait18_",
                    in(
                            "ChildWaits",
                            "return failed.error() == Errno.ECHILD || failed.error() == Errno.ESRCH;",
                            "return failed.error() == Errno.ECHILD;")),
            wrong(
                    "a wait is not tried again after a signal",
                    "WAIT-08",
                    "TrapsTest#wait08_",
                    in("ChildWaits", "if (failed.error() != Errno.EINTR) { // WAIT-08", "if (pid > 0) { // WAIT-08")),
            wrong(
                    "a found object reaps its owner's child",
                    "ID-11",
                    "BsdOnLinuxConformanceTest#d18_aFound",
                    in("ForeignTarget", "return look.state(); // D18", "return ChildWaits.reap(system, pid); // D18")),
            wrong(
                    "a descriptor in kqueue is taken for the process of its number",
                    "WAIT-34",
                    "ExitEventsTest#wait34_aDescriptor",
                    in(
                            "KqueueExitEvents",
                            "if (batch.filters[i] == numbers.process()) {",
                            "if (batch.data[i] != WAKE) {")),
            wrong(
                    "events are told by pid",
                    "WAIT-34",
                    "ExitEventsTest#wait34_aLate",
                    in("KqueueExitEvents", "byId.get(id);", "byPid.get(pid);")),
            wrong(
                    "every event of a stranger's number is its end",
                    "WAIT-29",
                    "ExitEventsTest#wait29_aNumber",
                    in(
                            "KqueueExitEvents",
                            "registration.holdsForeign() && isEnded(system, pid)",
                            "registration.holdsForeign()")),
            wrong(
                    "a stranger's zombie that nobody waits for runs",
                    "ID-14",
                    "BsdOnLinuxConformanceTest#wait29_aZombieThatNobodyReapsEnds",
                    in(
                            "ForeignTarget",
                            "exitSeen || KqueueExitEvents.isEnded(system, pid) ? Liveness.EXITED",
                            "exitSeen ? Liveness.EXITED")),
            wrong(
                    "one object of a number takes the registration of another with it",
                    "WAIT-29",
                    "ExitEventsTest#d18_",
                    in("KqueueExitEvents", "if (!registration.targets.isEmpty()) { return false; }", "")),
            wrong(
                    "memory is in the system's units",
                    "PS-12",
                    "StatesTest#ps12_",
                    in("BsdStates", ".maxRss(usage.maxRss() * profile.maxRssUnit)", ".maxRss(usage.maxRss())")),
            // ---- signals
            wrong(
                    "a child that somebody else reaped is signalled",
                    "SIG-06",
                    "TrapsTest#wait18_",
                    in(
                            "OwnTarget",
                            "int number = system.profile().signals.number(signal); checkStillOurs(\"kill\"); try",
                            "int number = system.profile().signals.number(signal); try")),
            wrong(
                    "a zombie of OpenBSD has no number to signal",
                    "SIG-08",
                    "TrapsTest#sig08_aSignal",
                    in(
                            "OwnTarget",
                            "if (!ChildWaits.canPeek(system) || checkStillOurs(\"kill\") == null) {",
                            "if (pid > 0) {")),
            wrong(
                    "a group of zombies on macOS may not be signalled",
                    "SIG-20",
                    "TrapsTest#sig20_aGroup",
                    in(
                            "OwnTarget",
                            "boolean zombiesOnly = failed.error() == Errno.EPERM &&",
                            "boolean zombiesOnly = pid < 0 &&")),
            wrong(
                    "every group that may not be signalled has finished",
                    "SIG-20",
                    "TrapsTest#sig20_aRefusal",
                    in(
                            "OwnTarget",
                            "&& system.profile().has(BsdTrait.ZOMBIE_GROUP_ANSWERS_EPERM)"
                                    + " && (leader != null || checkStillOurs(\"kill\") != null);",
                            "&& (leader == null || leader != null);")),
            // ---- strangers
            wrong(
                    "start times are not compared",
                    "ID-13",
                    "TrapsTest#id13_another",
                    in("ForeignTarget", "return now != StartTimes.UNKNOWN && now != start;", "return false;")),
            wrong(
                    "a start time that cannot be read is a stranger's",
                    "ID-13",
                    "TrapsTest#id13_aStartTime",
                    in("ForeignTarget", "return now != StartTimes.UNKNOWN && now != start;", "return now != start;")),
            wrong(
                    "a structure that is not the known one tells a start time",
                    "ID-13",
                    "TrapsTest#id13_aStructure",
                    in("StartTimes", "|| process.getInt(layout.pidAt()) != pid) {", ") {")),
            wrong(
                    "a pid is cut to 32 bits",
                    "ID-09",
                    "TrapsTest#id05_",
                    in("BsdOpener", "if (pid > Integer.MAX_VALUE) {", "if (pid < 0) {")));
}
