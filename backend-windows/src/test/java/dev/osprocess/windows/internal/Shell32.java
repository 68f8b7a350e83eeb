// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** How Windows itself takes a command line apart. Only on Windows. */
public final class Shell32 {
    static {
        Native.register(Shell32.class, NativeLibrary.getInstance("shell32"));
    }

    private Shell32() {}

    static native Pointer CommandLineToArgvW(Pointer line, Pointer count);

    private static final class OfKernel32 {
        static {
            Native.register(OfKernel32.class, NativeLibrary.getInstance("kernel32"));
        }

        static native Pointer GetCommandLineW();

        static native Pointer LocalFree(Pointer block);
    }

    /** The arguments of a line. */
    public static List<String> parse(String line) {
        try (Scratch scratch = new Scratch()) {
            return parse(scratch.wide(line), scratch.zeroed(Integer.BYTES));
        }
    }

    /** The arguments of this process; those of main() have lost what the ANSI code page does not know. */
    public static List<String> ownArguments() {
        try (Memory count = new Memory(Integer.BYTES)) {
            return parse(OfKernel32.GetCommandLineW(), count);
        }
    }

    /** This process's whole line. */
    public static String ownLine() {
        return wide(OfKernel32.GetCommandLineW());
    }

    private static List<String> parse(Pointer line, Memory count) {
        Pointer list = CommandLineToArgvW(line, count);
        try {
            List<String> arguments = new ArrayList<>();
            for (int i = 0; i < count.getInt(0); i++) {
                arguments.add(wide(list.getPointer((long) i * Long.BYTES)));
            }
            return arguments;
        } finally {
            OfKernel32.LocalFree(list);
        }
    }

    private static String wide(Pointer text) {
        StringBuilder units = new StringBuilder();
        for (long at = 0; text.getShort(at) != 0; at += Character.BYTES) {
            units.append((char) text.getShort(at));
        }
        return units.toString();
    }
}
