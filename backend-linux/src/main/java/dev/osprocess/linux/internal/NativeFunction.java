// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/**
 * One function of the C library, called with words of 64 bits. An int result has unspecified upper bits there, so callers
 * cast; errno is saved by the binding within the call.
 */
final class NativeFunction {
    private static final Invoker INVOKER = Invoker.getInstance();
    private static final LastError ERRNO = LastError.getInstance();
    private static final Library LIBC = Library.getDefault();
    private static final CallContext[] CONTEXTS = new CallContext[7];

    private final String name;
    private final long address;
    private final CallContext context;

    private NativeFunction(String name, long address, CallContext context) {
        this.name = name;
        this.address = address;
        this.context = context;
    }

    /**
     * A function by name.
     *
     * @throws UnsatisfiedLinkError if this C library has none of that name
     */
    static NativeFunction of(String name, int parameters) {
        long address = addressOf(name);
        if (address == 0) {
            throw new UnsatisfiedLinkError("the C library has no function " + name);
        }
        return new NativeFunction(name, address, context(parameters));
    }

    /** The address of a symbol; 0 if there is none. */
    static long addressOf(String name) {
        return LIBC.getSymbolAddress(name);
    }

    private static CallContext context(int parameters) {
        synchronized (CONTEXTS) {
            CallContext context = CONTEXTS[parameters];
            if (context == null) {
                Type[] words = new Type[parameters];
                java.util.Arrays.fill(words, Type.SINT64);
                context = new CallContext(Type.SINT64, words);
                CONTEXTS[parameters] = context;
            }
            return context;
        }
    }

    String name() {
        return name;
    }

    /** The error of the last call that this thread made. */
    static int errno() {
        return ERRNO.get();
    }

    ErrnoException failed() {
        return new ErrnoException(name, errno());
    }

    long call() {
        return INVOKER.invokeL0(context, address);
    }

    long call(long a) {
        return INVOKER.invokeL1(context, address, a);
    }

    long call(long a, long b) {
        return INVOKER.invokeL2(context, address, a, b);
    }

    long call(long a, long b, long c) {
        return INVOKER.invokeL3(context, address, a, b, c);
    }

    long call(long a, long b, long c, long d) {
        return INVOKER.invokeL4(context, address, a, b, c, d);
    }

    long call(long a, long b, long c, long d, long e) {
        return INVOKER.invokeL5(context, address, a, b, c, d, e);
    }

    long call(long a, long b, long c, long d, long e, long f) {
        return INVOKER.invokeL6(context, address, a, b, c, d, e, f);
    }
}
