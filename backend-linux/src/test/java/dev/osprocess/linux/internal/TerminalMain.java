// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessAttributes;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.Surroundings;
import java.util.ArrayList;
import java.util.List;

/** The leader of a session whose terminal is descriptor 3: starts children in its foreground, and without it. */
final class TerminalMain {
    private static final int TERMINAL_FIELD = 7;
    private static final int FOREGROUND_FIELD = 8;

    private static final List<OsProcess> CHILDREN = new ArrayList<>();

    private TerminalMain() {}

    public static void main(String[] arguments) throws Exception {
        try {
            check();
        } finally {
            for (OsProcess child : CHILDREN) {
                child.kill();
                child.waitFor();
            }
        }
    }

    private static void check() throws Exception {
        long self = OsProcess.currentPid();
        check("the terminal's foreground is ours", self, field(self, FOREGROUND_FIELD));
        OsProcess first = start(LinuxAttributes.builder().foreground(3));
        check("its group leads", first.pid(), field(first.pid(), 5));
        check("its group is in the foreground", first.pid(), field(self, FOREGROUND_FIELD));
        // ours is in the background now, where tcsetpgrp stops who does not block SIGTTOU
        OsProcess second = start(LinuxAttributes.builder().foreground(3).joinProcessGroup((int) self));
        check("it joined", self, field(second.pid(), 5));
        check("the foreground is ours again", self, field(self, FOREGROUND_FIELD));
        OsProcess detached = start(LinuxAttributes.builder().detachTerminal());
        check("it has no terminal", 0, field(detached.pid(), TERMINAL_FIELD));
        check("it stays in the session", self, field(detached.pid(), 6));
        check("ours stays", field(first.pid(), TERMINAL_FIELD), field(self, TERMINAL_FIELD));
    }

    private static OsProcess start(LinuxAttributes.Builder system) throws Exception {
        OsProcess child = OsProcess.start(
                "/bin/sleep",
                List.of("sleep", "1000"),
                ProcessAttributes.builder()
                        .files(
                                ChildFile.nullDevice(),
                                ChildFile.nullDevice(),
                                ChildFile.inherit(2),
                                ChildFile.descriptor(3))
                        .system(system.build())
                        .build());
        CHILDREN.add(child);
        return child;
    }

    private static long field(long pid, int field) throws Exception {
        return Long.parseLong(Surroundings.statField(pid, field));
    }

    private static void check(String what, long expected, long seen) {
        if (expected != seen) {
            throw new AssertionError(what + ": " + seen + " and not " + expected);
        }
    }
}
