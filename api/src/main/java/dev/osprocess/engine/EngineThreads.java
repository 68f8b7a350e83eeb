// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import java.util.concurrent.ThreadFactory;

/**
 * Makes the library's own threads: daemons that take nothing over from the caller who happened to be the first. Its
 * context class loader would be held for as long as the thread lives, and with it a whole web application that was
 * replaced long ago.
 */
final class EngineThreads implements ThreadFactory {
    private final String name;

    private EngineThreads(String name) {
        this.name = name;
    }

    static EngineThreads named(String name) {
        return new EngineThreads(name);
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setContextClassLoader(EngineThreads.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }
}
