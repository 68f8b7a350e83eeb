// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What Windows shows a process of itself: handles, threads, the line that it was started with. Through the JNA that a backend
 * brings along, so the kit needs none; where it is missing, nothing can be seen.
 */
public final class WindowsSight {
    /** {@code GetCurrentProcess()}. */
    private static final long THIS_PROCESS = -1;

    /** {@code STD_INPUT_HANDLE} (winbase.h); the others are one less each. */
    private static final int STANDARD_INPUT = -10;

    private static final int FILE_TYPE_DISK = 1;
    private static final int HANDLE_FLAG_INHERIT = 1;

    /** Values of handles are multiples of 4, and low ones are taken first. */
    private static final int STEP = 4;

    private static final long HIGHEST = 0x8000;
    private static final int PATH_UNITS = 1024;
    private static final boolean THERE = isWindows() && function("kernel32", "GetCurrentProcessId") != null;

    private WindowsSight() {}

    private static boolean isWindows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }

    /** Whether anything can be seen. */
    public static boolean isThere() {
        return THERE;
    }

    private static @Nullable Object function(String library, String name) {
        try {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Class<?> type = Class.forName("com.sun.jna.Function", true, loader);
            return type.getMethod("getFunction", String.class, String.class).invoke(null, library, name);
        } catch (ReflectiveOperationException | LinkageError missing) {
            return null;
        }
    }

    private static Object call(Class<?> returned, String library, String name, Object... arguments) {
        Object function = function(library, name);
        if (function == null) {
            throw new AssertionError("there is no " + name + " in " + library);
        }
        try {
            Method invoke = function.getClass().getMethod("invoke", Class.class, Object[].class);
            return invoke.invoke(function, returned, arguments);
        } catch (InvocationTargetException failed) {
            throw new AssertionError(name + " failed", failed.getCause());
        } catch (ReflectiveOperationException changed) {
            throw new LinkageError("JNA's Function is not as expected", changed);
        }
    }

    private static int kernel(String name, Object... arguments) {
        return (Integer) call(Integer.class, "kernel32", name, arguments);
    }

    /** How many handles this process has open. */
    public static int handles() {
        int[] count = new int[1];
        if (kernel("GetProcessHandleCount", THIS_PROCESS, count) != 0 && count[0] > 0) {
            return count[0];
        }
        int open = 0; // Wine 8 always says 0
        for (long handle = STEP; handle < HIGHEST; handle += STEP) {
            open += kernel("GetHandleInformation", handle, count) != 0 ? 1 : 0;
        }
        return open;
    }

    /** The process that a handle holds; empty if it is none of a process, or not open. */
    public static Optional<String> heldBy(long handle) {
        int pid = kernel("GetProcessId", handle);
        return pid == 0 ? Optional.empty() : Optional.of(Integer.toUnsignedString(pid));
    }

    /** The id of the thread that asks. */
    public static long thread() {
        return Integer.toUnsignedLong(kernel("GetCurrentThreadId"));
    }

    /** The handles of this process that its children could inherit. */
    public static SortedSet<Long> inheritable() {
        SortedSet<Long> found = new TreeSet<>();
        int[] flags = new int[1];
        for (long handle = STEP; handle < HIGHEST; handle += STEP) {
            if (kernel("GetHandleInformation", handle, flags) != 0 && (flags[0] & HANDLE_FLAG_INHERIT) != 0) {
                found.add(handle);
            }
        }
        return found;
    }

    /** Has children inherit this handle, unless they get a list of others. */
    public static void makeInheritable(long handle) {
        if (kernel("SetHandleInformation", handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) == 0) {
            throw new AssertionError("SetHandleInformation failed");
        }
    }

    /** The handles of files that this process has open, and the names of these files in lower case. */
    public static SortedMap<Long, String> files() {
        SortedMap<Long, String> found = new TreeMap<>();
        for (long handle = STEP; handle < HIGHEST; handle += STEP) {
            if (kernel("GetFileType", handle) == FILE_TYPE_DISK) {
                char[] name = new char[PATH_UNITS];
                int length = kernel("GetFinalPathNameByHandleW", handle, name, PATH_UNITS, 0);
                if (length > 0 && length < PATH_UNITS) {
                    found.put(handle, new String(name, 0, length).toLowerCase(Locale.ROOT));
                }
            }
        }
        return found;
    }

    /** What kind each standard stream is of: 0 nothing, 1 a file, 2 a device, 3 a pipe (GetFileType). */
    static List<byte[]> streamKinds() {
        List<byte[]> kinds = new ArrayList<>();
        for (int stream = 0; stream <= 2; stream++) {
            long handle = (Long) call(Long.class, "kernel32", "GetStdHandle", STANDARD_INPUT - stream);
            int kind = handle == 0 || handle == THIS_PROCESS ? 0 : kernel("GetFileType", handle);
            kinds.add(Integer.toString(kind).getBytes(StandardCharsets.US_ASCII));
        }
        return kinds;
    }

    /** The whole line that this process was started with. */
    static String commandLine() {
        Class<?> wide;
        try {
            wide = Class.forName(
                    "com.sun.jna.WString", true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new AssertionError("there is no JNA here", missing);
        }
        return call(wide, "kernel32", "GetCommandLineW").toString();
    }
}
