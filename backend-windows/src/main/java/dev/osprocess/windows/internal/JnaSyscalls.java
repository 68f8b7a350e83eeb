// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import com.sun.jna.CallbackReference;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The binding: JNA's direct mapping. JNA saves GetLastError in each call, so that nothing the JVM does in between can
 * change it. No structures: memory and offsets (see {@link WindowsAbi}).
 */
final class JnaSyscalls implements WindowsSyscalls {
    private static final int BUFFER_CHARACTERS = 512;

    /** The one callback: it says the key and nothing else. Static, because the system may call it as long as this JVM lives. */
    private static final WaitSatisfied WAIT_SATISFIED = new WaitSatisfied();

    private static final Pointer WAIT_FUNCTION = functionOf(WAIT_SATISFIED);

    /** RegisterWaitForSingleObject calls this on a thread of the system. */
    private static final class WaitSatisfied implements WaitCallback {
        volatile @Nullable LongConsumer sink;

        @Override
        public void callback(long key, byte timedOut) {
            LongConsumer told = sink;
            if (told != null) {
                told.accept(key);
            }
        }
    }

    /** A daemon, or the JVM would not end; never detached, or each call would attach and detach a thread. */
    private static Pointer functionOf(WaitCallback callback) {
        Native.setCallbackThreadInitializer(
                callback, new CallbackThreadInitializer(true, false, "osprocess-windows-wait"));
        return CallbackReference.getFunctionPointer(callback);
    }

    @Override
    public Created createProcess(Launch launch) throws Win32Exception {
        try (Scratch scratch = new Scratch();
                Attributes attributes = new Attributes(scratch, launch)) {
            Memory startup = scratch.zeroed(WindowsAbi.STARTUPINFOEX_SIZE);
            startup.setInt(0, WindowsAbi.STARTUPINFOEX_SIZE);
            int flags = launch.hideWindow() ? WindowsAbi.STARTF_USESHOWWINDOW : 0;
            long[] streams = launch.streams();
            if (streams != null) {
                flags |= WindowsAbi.STARTF_USESTDHANDLES;
                startup.setLong(WindowsAbi.STARTUPINFO_STD_INPUT, streams[0]);
                startup.setLong(WindowsAbi.STARTUPINFO_STD_OUTPUT, streams[1]);
                startup.setLong(WindowsAbi.STARTUPINFO_STD_ERROR, streams[2]);
            }
            startup.setInt(WindowsAbi.STARTUPINFO_FLAGS, flags);
            startup.setPointer(WindowsAbi.STARTUPINFOEX_ATTRIBUTES, attributes.list);
            Memory made = scratch.zeroed(WindowsAbi.PROCESS_INFORMATION_SIZE);
            byte[] environment = launch.environment();
            String directory = launch.directory();
            check(
                    "CreateProcessW",
                    Kernel32.CreateProcessW(
                            scratch.wide(launch.application()),
                            scratch.wide(launch.commandLine()),
                            null,
                            null,
                            launch.inherited().length > 0 ? 1 : 0,
                            launch.flags(),
                            environment == null ? null : scratch.bytes(environment),
                            directory == null ? null : scratch.wide(directory),
                            startup,
                            made));
            return new Created(
                    made.getLong(0),
                    made.getLong(WindowsAbi.PROCESS_INFORMATION_THREAD),
                    unsigned(made.getInt(WindowsAbi.PROCESS_INFORMATION_PID)));
        }
    }

    /** The attribute list of a launch. */
    private static final class Attributes implements AutoCloseable {
        final @Nullable Memory list;

        Attributes(Scratch scratch, Launch launch) throws Win32Exception {
            int count = (launch.inherited().length > 0 ? 1 : 0)
                    + (launch.jobs().length > 0 ? 1 : 0)
                    + (launch.parent() != 0 ? 1 : 0);
            if (count == 0) {
                list = null;
                return;
            }
            Memory size = scratch.zeroed(Long.BYTES);
            Kernel32.InitializeProcThreadAttributeList(null, count, 0, size); // fails, and says the size
            Memory made = scratch.zeroed(size.getLong(0));
            check(
                    "InitializeProcThreadAttributeList",
                    Kernel32.InitializeProcThreadAttributeList(made, count, 0, size));
            list = made;
            boolean complete = false;
            try {
                put(scratch, WindowsAbi.PROC_THREAD_ATTRIBUTE_HANDLE_LIST, launch.inherited());
                put(scratch, WindowsAbi.PROC_THREAD_ATTRIBUTE_JOB_LIST, launch.jobs());
                if (launch.parent() != 0) {
                    put(scratch, WindowsAbi.PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, launch.parent());
                }
                complete = true;
            } finally {
                if (!complete) {
                    close();
                }
            }
        }

        private void put(Scratch scratch, long attribute, long... handles) throws Win32Exception {
            if (handles.length > 0) {
                check(
                        "UpdateProcThreadAttribute",
                        Kernel32.UpdateProcThreadAttribute(
                                list,
                                0,
                                attribute,
                                scratch.handles(handles),
                                (long) handles.length * Long.BYTES,
                                null,
                                null));
            }
        }

        @Override
        public void close() {
            if (list != null) {
                Kernel32.DeleteProcThreadAttributeList(list);
            }
        }
    }

    @Override
    public long openProcess(int access, long pid) throws Win32Exception {
        return handle("OpenProcess", Kernel32.OpenProcess(access, 0, (int) pid));
    }

    @Override
    public void terminateProcess(long process, int exitCode) throws Win32Exception {
        check("TerminateProcess", Kernel32.TerminateProcess(process, exitCode));
    }

    @Override
    public int resumeProcess(long process) {
        return Ntdll.NtResumeProcess(process);
    }

    @Override
    public int waitForSingleObject(long handle, int millis) throws Win32Exception {
        int result = Kernel32.WaitForSingleObject(handle, millis);
        if (result == WindowsAbi.WAIT_FAILED) {
            throw failed("WaitForSingleObject");
        }
        return result;
    }

    @Override
    public long exitCodeOf(long process) throws Win32Exception {
        try (Memory code = new Memory(Integer.BYTES)) {
            check("GetExitCodeProcess", Kernel32.GetExitCodeProcess(process, code));
            return unsigned(code.getInt(0));
        }
    }

    @Override
    public Times timesOf(long process) throws Win32Exception {
        try (Memory times = new Memory(4L * Long.BYTES)) {
            check(
                    "GetProcessTimes",
                    Kernel32.GetProcessTimes(process, times, times.share(8), times.share(16), times.share(24)));
            return new Times(times.getLong(0), times.getLong(8), times.getLong(16), times.getLong(24));
        }
    }

    @Override
    public long peakWorkingSetOf(long process) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory counters = scratch.zeroed(WindowsAbi.MEMORY_COUNTERS_SIZE);
            counters.setInt(0, WindowsAbi.MEMORY_COUNTERS_SIZE);
            check(
                    "K32GetProcessMemoryInfo",
                    Kernel32.K32GetProcessMemoryInfo(process, counters, WindowsAbi.MEMORY_COUNTERS_SIZE));
            return counters.getLong(WindowsAbi.MEMORY_COUNTERS_PEAK);
        }
    }

    @Override
    public long processIdOf(long process) throws Win32Exception {
        int pid = Kernel32.GetProcessId(process);
        check("GetProcessId", pid);
        return unsigned(pid);
    }

    @Override
    public long parentOf(long process) {
        try (Scratch scratch = new Scratch()) {
            Memory information = scratch.zeroed(WindowsAbi.BASIC_INFORMATION_SIZE);
            int status = Ntdll.NtQueryInformationProcess(
                    process,
                    WindowsAbi.PROCESS_BASIC_INFORMATION,
                    information,
                    WindowsAbi.BASIC_INFORMATION_SIZE,
                    null);
            return status < 0 ? -1 : information.getLong(WindowsAbi.BASIC_INFORMATION_PARENT);
        }
    }

    @Override
    public long handleCountOf(long process) throws Win32Exception {
        try (Memory count = new Memory(Integer.BYTES)) {
            check("GetProcessHandleCount", Kernel32Seldom.GetProcessHandleCount(process, count));
            return unsigned(count.getInt(0));
        }
    }

    @Override
    public long currentProcessId() {
        return unsigned(Kernel32.GetCurrentProcessId());
    }

    @Override
    public long createSnapshot() throws Win32Exception {
        return handleOrInvalid(
                "CreateToolhelp32Snapshot", Kernel32Seldom.CreateToolhelp32Snapshot(WindowsAbi.TH32CS_SNAPPROCESS, 0));
    }

    @Override
    public Listed nextListed(long snapshot, boolean first) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory entry = scratch.zeroed(WindowsAbi.PROCESSENTRY32_SIZE);
            entry.setInt(0, WindowsAbi.PROCESSENTRY32_SIZE);
            if (first) {
                check("Process32FirstW", Kernel32Seldom.Process32FirstW(snapshot, entry));
            } else {
                check("Process32NextW", Kernel32Seldom.Process32NextW(snapshot, entry));
            }
            return new Listed(
                    unsigned(entry.getInt(WindowsAbi.PROCESSENTRY32_PID)),
                    unsigned(entry.getInt(WindowsAbi.PROCESSENTRY32_PARENT)));
        }
    }

    @Override
    public long duplicateHandle(
            long fromProcess, long handle, long toProcess, int access, boolean inheritable, int options)
            throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory result = scratch.zeroed(Long.BYTES);
            check(
                    "DuplicateHandle",
                    Kernel32.DuplicateHandle(
                            fromProcess,
                            handle,
                            toProcess,
                            toProcess == 0 ? null : result,
                            access,
                            inheritable ? 1 : 0,
                            options));
            return result.getLong(0);
        }
    }

    @Override
    public void closeHandle(long handle) throws Win32Exception {
        check("CloseHandle", Kernel32.CloseHandle(handle));
    }

    @Override
    public int handleFlags(long handle) throws Win32Exception {
        try (Memory flags = new Memory(Integer.BYTES)) {
            check("GetHandleInformation", Kernel32Seldom.GetHandleInformation(handle, flags));
            return flags.getInt(0);
        }
    }

    @Override
    public long standardHandle(int which) {
        return Kernel32.GetStdHandle(which);
    }

    @Override
    public long createFile(String path, int access, int share, int disposition) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            return handleOrInvalid(
                    "CreateFileW",
                    Kernel32.CreateFileW(
                            scratch.wide(path), access, share, null, disposition, WindowsAbi.FILE_ATTRIBUTE_NORMAL, 0));
        }
    }

    @Override
    public void createPipe(long[] ends) throws Win32Exception {
        try (Memory both = new Memory(2L * Long.BYTES)) {
            check("CreatePipe", Kernel32Seldom.CreatePipe(both, both.share(Long.BYTES), null, 0));
            ends[0] = both.getLong(0);
            ends[1] = both.getLong(Long.BYTES);
        }
    }

    @Override
    public int readFile(long handle, byte[] into, int offset, int length) throws Win32Exception {
        try (Scratch scratch = new Scratch();
                Memory buffer = new Memory(Math.max(1, length))) {
            Memory count = scratch.zeroed(Integer.BYTES);
            check("ReadFile", Kernel32Seldom.ReadFile(handle, buffer, length, count, null));
            buffer.read(0, into, offset, count.getInt(0));
            return count.getInt(0);
        }
    }

    @Override
    public int writeFile(long handle, byte[] from, int offset, int length) throws Win32Exception {
        try (Scratch scratch = new Scratch();
                Memory buffer = new Memory(Math.max(1, length))) {
            buffer.write(0, from, offset, length);
            Memory count = scratch.zeroed(Integer.BYTES);
            check("WriteFile", Kernel32Seldom.WriteFile(handle, buffer, length, count, null));
            return count.getInt(0);
        }
    }

    @Override
    public void cancelIo(long handle) throws Win32Exception {
        check("CancelIoEx", Kernel32Seldom.CancelIoEx(handle, null));
    }

    @Override
    public long createJob() throws Win32Exception {
        return handle("CreateJobObjectW", Kernel32Seldom.CreateJobObjectW(null, null));
    }

    @Override
    public void setJobLimits(long job, int flags) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory limits = scratch.zeroed(WindowsAbi.EXTENDED_LIMIT_SIZE);
            limits.setInt(WindowsAbi.EXTENDED_LIMIT_FLAGS, flags);
            check(
                    "SetInformationJobObject",
                    Kernel32Seldom.SetInformationJobObject(
                            job,
                            WindowsAbi.JOB_OBJECT_EXTENDED_LIMIT_INFORMATION,
                            limits,
                            WindowsAbi.EXTENDED_LIMIT_SIZE));
        }
    }

    @Override
    public JobTimes timesOfJob(long job) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory accounting = scratch.zeroed(WindowsAbi.BASIC_ACCOUNTING_SIZE);
            check(
                    "QueryInformationJobObject",
                    Kernel32Seldom.QueryInformationJobObject(
                            job,
                            WindowsAbi.JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION,
                            accounting,
                            WindowsAbi.BASIC_ACCOUNTING_SIZE,
                            null));
            return new JobTimes(accounting.getLong(Long.BYTES), accounting.getLong(0)); // user first
        }
    }

    @Override
    public void terminateJob(long job, int exitCode) throws Win32Exception {
        check("TerminateJobObject", Kernel32Seldom.TerminateJobObject(job, exitCode));
    }

    @Override
    public void onWaitSatisfied(LongConsumer sink) {
        WAIT_SATISFIED.sink = sink;
    }

    @Override
    public long registerWait(long handle, long key) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory wait = scratch.zeroed(Long.BYTES);
            check(
                    "RegisterWaitForSingleObject",
                    Kernel32.RegisterWaitForSingleObject(
                            wait,
                            handle,
                            WAIT_FUNCTION,
                            key,
                            WindowsAbi.INFINITE,
                            WindowsAbi.WT_EXECUTEONLYONCE | WindowsAbi.WT_EXECUTEINWAITTHREAD));
            return wait.getLong(0);
        }
    }

    @Override
    public void unregisterWait(long wait) throws Win32Exception {
        check("UnregisterWaitEx", Kernel32.UnregisterWaitEx(wait, WindowsAbi.INVALID_HANDLE_VALUE));
    }

    @Override
    public void generateConsoleCtrlEvent(int event, long group) throws Win32Exception {
        check("GenerateConsoleCtrlEvent", Kernel32Seldom.GenerateConsoleCtrlEvent(event, (int) group));
    }

    @Override
    public String fullPath(String path) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory given = scratch.wide(path);
            int size = BUFFER_CHARACTERS;
            Memory buffer = scratch.zeroed((long) size * Character.BYTES);
            int length = Kernel32.GetFullPathNameW(given, size, buffer, null);
            if (length > size) { // then it is the size that is needed
                size = length;
                buffer = scratch.zeroed((long) size * Character.BYTES);
                length = Kernel32.GetFullPathNameW(given, size, buffer, null);
            }
            check("GetFullPathNameW", length);
            return text(buffer, length);
        }
    }

    @Override
    public int fileAttributes(String path) throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            int attributes = Kernel32.GetFileAttributesW(scratch.wide(path));
            if (attributes == WindowsAbi.INVALID_FILE_ATTRIBUTES) {
                throw failed("GetFileAttributesW");
            }
            return attributes;
        }
    }

    @Override
    public String systemDirectory() throws Win32Exception {
        try (Scratch scratch = new Scratch()) {
            Memory buffer = scratch.zeroed((long) BUFFER_CHARACTERS * Character.BYTES);
            int length = Kernel32Seldom.GetSystemDirectoryW(buffer, BUFFER_CHARACTERS);
            check("GetSystemDirectoryW", length);
            return text(buffer, length);
        }
    }

    @Override
    public char @Nullable [] environment() {
        Pointer block = Kernel32Seldom.GetEnvironmentStringsW();
        if (block == null) {
            return null;
        }
        try {
            int length = 0;
            while (block.getShort(2L * length) != 0 || block.getShort(2L * length + 2) != 0) {
                length++;
            }
            char[] units = new char[length + 2];
            for (int i = 0; i < length; i++) {
                units[i] = (char) block.getShort(2L * i);
            }
            return units;
        } finally {
            Kernel32Seldom.FreeEnvironmentStringsW(block);
        }
    }

    private static String text(Memory buffer, int length) {
        char[] units = new char[length];
        for (int i = 0; i < length; i++) {
            units[i] = (char) buffer.getShort(2L * i);
        }
        return new String(units);
    }

    private static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }

    private static long handle(String call, long handle) throws Win32Exception {
        if (handle == 0) {
            throw failed(call);
        }
        return handle;
    }

    private static long handleOrInvalid(String call, long handle) throws Win32Exception {
        if (handle == WindowsAbi.INVALID_HANDLE_VALUE) {
            throw failed(call);
        }
        return handle;
    }

    private static void check(String call, int result) throws Win32Exception {
        if (result == 0) {
            throw failed(call);
        }
    }

    private static Win32Exception failed(String call) {
        return new Win32Exception(call, Native.getLastError());
    }
}
