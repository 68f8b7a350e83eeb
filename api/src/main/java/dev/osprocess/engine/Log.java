// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.engine;

/** What the library says to whoever runs it; touched only when there is something to say. */
public final class Log {
    private Log() {}

    private static System.Logger logger() {
        return System.getLogger("dev.osprocess");
    }

    /** Something works less well than it could. */
    public static void warning(String text, Throwable cause) {
        logger().log(System.Logger.Level.WARNING, text, cause);
    }

    /** Something works less well than it could. */
    public static void warning(String text) {
        logger().log(System.Logger.Level.WARNING, text);
    }

    /** Something that must not happen. */
    public static void error(String text, Throwable cause) {
        logger().log(System.Logger.Level.ERROR, text, cause);
    }
}
