// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import java.lang.ref.Cleaner;

/** Finds objects that were dropped (REL-08). It holds their lives, never themselves. */
public final class Reclaimer {
    private static final Cleaner CLEANER = Cleaner.create();

    private Reclaimer() {}

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
            life.dropped(); // registers with the watcher at most; never waits (REL-10)
        }
    }
}
