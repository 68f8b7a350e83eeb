// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * System calls for a child to make, one after the other, with their data: laid out as the memory of a program that does
 * nothing else (ADR 0018). {@link #image} gives that program as an executable file. All addresses are fixed, so a pointer
 * is a number here already.
 *
 * <p>The data begin with the report (the address of the step that failed, and its result) and a word for results that
 * nobody needs; then come the steps, then whatever the steps point at.
 */
final class BirthScript {
    static final int REPORT_SIZE = 2 * Long.BYTES;

    private static final int STEP_SIZE = 10 * Long.BYTES;
    private static final int RESULT_WORD = 7;
    private static final int EXPECTED_WORD = 8;
    private static final int ON_FAILURE_WORD = 9;
    private static final int MOST_STEPS = 128;
    private static final long ANY = -1;

    // the same two numbers are in the instructions
    private static final long DATA_ADDRESS = 0x80_1000;
    private static final int FIRST_STEP = 0x40;

    private static final int UNUSED_RESULT = REPORT_SIZE;
    private static final int POOL = FIRST_STEP + MOST_STEPS * STEP_SIZE;

    private static final int EXIT_CODE = 127;

    // elf.h
    private static final long CODE_ADDRESS = 0x40_0000;
    private static final int DATA_OFFSET = 0x1000;
    private static final int HEADER_SIZE = 64;
    private static final int SEGMENT_SIZE = 56;
    private static final int SEGMENTS = 3;
    private static final int CODE_OFFSET = HEADER_SIZE + SEGMENTS * SEGMENT_SIZE;
    private static final int ALIGNMENT = 0x1_0000; // the largest page of the architectures
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474_E551;
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int EXECUTE = 1;

    private final BirthAbi abi;
    private final List<Step> steps = new ArrayList<>();
    private byte[] pool = new byte[4096];
    private int used;

    BirthScript(BirthAbi abi) {
        this.abi = abi;
    }

    /** One system call. */
    static final class Step {
        private final String call;
        private final int number;
        private final long[] arguments;
        private long resultAddress = DATA_ADDRESS + UNUSED_RESULT;
        private long expected = ANY;
        private @Nullable String path;
        private String remark = "";

        private Step(String call, int number, long[] arguments) {
            this.call = call;
            this.number = number;
            this.arguments = arguments;
        }

        /** What it is called in an error. */
        String call() {
            return call;
        }

        /** What it is done to, in an error. */
        @Nullable
        String path() {
            return path;
        }

        /** What an error should say of it beside the system's text. */
        String remark() {
            return remark;
        }

        Step on(String itsPath) {
            path = itsPath;
            return this;
        }

        Step saying(String itsRemark) {
            remark = itsRemark;
            return this;
        }

        /** Any other result is a failure. */
        Step expecting(long result) {
            expected = result;
            return this;
        }

        Step resultTo(long address) {
            resultAddress = address;
            return this;
        }
    }

    /** Adds a call. */
    Step call(String name, int number, long... arguments) {
        if (steps.size() == MOST_STEPS - 2) {
            throw new AssertionError("internal error: more than " + MOST_STEPS + " steps of a birth");
        }
        Step step = new Step(name, number, Arrays.copyOf(arguments, RESULT_WORD - 1));
        steps.add(step);
        return step;
    }

    /** Where the first argument of the call that is added next will be. */
    long firstArgumentOfNext() {
        return stepAddress(steps.size()) + Long.BYTES;
    }

    List<Step> steps() {
        return steps;
    }

    private static long stepAddress(int step) {
        return DATA_ADDRESS + FIRST_STEP + (long) step * STEP_SIZE;
    }

    /** Takes room for data; the address. */
    private long reserve(int size) {
        int at = used;
        int end = Math.addExact(at, Math.addExact(size, Long.BYTES - 1) & -Long.BYTES);
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(end, 2 * pool.length));
        }
        used = end;
        return DATA_ADDRESS + POOL + at;
    }

    private ByteBuffer at(long address) {
        return ByteBuffer.wrap(pool).order(ByteOrder.LITTLE_ENDIAN).position((int) (address - DATA_ADDRESS - POOL));
    }

    /** Puts a string and a NUL into memory; its address. */
    long string(byte[] bytes) {
        long address = reserve(bytes.length + 1);
        at(address).put(bytes);
        return address;
    }

    /** Puts an array of pointers to strings into memory, ended by a null pointer; its address. */
    long strings(byte[][] strings) {
        long[] pointers = new long[strings.length + 1];
        for (int i = 0; i < strings.length; i++) {
            pointers[i] = string(strings[i]);
        }
        return words(pointers);
    }

    /** Puts words of 64 bits into memory; their address. */
    long words(long... words) {
        long address = reserve(words.length * Long.BYTES);
        ByteBuffer to = at(address);
        for (long word : words) {
            to.putLong(word);
        }
        return address;
    }

    /** Puts words of 32 bits into memory; their address. */
    long ints(int... words) {
        long address = reserve(words.length * Integer.BYTES);
        ByteBuffer to = at(address);
        for (int word : words) {
            to.putInt(word);
        }
        return address;
    }

    /**
     * The program. When a step fails it writes the report to this descriptor, and exits.
     *
     * @param status the child's descriptor for the report
     */
    byte[] image(int status) {
        byte[] code = abi.code();
        int dataSize = POOL + used;
        ByteBuffer file = ByteBuffer.allocate(DATA_OFFSET + dataSize).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(file);
        putSegment(file, PT_LOAD, READ | EXECUTE, 0, CODE_ADDRESS, CODE_OFFSET + code.length);
        putSegment(file, PT_LOAD, READ | WRITE, DATA_OFFSET, DATA_ADDRESS, dataSize);
        putSegment(file, PT_GNU_STACK, READ | WRITE, 0, 0, 0);
        file.put(code);
        long report = stepAddress(steps.size());
        long exit = stepAddress(steps.size() + 1);
        file.position(DATA_OFFSET + FIRST_STEP);
        for (Step step : steps) {
            putStep(file, step, report);
        }
        BirthAbi.Calls calls = abi.calls;
        long[] reportCall = {status, DATA_ADDRESS, REPORT_SIZE, 0, 0, 0};
        putStep(file, new Step("write", calls.write(), reportCall), exit);
        putStep(file, new Step("exit_group", calls.exitGroup(), new long[] {EXIT_CODE, 0, 0, 0, 0, 0}), exit);
        file.position(DATA_OFFSET + POOL).put(pool, 0, used);
        return file.array();
    }

    private void putHeader(ByteBuffer file) {
        file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 2).putShort((short) abi.machine).putInt(1); // ET_EXEC, its machine, EV_CURRENT
        file.putLong(CODE_ADDRESS + CODE_OFFSET).putLong(HEADER_SIZE).putLong(0).putInt(0);
        file.putShort((short) HEADER_SIZE).putShort((short) SEGMENT_SIZE).putShort((short) SEGMENTS);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0); // no sections
    }

    private static void putSegment(ByteBuffer file, int type, int flags, long offset, long address, long size) {
        file.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
        file.putLong(size).putLong(size).putLong(ALIGNMENT);
    }

    private static void putStep(ByteBuffer file, Step step, long onFailure) {
        long[] words = new long[STEP_SIZE / Long.BYTES];
        words[0] = step.number;
        System.arraycopy(step.arguments, 0, words, 1, step.arguments.length);
        words[RESULT_WORD] = step.resultAddress;
        words[EXPECTED_WORD] = step.expected;
        words[ON_FAILURE_WORD] = onFailure;
        for (long word : words) {
            file.putLong(word);
        }
    }

    /** The step that a report is about. */
    Step failedStep(byte[] report) {
        long address = ByteBuffer.wrap(report).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return steps.get(Math.toIntExact((address - stepAddress(0)) / STEP_SIZE));
    }

    /** The errno of a report; 0 if the call succeeded with a result that was not the expected one. */
    static int errno(byte[] report) {
        long result = ByteBuffer.wrap(report).order(ByteOrder.LITTLE_ENDIAN).getLong(Long.BYTES);
        return result < 0 ? Math.toIntExact(-result) : 0;
    }
}
