// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** What every start, wait and end needs of kernel32.dll. A handle is a {@code long}: 64-bit Windows only. */
@SuppressWarnings("MemberName") // direct mapping finds a function by the name of its method
final class Kernel32 {
    static {
        Native.register(Kernel32.class, NativeLibrary.getInstance("kernel32"));
    }

    private Kernel32() {}

    static native int CreateProcessW(
            @Nullable Pointer application,
            @Nullable Pointer commandLine,
            @Nullable Pointer processSecurity,
            @Nullable Pointer threadSecurity,
            int inherit,
            int flags,
            @Nullable Pointer environment,
            @Nullable Pointer directory,
            @Nullable Pointer startupInfo,
            @Nullable Pointer processInformation);

    static native int InitializeProcThreadAttributeList(
            @Nullable Pointer list, int count, int flags, @Nullable Pointer size);

    static native int UpdateProcThreadAttribute(
            @Nullable Pointer list,
            int flags,
            long attribute,
            @Nullable Pointer value,
            long size,
            @Nullable Pointer previous,
            @Nullable Pointer returned);

    static native void DeleteProcThreadAttributeList(@Nullable Pointer list);

    static native long OpenProcess(int access, int inherit, int pid);

    static native int TerminateProcess(long process, int exitCode);

    static native int WaitForSingleObject(long handle, int millis);

    static native int GetExitCodeProcess(long process, @Nullable Pointer exitCode);

    static native int GetProcessTimes(
            long process,
            @Nullable Pointer created,
            @Nullable Pointer exited,
            @Nullable Pointer kernel,
            @Nullable Pointer user);

    static native int K32GetProcessMemoryInfo(long process, @Nullable Pointer counters, int size);

    static native int GetProcessId(long process);

    static native int GetCurrentProcessId();

    static native int DuplicateHandle(
            long fromProcess,
            long handle,
            long toProcess,
            @Nullable Pointer result,
            int access,
            int inherit,
            int options);

    static native int CloseHandle(long handle);

    static native long GetStdHandle(int which);

    static native long CreateFileW(
            @Nullable Pointer path,
            int access,
            int share,
            @Nullable Pointer security,
            int disposition,
            int flags,
            long template);

    static native int RegisterWaitForSingleObject(
            @Nullable Pointer wait, long handle, @Nullable Pointer callback, long context, int millis, int flags);

    static native int UnregisterWaitEx(long wait, long completion);

    static native int GetFullPathNameW(
            @Nullable Pointer path, int size, @Nullable Pointer buffer, @Nullable Pointer filePart);

    static native int GetFileAttributesW(@Nullable Pointer path);
}
