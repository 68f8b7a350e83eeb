// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process of {@link ScriptedSyscalls}. */
final class FakeProcess {
    final int pid;

    /** Whether it is a child of the process under test: others cannot be waited for. */
    boolean ownChild = true;

    /** Whether somebody has collected its state. */
    boolean reaped;

    /** Whether the process under test may signal it. */
    boolean permitted = true;

    /** What waitid reports; null while it runs. May also be a report of a stop. */
    @Nullable
    ChildReport report;

    /** What PIDFD_GET_INFO tells after the reap; negative for nothing. */
    long exitStatus = -1;

    /** The signals that reached it. */
    final List<Integer> signals = new ArrayList<>();

    FakeProcess(int pid) {
        this.pid = pid;
    }

    boolean isEnded() {
        return report != null && report.code() <= LinuxAbi.CLD_DUMPED;
    }

    FakeProcess exits(int code) {
        return reports(LinuxAbi.CLD_EXITED, code);
    }

    FakeProcess reports(int code, int status) {
        report = new ChildReport(pid, code, status, new ChildReport.Usage(1, 2, 3, 4, 5, 6, 7, 8, 9));
        return this;
    }

    FakeProcess foreign() {
        ownChild = false;
        return this;
    }

    FakeProcess reaped() {
        reaped = true;
        return this;
    }
}
