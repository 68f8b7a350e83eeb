// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

/** Numbers of the Win32 API for 64-bit Windows, each with its header. Nothing here calls anything. */
final class WindowsAbi {
    // ---- winnt.h: access rights
    static final int DELETE_RIGHT = 0x00010000;
    static final int SYNCHRONIZE = 0x00100000;
    static final int GENERIC_READ = 0x80000000;
    static final int GENERIC_WRITE = 0x40000000;
    static final int FILE_APPEND_DATA = 0x0004;
    static final int FILE_READ_ATTRIBUTES = 0x0080;
    static final int PROCESS_TERMINATE = 0x0001;
    static final int PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
    static final int FILE_SHARE_ALL = 0x7; // READ | WRITE | DELETE
    static final int FILE_ATTRIBUTE_DIRECTORY = 0x10;
    static final int FILE_ATTRIBUTE_NORMAL = 0x80;
    static final int DUPLICATE_CLOSE_SOURCE = 0x1;
    static final int DUPLICATE_SAME_ACCESS = 0x2;

    // ---- fileapi.h, handleapi.h
    static final int CREATE_ALWAYS = 2;
    static final int OPEN_EXISTING = 3;
    static final int OPEN_ALWAYS = 4;
    static final int INVALID_FILE_ATTRIBUTES = -1;
    static final long INVALID_HANDLE_VALUE = -1;
    static final int HANDLE_FLAG_INHERIT = 0x1;
    /** GetCurrentProcess(): a pseudo handle, the same number as INVALID_HANDLE_VALUE. */
    static final long CURRENT_PROCESS = -1;

    // ---- winbase.h: creation flags, STARTUPINFOEXW and PROCESS_INFORMATION
    static final int CREATE_SUSPENDED = 0x00000004;
    static final int DETACHED_PROCESS = 0x00000008;
    static final int CREATE_NEW_CONSOLE = 0x00000010;
    static final int CREATE_NEW_PROCESS_GROUP = 0x00000200;
    static final int CREATE_UNICODE_ENVIRONMENT = 0x00000400;
    static final int EXTENDED_STARTUPINFO_PRESENT = 0x00080000;
    static final int CREATE_NO_WINDOW = 0x08000000;
    static final int STARTF_USESHOWWINDOW = 0x00000001;
    static final int STARTF_USESTDHANDLES = 0x00000100;
    static final int STARTUPINFOEX_SIZE = 112;
    static final int STARTUPINFO_FLAGS = 60;
    static final int STARTUPINFO_SHOW_WINDOW = 64; // SW_HIDE is 0
    static final int STARTUPINFO_STD_INPUT = 80;
    static final int STARTUPINFO_STD_OUTPUT = 88;
    static final int STARTUPINFO_STD_ERROR = 96;
    static final int STARTUPINFOEX_ATTRIBUTES = 104;
    static final int PROCESS_INFORMATION_SIZE = 24;
    static final int PROCESS_INFORMATION_THREAD = 8;
    static final int PROCESS_INFORMATION_PID = 16;
    static final long PROC_THREAD_ATTRIBUTE_PARENT_PROCESS = 0x00020000;
    static final long PROC_THREAD_ATTRIBUTE_HANDLE_LIST = 0x00020002;
    static final long PROC_THREAD_ATTRIBUTE_JOB_LIST = 0x0002000D;
    static final int STD_INPUT_HANDLE = -10;
    static final int STD_OUTPUT_HANDLE = -11;
    static final int STD_ERROR_HANDLE = -12;

    /** The longest command line: 32,767 characters with the NUL that ends it (CreateProcessW). */
    static final int COMMAND_LINE_MAX = 32_766;
    /** The longest plain path; a longer one needs the prefix {@code \\?\} (minwindef.h: MAX_PATH, with the NUL). */
    static final int PATH_MAX = 259;
    /** The longest current directory: MAX_PATH less room for a file name of 8.3 and the NUL (SetCurrentDirectory). */
    static final int DIRECTORY_MAX = 258;

    // ---- synchapi.h, winnt.h: waits
    static final int WAIT_OBJECT_0 = 0;
    static final int WAIT_TIMEOUT = 0x102;
    static final int WAIT_FAILED = -1;
    static final int INFINITE = -1;
    static final int WT_EXECUTEINWAITTHREAD = 0x4;
    static final int WT_EXECUTEONLYONCE = 0x8;

    // ---- wincon.h
    static final int CTRL_BREAK_EVENT = 1;

    // ---- winnt.h: job objects
    static final int JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION = 1;
    static final int JOB_OBJECT_EXTENDED_LIMIT_INFORMATION = 9;
    static final int BASIC_ACCOUNTING_SIZE = 48;
    static final int EXTENDED_LIMIT_SIZE = 144;
    static final int EXTENDED_LIMIT_FLAGS = 16;
    static final int JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000;

    // ---- tlhelp32.h
    static final int TH32CS_SNAPPROCESS = 0x2;
    static final int PROCESSENTRY32_SIZE = 568;
    static final int PROCESSENTRY32_PID = 8;
    static final int PROCESSENTRY32_PARENT = 32;

    // ---- psapi.h: PROCESS_MEMORY_COUNTERS
    static final int MEMORY_COUNTERS_SIZE = 72;
    static final int MEMORY_COUNTERS_PEAK = 8;

    // ---- winternl.h: PROCESS_BASIC_INFORMATION
    static final int PROCESS_BASIC_INFORMATION = 0;
    static final int BASIC_INFORMATION_SIZE = 48;
    static final int BASIC_INFORMATION_PARENT = 40;

    /** FILETIME counts 100 ns. */
    static final long NANOS_PER_TICK = 100;

    /** The exit code of a process that {@code KILL} ended (as Go and taskkill give). */
    static final int KILLED = 1;

    private WindowsAbi() {}
}
