// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A Windows of the tests' own: processes, handles and waits in tables, errors on demand, every call in a log. What must
 * never happen is an AssertionError at once: closing what is not open, or what a wait is registered on.
 */
final class ScriptedSyscalls implements WindowsSyscalls {
    static final long SELF = 4000;
    private static final long FIRST_HANDLE = 0x100;

    /** A process of this system; it has ended once it has an exit code. */
    static final class Simulated {
        final long pid;
        final long parent;
        final long created;

        @Nullable
        Long exitCode;

        boolean mayBeTerminated = true;

        Simulated(long pid, long parent, long created) {
            this.pid = pid;
            this.parent = parent;
            this.created = created;
        }
    }

    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final Map<Long, Simulated> processes = new HashMap<>();
    final List<Launch> launches = new ArrayList<>();

    /** What every open handle is. */
    final Map<Long, Object> open = new LinkedHashMap<>();

    /** Handles by the registration that waits on them, and the keys that these are known by. */
    final Map<Long, Long> waits = new HashMap<>();

    private final Map<Long, Long> keys = new HashMap<>();
    private final Map<String, Deque<Integer>> failures = new HashMap<>();
    private final Map<String, Integer> failuresOn = new HashMap<>();
    final Map<String, Integer> attributes = new HashMap<>();
    final Map<Integer, Long> standard = new HashMap<>();
    final Deque<byte[]> toRead = new ArrayDeque<>();
    final List<byte[]> written = new ArrayList<>();
    char @Nullable [] environment = new char[2];
    int waitResult = WindowsAbi.WAIT_TIMEOUT;
    int resumeStatus;

    /** Runs inside each wait, with its time limit. */
    IntConsumer onWait = millis -> {};

    JobTimes jobTimes = new JobTimes(0, 0);
    private LongConsumer sink = key -> {};
    private long nextHandle = FIRST_HANDLE;
    private long nextPid = 5000;

    ScriptedSyscalls() {
        processes.put(SELF, new Simulated(SELF, 8, 1000));
        standard.put(WindowsAbi.STD_INPUT_HANDLE, handle("stdin"));
        standard.put(WindowsAbi.STD_OUTPUT_HANDLE, handle("stdout"));
        standard.put(WindowsAbi.STD_ERROR_HANDLE, handle("stderr"));
    }

    /** The next call of this name fails with this error. */
    ScriptedSyscalls fail(String call, int error) {
        failures.computeIfAbsent(call, any -> new ArrayDeque<>()).add(error);
        return this;
    }

    /** Every call of this name about this process fails with this error. */
    void failOn(String call, long pid, int error) {
        failuresOn.put(call + " " + pid, error);
    }

    /** A process that somebody else started. */
    Simulated stranger(long pid, long parent, long created) {
        Simulated process = new Simulated(pid, parent, created);
        processes.put(pid, process);
        return process;
    }

    /** Ends a process, and tells whoever waits. */
    synchronized void end(long pid, long exitCode) {
        Simulated process = Objects.requireNonNull(processes.get(pid));
        process.exitCode = exitCode;
        waits.forEach((wait, handle) -> {
            if (open.get(handle) == process) {
                sink.accept(Objects.requireNonNull(keys.get(wait)));
            }
        });
    }

    private synchronized long handle(Object what) {
        long handle = nextHandle;
        nextHandle += 4;
        open.put(handle, what);
        return handle;
    }

    /** Everything that is open, the standard streams aside. */
    List<Object> openBesideStreams() {
        List<Object> all = new ArrayList<>(open.values());
        all.removeAll(List.of("stdin", "stdout", "stderr"));
        return all;
    }

    private void called(String call, String detail) throws Win32Exception {
        log.add(detail.isEmpty() ? call : call + " " + detail);
        Deque<Integer> planned = failures.get(call);
        Integer error = planned == null ? null : planned.poll();
        if (error != null) {
            throw new Win32Exception(call, error);
        }
    }

    private Simulated process(long handle) throws Win32Exception {
        if (handle == WindowsAbi.CURRENT_PROCESS) {
            return Objects.requireNonNull(processes.get(SELF));
        }
        if (open.get(handle) instanceof Simulated process) {
            return process;
        }
        throw new Win32Exception("lookup", Win32Error.INVALID_HANDLE);
    }

    @Override
    public synchronized Created createProcess(Launch launch) throws Win32Exception {
        launches.add(launch);
        called("CreateProcessW", launch.application());
        Simulated made = stranger(nextPid, SELF, 10_000 + nextPid);
        nextPid += 4;
        return new Created(handle(made), handle("thread"), made.pid);
    }

    @Override
    public long openProcess(int access, long pid) throws Win32Exception {
        called("OpenProcess", pid + " 0x" + Integer.toHexString(access));
        Integer error = failuresOn.get("OpenProcess " + pid);
        if (error != null) {
            throw new Win32Exception("OpenProcess", error);
        }
        Simulated process = processes.get(pid - pid % 4);
        if (process == null) {
            throw new Win32Exception("OpenProcess", Win32Error.INVALID_PARAMETER);
        }
        return handle(process);
    }

    @Override
    public void terminateProcess(long process, int exitCode) throws Win32Exception {
        called("TerminateProcess", "" + exitCode);
        Simulated target = process(process);
        if (target.exitCode != null || !target.mayBeTerminated) {
            throw new Win32Exception("TerminateProcess", Win32Error.ACCESS_DENIED);
        }
        end(target.pid, exitCode);
    }

    @Override
    public int resumeProcess(long process) {
        log.add("NtResumeProcess");
        return resumeStatus;
    }

    @Override
    public int waitForSingleObject(long handle, int millis) throws Win32Exception {
        called("WaitForSingleObject", "" + millis);
        onWait.accept(millis);
        return process(handle).exitCode != null ? WindowsAbi.WAIT_OBJECT_0 : waitResult;
    }

    @Override
    public long exitCodeOf(long process) throws Win32Exception {
        called("GetExitCodeProcess", "");
        Long code = process(process).exitCode;
        return code == null ? 259 : code;
    }

    @Override
    public Times timesOf(long process) throws Win32Exception {
        called("GetProcessTimes", "");
        return new Times(process(process).created, 0, 20_000, 30_000);
    }

    @Override
    public long peakWorkingSetOf(long process) throws Win32Exception {
        called("K32GetProcessMemoryInfo", "");
        return 123_456;
    }

    @Override
    public long processIdOf(long process) throws Win32Exception {
        called("GetProcessId", "");
        return process(process).pid;
    }

    @Override
    public long parentOf(long process) {
        return Objects.requireNonNull(processes.get(SELF)).parent;
    }

    @Override
    public long handleCountOf(long process) {
        return open.size();
    }

    @Override
    public long currentProcessId() {
        return SELF;
    }

    @Override
    public long createSnapshot() throws Win32Exception {
        called("CreateToolhelp32Snapshot", "");
        List<Simulated> all = new ArrayList<>(processes.values());
        return handle(new ArrayDeque<>(all));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Listed nextListed(long snapshot, boolean first) throws Win32Exception {
        called(first ? "Process32FirstW" : "Process32NextW", "");
        Simulated next = ((ArrayDeque<Simulated>) Objects.requireNonNull(open.get(snapshot))).poll();
        if (next == null) {
            throw new Win32Exception("Process32NextW", Win32Error.NO_MORE_FILES);
        }
        return new Listed(next.pid, next.parent);
    }

    @Override
    public long duplicateHandle(
            long fromProcess, long handle, long toProcess, int access, boolean inheritable, int options)
            throws Win32Exception {
        called("DuplicateHandle", inheritable ? "inheritable" : "0x" + Integer.toHexString(access));
        if ((options & WindowsAbi.DUPLICATE_CLOSE_SOURCE) != 0) {
            open.remove(handle);
            return 0;
        }
        Object what = open.get(handle);
        if (what == null) {
            throw new Win32Exception("DuplicateHandle", Win32Error.INVALID_HANDLE);
        }
        return handle(what instanceof Simulated ? what : "inheritable " + what);
    }

    @Override
    public synchronized void closeHandle(long handle) throws Win32Exception {
        called("CloseHandle", "0x" + Long.toHexString(handle));
        if (waits.containsValue(handle)) {
            throw new AssertionError("CloseHandle of a handle that a wait is registered on");
        }
        if (open.remove(handle) == null) {
            throw new AssertionError("CloseHandle of what is not open: 0x" + Long.toHexString(handle));
        }
    }

    @Override
    public int handleFlags(long handle) throws Win32Exception {
        called("GetHandleInformation", "");
        return String.valueOf(open.get(handle)).startsWith("inheritable") ? WindowsAbi.HANDLE_FLAG_INHERIT : 0;
    }

    /** A handle of the caller's, inheritable or not. */
    long callersHandle(boolean inheritable) {
        return handle(inheritable ? "inheritable caller's" : "caller's");
    }

    @Override
    public long standardHandle(int which) {
        return Objects.requireNonNull(standard.get(which));
    }

    @Override
    public long createFile(String path, int access, int share, int disposition) throws Win32Exception {
        called("CreateFileW", path + " 0x" + Integer.toHexString(access) + " " + disposition);
        return handle("file " + path);
    }

    @Override
    public void createPipe(long[] ends) throws Win32Exception {
        called("CreatePipe", "");
        ends[0] = handle("pipe to read");
        ends[1] = handle("pipe to write");
    }

    @Override
    public int readFile(long handle, byte[] into, int offset, int length) throws Win32Exception {
        called("ReadFile", "" + length);
        byte[] next = toRead.poll();
        if (next == null) {
            throw new Win32Exception("ReadFile", Win32Error.BROKEN_PIPE);
        }
        System.arraycopy(next, 0, into, offset, next.length);
        return next.length;
    }

    @Override
    public int writeFile(long handle, byte[] from, int offset, int length) throws Win32Exception {
        called("WriteFile", "" + length);
        written.add(java.util.Arrays.copyOfRange(from, offset, offset + length));
        return length;
    }

    @Override
    public void cancelIo(long handle) throws Win32Exception {
        called("CancelIoEx", "");
    }

    @Override
    public long createJob() throws Win32Exception {
        called("CreateJobObjectW", "");
        return handle("job");
    }

    @Override
    public void setJobLimits(long job, int flags) throws Win32Exception {
        called("SetInformationJobObject", "0x" + Integer.toHexString(flags));
    }

    @Override
    public JobTimes timesOfJob(long job) throws Win32Exception {
        called("QueryInformationJobObject", "");
        return jobTimes;
    }

    @Override
    public void terminateJob(long job, int exitCode) throws Win32Exception {
        called("TerminateJobObject", "" + exitCode);
    }

    @Override
    public void onWaitSatisfied(LongConsumer told) {
        sink = told;
    }

    @Override
    public synchronized long registerWait(long handle, long key) throws Win32Exception {
        called("RegisterWaitForSingleObject", "");
        Simulated process = process(handle);
        long wait = nextHandle;
        nextHandle += 4;
        waits.put(wait, handle);
        keys.put(wait, key);
        if (process.exitCode != null) {
            sink.accept(key);
        }
        return wait;
    }

    @Override
    public synchronized void unregisterWait(long wait) throws Win32Exception {
        called("UnregisterWaitEx", "");
        if (waits.remove(wait) == null) {
            throw new AssertionError("UnregisterWaitEx of what is not registered");
        }
    }

    @Override
    public void generateConsoleCtrlEvent(int event, long group) throws Win32Exception {
        called("GenerateConsoleCtrlEvent", event + " " + group);
    }

    /** As GetFullPathNameW does it, with {@code C:\here} as this process's directory. */
    @Override
    public String fullPath(String path) throws Win32Exception {
        called("GetFullPathNameW", path);
        String flat = path.replace('/', '\\');
        if (!flat.startsWith("\\\\") && !(flat.length() > 2 && flat.charAt(1) == ':' && flat.charAt(2) == '\\')) {
            flat = flat.startsWith("\\")
                    ? "C:" + flat
                    : flat.length() >= 2 && flat.charAt(1) == ':'
                            ? flat.substring(0, 2) + "\\here\\" + flat.substring(2)
                            : "C:\\here\\" + flat;
        }
        Deque<String> parts = new ArrayDeque<>();
        String prefix = flat.startsWith("\\\\") ? "\\\\" : "";
        for (String part : flat.substring(prefix.length()).split("\\\\", -1)) {
            if (part.equals("..")) {
                parts.removeLast();
            } else if (!part.equals(".") && !part.isEmpty()) {
                parts.add(part);
            }
        }
        String full = prefix + String.join("\\", parts);
        return full.replaceAll("[. ]+$", "");
    }

    @Override
    public int fileAttributes(String path) throws Win32Exception {
        called("GetFileAttributesW", path);
        Integer known = attributes.get(path);
        if (known == null) {
            throw new Win32Exception("GetFileAttributesW", Win32Error.FILE_NOT_FOUND);
        }
        return known;
    }

    @Override
    public String systemDirectory() throws Win32Exception {
        called("GetSystemDirectoryW", "");
        return "C:\\Windows\\system32";
    }

    @Override
    public char @Nullable [] environment() {
        log.add("GetEnvironmentStringsW");
        return environment;
    }
}
