// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/** Orphans of a test that became children of this JVM, because it is the first process here. */
final class Orphans {
    private static final int WNOHANG = 1;

    private Orphans() {}

    /** Reaps an ended orphan, if this JVM is the one that must. */
    static void reap(long pid) {
        if (Surroundings.isInit()) {
            long waitpid = Library.getDefault().getSymbolAddress("waitpid");
            CallContext context = new CallContext(Type.SINT64, Type.SINT64, Type.SINT64, Type.SINT64);
            Invoker.getInstance().invokeL3(context, waitpid, pid, 0, WNOHANG);
        }
    }
}
