// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** What every start, wait and end needs of kernel32.dll. A handle is a {@code long}: 64-bit Windows only. */
@SuppressWarnings("MemberName") // direct mapping finds a function by the name of its method
final class Kernel32 {
    static {
        Native.register(Kernel32.class, NativeLibrary.getInstance("kernel32"));
    }

    private Kernel32() {}

    static native int CreateProcessW(
            Pointer application,
            Pointer commandLine,
            Pointer processSecurity,
            Pointer threadSecurity,
            int inherit,
            int flags,
            Pointer environment,
            Pointer directory,
            Pointer startupInfo,
            Pointer processInformation);

    static native int InitializeProcThreadAttributeList(Pointer list, int count, int flags, Pointer size);

    static native int UpdateProcThreadAttribute(
            Pointer list, int flags, long attribute, Pointer value, long size, Pointer previous, Pointer returned);

    static native void DeleteProcThreadAttributeList(Pointer list);

    static native long OpenProcess(int access, int inherit, int pid);

    static native int TerminateProcess(long process, int exitCode);

    static native int WaitForSingleObject(long handle, int millis);

    static native int GetExitCodeProcess(long process, Pointer exitCode);

    static native int GetProcessTimes(long process, Pointer created, Pointer exited, Pointer kernel, Pointer user);

    static native int K32GetProcessMemoryInfo(long process, Pointer counters, int size);

    static native int GetProcessId(long process);

    static native int GetCurrentProcessId();

    static native int DuplicateHandle(
            long fromProcess, long handle, long toProcess, Pointer result, int access, int inherit, int options);

    static native int CloseHandle(long handle);

    static native long GetStdHandle(int which);

    static native long CreateFileW(
            Pointer path, int access, int share, Pointer security, int disposition, int flags, long template);

    static native int RegisterWaitForSingleObject(
            Pointer wait, long handle, Pointer callback, long context, int millis, int flags);

    static native int UnregisterWaitEx(long wait, long completion);

    static native int GetFullPathNameW(Pointer path, int size, Pointer buffer, Pointer filePart);

    static native int GetFileAttributesW(Pointer path);
}
