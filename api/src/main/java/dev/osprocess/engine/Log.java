// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

import org.jspecify.annotations.Nullable;

/** What the library says to whoever runs it; touched only when there is something to say. */
public final class Log {
    private Log() {}

    /** Something works less well than it could. */
    public static void warning(String text, Throwable cause) {
        say(System.Logger.Level.WARNING, text, cause);
    }

    /** Something works less well than it could. */
    public static void warning(String text) {
        say(System.Logger.Level.WARNING, text, null);
    }

    /** Something that must not happen. */
    public static void error(String text, Throwable cause) {
        say(System.Logger.Level.ERROR, text, cause);
    }

    /** A logger that fails must not take a waiter or the watcher with it; there is nobody left to tell. */
    private static void say(System.Logger.Level level, String text, @Nullable Throwable cause) {
        try {
            System.getLogger("dev.osprocess").log(level, text, cause);
        } catch (RuntimeException | Error loggerFailed) {
            return;
        }
    }
}
