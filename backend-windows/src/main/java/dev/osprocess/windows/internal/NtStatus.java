// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import java.util.Map;

/** Exit codes that Windows itself gives a process that it ended (ntstatus.h, PS-19). */
final class NtStatus {
    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(0x80000002L, "STATUS_DATATYPE_MISALIGNMENT, misaligned memory access"),
            Map.entry(0x80000003L, "STATUS_BREAKPOINT, breakpoint without a debugger"),
            Map.entry(0xC0000005L, "STATUS_ACCESS_VIOLATION, invalid memory access"),
            Map.entry(0xC0000006L, "STATUS_IN_PAGE_ERROR, memory that could not be read back"),
            Map.entry(0xC0000017L, "STATUS_NO_MEMORY, out of memory"),
            Map.entry(0xC000001DL, "STATUS_ILLEGAL_INSTRUCTION, illegal instruction"),
            Map.entry(0xC0000094L, "STATUS_INTEGER_DIVIDE_BY_ZERO, division by zero"),
            Map.entry(0xC0000096L, "STATUS_PRIVILEGED_INSTRUCTION, privileged instruction"),
            Map.entry(0xC00000FDL, "STATUS_STACK_OVERFLOW, stack overflow"),
            Map.entry(0xC000012FL, "STATUS_INVALID_IMAGE_NOT_MZ, not a Windows program"),
            Map.entry(0xC0000135L, "STATUS_DLL_NOT_FOUND, a DLL is missing"),
            Map.entry(0xC0000138L, "STATUS_ORDINAL_NOT_FOUND, a DLL lacks a function"),
            Map.entry(0xC0000139L, "STATUS_ENTRYPOINT_NOT_FOUND, a DLL lacks a function"),
            Map.entry(0xC000013AL, "STATUS_CONTROL_C_EXIT, ended by Ctrl-C or Ctrl-Break"),
            Map.entry(0xC0000142L, "STATUS_DLL_INIT_FAILED, a DLL failed to begin"),
            Map.entry(0xC0000374L, "STATUS_HEAP_CORRUPTION, heap corruption"),
            Map.entry(0xC0000409L, "STATUS_STACK_BUFFER_OVERRUN, fail fast"),
            Map.entry(0xC0000417L, "STATUS_INVALID_CRUNTIME_PARAMETER, invalid parameter of the C runtime"),
            Map.entry(0xC0000420L, "STATUS_ASSERTION_FAILURE, assertion failed"));

    private NtStatus() {}

    /** The name and what it means; empty if it is not known here. */
    static String describe(long exitCode) {
        return NAMES.getOrDefault(exitCode, "");
    }
}
