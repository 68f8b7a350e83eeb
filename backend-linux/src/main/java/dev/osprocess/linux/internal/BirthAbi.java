// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

/**
 * Numbers of the system interface for the birth helper, and the helper's instructions: nothing but a table. What differs
 * by architecture is an instance.
 */
final class BirthAbi {
    // linux/prctl.h, linux/capability.h
    static final int PR_SET_PDEATHSIG = 1;
    static final int PR_SET_KEEPCAPS = 8;
    static final int PR_SET_NO_NEW_PRIVS = 38;
    static final int PR_CAP_AMBIENT = 47;
    static final int PR_CAP_AMBIENT_RAISE = 2;
    static final int LINUX_CAPABILITY_VERSION_3 = 0x2008_0522;

    // linux/sched.h
    static final int CLONE_NEWNS = 0x0002_0000;

    // sys/mount.h
    static final int MS_REC = 0x4000;
    static final int MS_PRIVATE = 0x4_0000;

    // asm-generic/ioctls.h
    static final int TIOCSCTTY = 0x540E;
    static final int TIOCSPGRP = 0x5410;
    static final int TIOCNOTTY = 0x5422;

    // sys/resource.h, bits/signum-generic.h, asm-generic/signal-defs.h
    static final int PRIO_PROCESS = 0;
    static final int SIGTTOU = 22;
    static final int SIG_BLOCK = 0;
    static final int SIG_UNBLOCK = 1;

    // linux/memfd.h
    static final int MFD_CLOEXEC = 1;
    static final int MFD_EXEC = 0x10;

    // fcntl.h
    static final int O_RDWR = 2;
    static final int O_PATH = 0x20_0000;

    // linux/magic.h
    static final long CGROUP2_SUPER_MAGIC = 0x6367_7270L;

    /** For the ELF header (elf.h). */
    final int machine;

    /** asm/unistd.h. */
    final Calls calls;

    private final int[] code;
    private final boolean bytes;

    private BirthAbi(int machine, Calls calls, boolean bytes, int... code) {
        this.machine = machine;
        this.calls = calls;
        this.bytes = bytes;
        this.code = code;
    }

    /** System calls by number. */
    record Calls(
            int write,
            int close,
            int openat,
            int ioctl,
            int fcntl,
            int mount,
            int unshare,
            int chroot,
            int chdir,
            int setgroups,
            int setresgid,
            int setresuid,
            int capset,
            int prctl,
            int execve,
            int exitGroup,
            int getpid,
            int getppid,
            int setpriority,
            int schedSetscheduler,
            int schedSetaffinity,
            int umask,
            int prlimit64,
            int rtSigprocmask) {}

    /** The helper's instructions, as they are in memory. */
    byte[] code() {
        byte[] all = new byte[bytes ? code.length : code.length * Integer.BYTES];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (bytes ? code[i] : code[i / Integer.BYTES] >>> (Byte.SIZE * (i % Integer.BYTES)));
        }
        return all;
    }

    /**
     * The numbers of an architecture.
     *
     * @param arch as in the system property {@code os.arch}
     * @return null if it is not one that was tried
     */
    static @org.jspecify.annotations.Nullable BirthAbi of(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> x86();
            case "aarch64" -> arm();
            default -> null;
        };
    }

    // The program, the same for both: a step is ten words, and the register S points at one.
    //
    //   S = first step
    //   loop: result = system call word[0] with word[1] … word[6]
    //         *word[7] = result
    //         if result is an error, or word[8] is not -1 and not the result: go to fail
    //         S = S + 80; go to loop
    //   fail: report = S, result
    //         S = word[9]; go to loop

    private static BirthAbi x86() {
        Calls calls = new Calls(
                1, 3, 257, 16, 72, 165, 272, 161, 80, 116, 119, 117, 126, 157, 59, 231, 39, 110, 141, 144, 203, 95, 302,
                14);
        return new BirthAbi(
                62,
                calls,
                true, //
                0xBB,
                0x40,
                0x10,
                0x80,
                0x00, // mov ebx, 0x801040
                // loop:
                0x48,
                0x8B,
                0x03, // mov rax, [rbx]
                0x48,
                0x8B,
                0x7B,
                0x08, // mov rdi, [rbx+8]
                0x48,
                0x8B,
                0x73,
                0x10, // mov rsi, [rbx+16]
                0x48,
                0x8B,
                0x53,
                0x18, // mov rdx, [rbx+24]
                0x4C,
                0x8B,
                0x53,
                0x20, // mov r10, [rbx+32]
                0x4C,
                0x8B,
                0x43,
                0x28, // mov r8, [rbx+40]
                0x4C,
                0x8B,
                0x4B,
                0x30, // mov r9, [rbx+48]
                0x0F,
                0x05, // syscall
                0x48,
                0x8B,
                0x4B,
                0x38, // mov rcx, [rbx+56]
                0x48,
                0x89,
                0x01, // mov [rcx], rax
                0x48,
                0x3D,
                0x01,
                0xF0,
                0xFF,
                0xFF, // cmp rax, -4095
                0x73,
                0x15, // jae fail
                0x48,
                0x8B,
                0x4B,
                0x40, // mov rcx, [rbx+64]
                0x48,
                0x83,
                0xF9,
                0xFF, // cmp rcx, -1
                0x74,
                0x05, // je next
                0x48,
                0x39,
                0xC1, // cmp rcx, rax
                0x75,
                0x06, // jne fail
                // next:
                0x48,
                0x83,
                0xC3,
                0x50, // add rbx, 80
                0xEB,
                0xBF, // jmp loop
                // fail:
                0x48,
                0x89,
                0x1C,
                0x25,
                0x00,
                0x10,
                0x80,
                0x00, // mov [0x801000], rbx
                0x48,
                0x89,
                0x04,
                0x25,
                0x08,
                0x10,
                0x80,
                0x00, // mov [0x801008], rax
                0x48,
                0x8B,
                0x5B,
                0x48, // mov rbx, [rbx+72]
                0xEB,
                0xA9); // jmp loop
    }

    private static BirthAbi arm() {
        Calls calls = new Calls(
                64, 57, 56, 29, 25, 40, 97, 51, 49, 159, 149, 147, 91, 167, 221, 94, 172, 173, 140, 119, 122, 166, 261,
                135);
        return new BirthAbi(
                183,
                calls,
                false, //
                0xD2820813, // mov  x19, #0x1040
                0xF2A01013, // movk x19, #0x80, lsl #16
                // loop:
                0xF9400268, // ldr  x8, [x19]
                0xA9408660, // ldp  x0, x1, [x19, #8]
                0xA9418E62, // ldp  x2, x3, [x19, #24]
                0xA9429664, // ldp  x4, x5, [x19, #40]
                0xD4000001, // svc  #0
                0xF9401E69, // ldr  x9, [x19, #56]
                0xF9000120, // str  x0, [x9]
                0xB13FFC1F, // cmn  x0, #4095
                0x54000102, // b.hs fail
                0xF9402269, // ldr  x9, [x19, #64]
                0xB100053F, // cmn  x9, #1
                0x54000060, // b.eq next
                0xEB00013F, // cmp  x9, x0
                0x54000061, // b.ne fail
                // next:
                0x91014273, // add  x19, x19, #80
                0x17FFFFF1, // b    loop
                // fail:
                0xD2820009, // mov  x9, #0x1000
                0xF2A01009, // movk x9, #0x80, lsl #16
                0xA9000133, // stp  x19, x0, [x9]
                0xF9402673, // ldr  x19, [x19, #72]
                0x17FFFFEC); // b    loop
    }
}
