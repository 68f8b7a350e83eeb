// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** What only ntdll.dll has: looked up at first use. */
@SuppressWarnings("MemberName") // direct mapping finds a function by the name of its method
final class Ntdll {
    static {
        Native.register(Ntdll.class, NativeLibrary.getInstance("ntdll"));
    }

    private Ntdll() {}

    static native int NtResumeProcess(long process);

    static native int NtQueryInformationProcess(
            long process, int kind, @Nullable Pointer information, int size, @Nullable Pointer returned);
}
