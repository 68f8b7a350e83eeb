// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** What a plain start and wait do not need of kernel32.dll: looked up at first use. */
@SuppressWarnings("MemberName") // direct mapping finds a function by the name of its method
final class Kernel32Seldom {
    static {
        Native.register(Kernel32Seldom.class, NativeLibrary.getInstance("kernel32"));
    }

    private Kernel32Seldom() {}

    static native int GetProcessHandleCount(long process, Pointer count);

    static native long CreateToolhelp32Snapshot(int flags, int pid);

    static native int Process32FirstW(long snapshot, Pointer entry);

    static native int Process32NextW(long snapshot, Pointer entry);

    static native int GetHandleInformation(long handle, Pointer flags);

    static native int CreatePipe(Pointer read, Pointer write, Pointer security, int size);

    static native int ReadFile(long handle, Pointer buffer, int size, Pointer count, Pointer overlapped);

    static native int WriteFile(long handle, Pointer buffer, int size, Pointer count, Pointer overlapped);

    static native int CancelIoEx(long handle, Pointer overlapped);

    static native long CreateJobObjectW(Pointer security, Pointer name);

    static native int SetInformationJobObject(long job, int kind, Pointer information, int size);

    static native int QueryInformationJobObject(long job, int kind, Pointer information, int size, Pointer returned);

    static native int TerminateJobObject(long job, int exitCode);

    static native int GenerateConsoleCtrlEvent(int event, int group);

    static native int GetSystemDirectoryW(Pointer buffer, int size);

    static native Pointer GetEnvironmentStringsW();

    static native int FreeEnvironmentStringsW(Pointer block);
}
