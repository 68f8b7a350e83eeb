// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import java.lang.ref.Cleaner;

/** Finds objects that were dropped (REL-08). It holds their lives, never themselves. */
public final class Reclaimer {
    private static final Cleaner CLEANER = Cleaner.create();

    private Reclaimer() {}

    /** Does nothing: that this class is loaded, and so its thread made, is what the caller wants before the first spawn. */
    static void ready() {}

    /** From now on {@code life} is closed when {@code front} is dropped, unless it ends or is released before. */
    public static void register(Object front, LifeCycle life) {
        life.cleanedBy(CLEANER.register(front, new Dropped(life)));
    }

    private static final class Dropped implements Runnable {
        private final LifeCycle life;

        Dropped(LifeCycle life) {
            this.life = life;
        }

        @Override
        public void run() {
            try {
                life.dropped(); // registers with the watcher at most; never waits (REL-10)
            } catch (RuntimeException | Error failed) { // the Cleaner would tell nobody
                Log.error("a dropped OsProcess for pid " + life.pid() + " could not be closed", failed);
            }
        }
    }
}
