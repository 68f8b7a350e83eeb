// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.time.Duration;

/** What a test leaves of its processes, reaped by a call of its own. */
public final class Orphans {
    private static final int WNOHANG = 1;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 2;

    private Orphans() {}

    /** Reaps an ended orphan of a test, if it became a child of this JVM because that is the first process here. */
    public static void reap(long pid) throws InterruptedException {
        if (Surroundings.isInit()) {
            reapChild(pid);
        }
    }

    /** Reaps a child of this JVM that has ended and that the library has let go. */
    public static void reapChild(long pid) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (waitpid(pid) == 0) { // /proc shows a zombie when the first thread has ended; there may be others
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("the child " + pid + " has not ended within " + SOON.toSeconds() + " s");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static long waitpid(long pid) {
        long function = Library.getDefault().getSymbolAddress("waitpid");
        CallContext context = new CallContext(Type.SINT32, Type.SINT32, Type.POINTER, Type.SINT32);
        return (int) Invoker.getInstance().invokeL3(context, function, pid, 0, WNOHANG);
    }
}
