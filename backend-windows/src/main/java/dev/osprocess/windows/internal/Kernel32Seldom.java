// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** What a plain start and wait do not need of kernel32.dll: looked up at first use. */
@SuppressWarnings("MemberName") // direct mapping finds a function by the name of its method
final class Kernel32Seldom {
    static {
        Native.register(Kernel32Seldom.class, NativeLibrary.getInstance("kernel32"));
    }

    private Kernel32Seldom() {}

    static native int GetProcessHandleCount(long process, @Nullable Pointer count);

    static native long CreateToolhelp32Snapshot(int flags, int pid);

    static native int Process32FirstW(long snapshot, @Nullable Pointer entry);

    static native int Process32NextW(long snapshot, @Nullable Pointer entry);

    static native int GetHandleInformation(long handle, @Nullable Pointer flags);

    static native int CreatePipe(@Nullable Pointer read, @Nullable Pointer write, @Nullable Pointer security, int size);

    static native int ReadFile(
            long handle, @Nullable Pointer buffer, int size, @Nullable Pointer count, @Nullable Pointer overlapped);

    static native int WriteFile(
            long handle, @Nullable Pointer buffer, int size, @Nullable Pointer count, @Nullable Pointer overlapped);

    static native int CancelIoEx(long handle, @Nullable Pointer overlapped);

    static native long CreateJobObjectW(@Nullable Pointer security, @Nullable Pointer name);

    static native int SetInformationJobObject(long job, int kind, @Nullable Pointer information, int size);

    static native int QueryInformationJobObject(
            long job, int kind, @Nullable Pointer information, int size, @Nullable Pointer returned);

    static native int TerminateJobObject(long job, int exitCode);

    static native int GenerateConsoleCtrlEvent(int event, int group);

    static native int GetSystemDirectoryW(@Nullable Pointer buffer, int size);

    static native @Nullable Pointer GetEnvironmentStringsW();

    static native int FreeEnvironmentStringsW(@Nullable Pointer block);
}
