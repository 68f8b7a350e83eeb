// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.Map;

/** The errors of GetLastError that this backend meets (winerror.h): number, Win32 name, and a text for people. */
final class Win32Error {
    static final int FILE_NOT_FOUND = 2;
    static final int PATH_NOT_FOUND = 3;
    static final int TOO_MANY_OPEN_FILES = 4;
    static final int ACCESS_DENIED = 5;
    static final int INVALID_HANDLE = 6;
    static final int NOT_ENOUGH_MEMORY = 8;
    static final int BAD_FORMAT = 11;
    static final int INVALID_ACCESS = 12;
    static final int OUTOFMEMORY = 14;
    static final int NO_MORE_FILES = 18;
    static final int SHARING_VIOLATION = 32;
    static final int NOT_SUPPORTED = 50;
    static final int FILE_EXISTS = 80;
    static final int INVALID_PARAMETER = 87;
    static final int BROKEN_PIPE = 109;
    static final int DISK_FULL = 112;
    static final int CALL_NOT_IMPLEMENTED = 120;
    static final int INSUFFICIENT_BUFFER = 122;
    static final int INVALID_NAME = 123;
    static final int BAD_PATHNAME = 161;
    static final int BUSY = 170;
    static final int BAD_EXE_FORMAT = 193;
    static final int FILENAME_EXCED_RANGE = 206;
    static final int EXE_MACHINE_TYPE_MISMATCH = 216;
    static final int NO_DATA = 232;
    static final int DIRECTORY = 267;
    static final int ELEVATION_REQUIRED = 740;
    static final int OPERATION_ABORTED = 995;
    static final int IO_PENDING = 997;
    static final int NOT_FOUND = 1168;
    static final int CANCELLED = 1223;
    static final int PRIVILEGE_NOT_HELD = 1314;
    static final int NO_SYSTEM_RESOURCES = 1450;
    static final int COMMITMENT_LIMIT = 1455;
    static final int NOT_ENOUGH_QUOTA = 1816;
    static final int CANT_ACCESS_FILE = 1920;

    private Win32Error() {}

    private record Entry(String name, String text) {}

    /** Loaded when a text is asked for. */
    private static final class Texts {
        static final Map<Integer, Entry> BY_NUMBER = Map.ofEntries(
                entry(FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND", "no such file"),
                entry(PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND", "no such folder on the path"),
                entry(TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES", "too many open handles"),
                entry(ACCESS_DENIED, "ERROR_ACCESS_DENIED", "access denied"),
                entry(INVALID_HANDLE, "ERROR_INVALID_HANDLE", "not a valid handle"),
                entry(NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY", "not enough memory"),
                entry(BAD_FORMAT, "ERROR_BAD_FORMAT", "wrong format"),
                entry(INVALID_ACCESS, "ERROR_INVALID_ACCESS", "no valid access"),
                entry(OUTOFMEMORY, "ERROR_OUTOFMEMORY", "not enough memory"),
                entry(NO_MORE_FILES, "ERROR_NO_MORE_FILES", "no more entries"),
                entry(SHARING_VIOLATION, "ERROR_SHARING_VIOLATION", "in use by another process"),
                entry(NOT_SUPPORTED, "ERROR_NOT_SUPPORTED", "not supported"),
                entry(FILE_EXISTS, "ERROR_FILE_EXISTS", "the file exists"),
                entry(INVALID_PARAMETER, "ERROR_INVALID_PARAMETER", "invalid parameter"),
                entry(BROKEN_PIPE, "ERROR_BROKEN_PIPE", "the other end of the pipe is closed"),
                entry(DISK_FULL, "ERROR_DISK_FULL", "the disk is full"),
                entry(CALL_NOT_IMPLEMENTED, "ERROR_CALL_NOT_IMPLEMENTED", "not implemented"),
                entry(INSUFFICIENT_BUFFER, "ERROR_INSUFFICIENT_BUFFER", "the buffer is too small"),
                entry(INVALID_NAME, "ERROR_INVALID_NAME", "not a valid file name"),
                entry(BAD_PATHNAME, "ERROR_BAD_PATHNAME", "not a valid path"),
                entry(BUSY, "ERROR_BUSY", "in use"),
                entry(BAD_EXE_FORMAT, "ERROR_BAD_EXE_FORMAT", "not a Windows program"),
                entry(FILENAME_EXCED_RANGE, "ERROR_FILENAME_EXCED_RANGE", "too long"),
                entry(EXE_MACHINE_TYPE_MISMATCH, "ERROR_EXE_MACHINE_TYPE_MISMATCH", "a program for another processor"),
                entry(NO_DATA, "ERROR_NO_DATA", "the pipe is being closed"),
                entry(DIRECTORY, "ERROR_DIRECTORY", "not a folder"),
                entry(ELEVATION_REQUIRED, "ERROR_ELEVATION_REQUIRED", "the program needs to run elevated"),
                entry(OPERATION_ABORTED, "ERROR_OPERATION_ABORTED", "given up"),
                entry(IO_PENDING, "ERROR_IO_PENDING", "still under way"),
                entry(NOT_FOUND, "ERROR_NOT_FOUND", "not found"),
                entry(CANCELLED, "ERROR_CANCELLED", "cancelled"),
                entry(PRIVILEGE_NOT_HELD, "ERROR_PRIVILEGE_NOT_HELD", "a privilege is missing"),
                entry(NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", "no system resources left"),
                entry(COMMITMENT_LIMIT, "ERROR_COMMITMENT_LIMIT", "the paging file is too small"),
                entry(NOT_ENOUGH_QUOTA, "ERROR_NOT_ENOUGH_QUOTA", "the quota is used up"),
                entry(CANT_ACCESS_FILE, "ERROR_CANT_ACCESS_FILE", "the system cannot access the file"));

        private Texts() {}

        private static Map.Entry<Integer, Entry> entry(int number, String name, String text) {
            return Map.entry(number, new Entry(name, text));
        }
    }

    /** The Win32 name: {@code ERROR_ACCESS_DENIED}. */
    static String name(int error) {
        Entry entry = Texts.BY_NUMBER.get(error);
        return entry == null ? "Win32 error" : entry.name();
    }

    /** What it says, the same under every locale (ERR-12). */
    static String text(int error) {
        Entry entry = Texts.BY_NUMBER.get(error);
        return entry == null ? "see winerror.h" : entry.text();
    }

    /** Name, number and text. */
    static String describe(int error) {
        return name(error) + " (" + error + ") " + text(error);
    }

    /** Every number that has a name here, for tests. */
    static Iterable<Integer> known() {
        return Texts.BY_NUMBER.keySet();
    }
}
