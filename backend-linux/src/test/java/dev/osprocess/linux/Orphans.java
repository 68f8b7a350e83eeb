// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/** What a test leaves of its processes, reaped by a call of its own. */
public final class Orphans {
    private static final int WNOHANG = 1;

    private Orphans() {}

    /** Reaps an ended orphan of a test, if it became a child of this JVM because that is the first process here. */
    public static void reap(long pid) {
        if (Surroundings.isInit()) {
            reapChild(pid);
        }
    }

    /** Reaps a child of this JVM that has ended and that the library has let go. */
    public static void reapChild(long pid) {
        long waitpid = Library.getDefault().getSymbolAddress("waitpid");
        CallContext context = new CallContext(Type.SINT64, Type.SINT64, Type.SINT64, Type.SINT64);
        Invoker.getInstance().invokeL3(context, waitpid, pid, 0, WNOHANG);
    }
}
