// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/**
 * One function of the C library, with its parameters' widths as the C declaration has them. Looked up at the first call,
 * so that one that is missing harms nobody else; the probe asks for those that may be. A result of 32 bits has unspecified
 * upper bits, so callers cast; errno is saved by the binding within the call.
 */
final class NativeFunction {
    /** C's int, pid_t, idtype_t, a 32-bit id_t. */
    static final Type INT = Type.SINT32;

    /** C's long, size_t, pointers, a 64-bit id_t. */
    static final Type WORD = Type.SINT64;

    private static final Invoker INVOKER = Invoker.getInstance();
    private static final Library LIBC = Library.getDefault();
    private static final LastError ERRNO = LastError.getInstance();

    private final String name;
    private final String symbol;
    private final Type[] parameters;
    private final int fixedParameters;
    private volatile long address;
    private volatile @org.jspecify.annotations.Nullable CallContext context;

    private NativeFunction(String name, String symbol, int fixedParameters, Type... parameters) {
        this.name = name;
        this.symbol = symbol;
        this.fixedParameters = fixedParameters;
        this.parameters = parameters.clone();
    }

    /** A function by name, under the symbol that it has on this system. */
    static NativeFunction of(BsdProfile profile, String name, Type... parameters) {
        return new NativeFunction(name, profile.symbol(name), -1, parameters);
    }

    /** One with an ellipsis after so many parameters: arguments behind it travel otherwise on aarch64 macOS. */
    static NativeFunction variadic(BsdProfile profile, String name, int fixedParameters, Type... parameters) {
        return new NativeFunction(name, profile.symbol(name), fixedParameters, parameters);
    }

    /** The address of a symbol; 0 if there is none. */
    static long addressOf(String symbol) {
        return LIBC.getSymbolAddress(symbol);
    }

    private CallContext context() {
        CallContext known = context;
        if (known == null) {
            long found = addressOf(symbol);
            if (found == 0) {
                throw new UnsatisfiedLinkError("the C library has no function " + symbol);
            }
            address = found;
            known = fixedParameters < 0
                    ? CallContext.getCallContext(WORD, parameters, CallingConvention.DEFAULT, true)
                    : CallContext.getCallContext(WORD, fixedParameters, parameters, CallingConvention.DEFAULT, true);
            context = known;
        }
        return known;
    }

    String name() {
        return name;
    }

    /** The error of the last call that this thread made. */
    static int errno() {
        return ERRNO.get();
    }

    long call() {
        CallContext known = context();
        return INVOKER.invokeL0(known, address);
    }

    long call(long a) {
        CallContext known = context();
        return INVOKER.invokeL1(known, address, a);
    }

    long call(long a, long b) {
        CallContext known = context();
        return INVOKER.invokeL2(known, address, a, b);
    }

    long call(long a, long b, long c) {
        CallContext known = context();
        return INVOKER.invokeL3(known, address, a, b, c);
    }

    long call(long a, long b, long c, long d) {
        CallContext known = context();
        return INVOKER.invokeL4(known, address, a, b, c, d);
    }

    long call(long a, long b, long c, long d, long e) {
        CallContext known = context();
        return INVOKER.invokeL5(known, address, a, b, c, d, e);
    }

    long call(long a, long b, long c, long d, long e, long f) {
        CallContext known = context();
        return INVOKER.invokeL6(known, address, a, b, c, d, e, f);
    }
}
