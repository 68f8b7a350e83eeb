// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import java.util.List;

/** The classes of this package that are tests. */
public final class EngineTests {
    private EngineTests() {}

    /** All of them. Named one by one: scanning for them would depend on how the kit is packed. */
    public static List<Class<?>> all() {
        return List.of(
                CleanerTest.class,
                HandleCountTest.class,
                IdleWatchTest.class,
                LendingTest.class,
                NumbersTest.class,
                OnExitTest.class,
                OwnershipTest.class,
                PidModeTest.class,
                ReleaseTest.class,
                SignalTest.class,
                StartCheckTest.class,
                StatusTableTest.class,
                StopTest.class,
                StopWaitTest.class,
                ValuesTest.class,
                WaitTest.class,
                WatcherTest.class);
    }
}
