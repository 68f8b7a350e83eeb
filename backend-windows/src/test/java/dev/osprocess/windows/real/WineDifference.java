// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.real;

import org.junit.jupiter.api.Assumptions;

/**
 * Where Wine is known to differ from Windows, in what these tests would show. Declared, never found out: a run under Wine
 * says so itself ({@code -Dosprocess.test.place=wine}, by scripts/windows-suite), and everywhere else each test demands
 * what Windows does. A rule is never loosened because of a line here.
 */
enum WineDifference {
    /** Windows refuses to terminate a process that has ended; Wine does it, and its code stays. */
    TERMINATE_AFTER_THE_END("TerminateProcess of an ended process succeeds there"),
    /** Windows gives the child's; Wine something like the caller's own. */
    CPU_TIMES_OF_OTHERS("GetProcessTimes shows the CPU time of the caller there"),
    /** Windows keeps them as long as a handle is open. */
    MEMORY_AFTER_THE_END("GetProcessMemoryInfo shows zeros for an ended process there"),
    /** Windows delivers it. */
    CTRL_BREAK("GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT) is not implemented there"),
    /** Windows gives the child what it was given, and nothing else. */
    VARIABLES_ADDED("a child's environment gets WINE*, SystemRoot and SystemDrive added there"),
    /** Windows forgets the number of a process when its last handle is closed. */
    NUMBER_LINGERS("a process can be opened for up to half a second after its last handle was closed there");

    private static final boolean WINE = "wine".equals(System.getProperty("osprocess.test.place"));

    private final String what;

    WineDifference(String what) {
        this.what = what;
    }

    /** Whether it has to be reckoned with in this run. */
    boolean isHere() {
        return WINE;
    }

    /** Leaves a test out where Wine could not pass it. */
    void leavesOutUnderWine() {
        Assumptions.assumeFalse(WINE, () -> "not tested under Wine: " + what);
    }
}
