// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of kernel32 and ntdll that this backend calls: one method per function. No retry, no mapping, no logging
 * below here; errors arrive as GetLastError, saved in the call itself. Everything above can be tested on any host with a
 * scripted double. A handle is a {@code long}, 0 none.
 */
interface WindowsSyscalls {
    /** What a process was created with: both handles are the caller's to close. */
    record Created(long process, long thread, long pid) {}

    /** Times of a process in units of 100 ns: creation and exit since 1601, the others spent. */
    record Times(long created, long exited, long kernel, long user) {}

    /** CPU times of all processes that were ever in a job, in units of 100 ns. */
    record JobTimes(long kernel, long user) {}

    /** A process in a snapshot. */
    record Listed(long pid, long parent) {}

    /** CreateProcessW, with the attribute list that the launch names. */
    Created createProcess(Launch launch) throws Win32Exception;

    /** OpenProcess, not inheritable. */
    long openProcess(int access, long pid) throws Win32Exception;

    /** TerminateProcess. */
    void terminateProcess(long process, int exitCode) throws Win32Exception;

    /** NtResumeProcess; its NTSTATUS, 0 for success. */
    int resumeProcess(long process);

    /** WaitForSingleObject: WAIT_OBJECT_0, WAIT_TIMEOUT or another result; WAIT_FAILED is an exception. */
    int waitForSingleObject(long handle, int millis) throws Win32Exception;

    /** GetExitCodeProcess, unsigned. Means nothing before the process has ended (ID-16). */
    long exitCodeOf(long process) throws Win32Exception;

    /** GetProcessTimes. */
    Times timesOf(long process) throws Win32Exception;

    /** K32GetProcessMemoryInfo: PeakWorkingSetSize. */
    long peakWorkingSetOf(long process) throws Win32Exception;

    /** GetProcessId. */
    long processIdOf(long process) throws Win32Exception;

    /** NtQueryInformationProcess: the number of the process that created this one; −1 if that fails. */
    long parentOf(long process);

    /** GetProcessHandleCount. */
    long handleCountOf(long process) throws Win32Exception;

    /** GetCurrentProcessId. */
    long currentProcessId();

    /** CreateToolhelp32Snapshot of all processes. */
    long createSnapshot() throws Win32Exception;

    /** Process32FirstW, or Process32NextW; ERROR_NO_MORE_FILES after the last. */
    Listed nextListed(long snapshot, boolean first) throws Win32Exception;

    /** DuplicateHandle from one process to another. */
    long duplicateHandle(long fromProcess, long handle, long toProcess, int access, boolean inheritable, int options)
            throws Win32Exception;

    /** CloseHandle. */
    void closeHandle(long handle) throws Win32Exception;

    /** GetHandleInformation: the flags. */
    int handleFlags(long handle) throws Win32Exception;

    /** GetStdHandle: 0 or INVALID_HANDLE_VALUE if there is none. */
    long standardHandle(int which);

    /** CreateFileW, not inheritable. */
    long createFile(String path, int access, int share, int disposition) throws Win32Exception;

    /**
     * CreatePipe, not inheritable.
     *
     * @param ends filled with the end to read and the end to write
     */
    void createPipe(long[] ends) throws Win32Exception;

    /** ReadFile; 0 for the end of a file, ERROR_BROKEN_PIPE for that of a pipe. */
    int readFile(long handle, byte[] into, int offset, int length) throws Win32Exception;

    /** WriteFile; how many bytes were taken. */
    int writeFile(long handle, byte[] from, int offset, int length) throws Win32Exception;

    /** CancelIoEx of all that is under way. */
    void cancelIo(long handle) throws Win32Exception;

    /** CreateJobObjectW, without a name, not inheritable. */
    long createJob() throws Win32Exception;

    /** SetInformationJobObject: the limits' flags. */
    void setJobLimits(long job, int flags) throws Win32Exception;

    /** QueryInformationJobObject: accounting. */
    JobTimes timesOfJob(long job) throws Win32Exception;

    /** TerminateJobObject. */
    void terminateJob(long job, int exitCode) throws Win32Exception;

    /** Who is told the keys of waits that were satisfied, on a thread of the system's pool. Comes before any wait. */
    void onWaitSatisfied(LongConsumer sink);

    /** RegisterWaitForSingleObject, once, without a time limit, on the wait thread; what {@link #unregisterWait} takes. */
    long registerWait(long handle, long key) throws Win32Exception;

    /** UnregisterWaitEx with INVALID_HANDLE_VALUE as completion event: returns when no callback of this wait runs any more. */
    void unregisterWait(long wait) throws Win32Exception;

    /** GenerateConsoleCtrlEvent. */
    void generateConsoleCtrlEvent(int event, long group) throws Win32Exception;

    /** GetFullPathNameW. */
    String fullPath(String path) throws Win32Exception;

    /** GetFileAttributesW. */
    int fileAttributes(String path) throws Win32Exception;

    /** GetSystemDirectoryW. */
    String systemDirectory() throws Win32Exception;

    /** GetEnvironmentStringsW: the block, with both NULs at its end. */
    char @Nullable [] environment();
}
