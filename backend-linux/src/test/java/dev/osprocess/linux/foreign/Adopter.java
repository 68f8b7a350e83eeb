// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.foreign;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import dev.osprocess.OsProcess;
import dev.osprocess.ProcessState;
import dev.osprocess.Signal;
import dev.osprocess.linux.ChildJvm;
import dev.osprocess.linux.Orphans;
import dev.osprocess.linux.RealProcesses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The main program of {@link ForeignWaitTest}: a JVM to which orphans come, as they do to the first process of a
 * container. It waits for one that it had found before, and says what it sees.
 */
public final class Adopter {
    /** Said if the kernel has no such thing. */
    static final String REFUSED = "refused";

    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final String SEVEN_AT_A_WORD = "exec 3<&0; (read word <&3; exit 7) & echo $!";

    private Adopter() {}

    /** No arguments. */
    public static void main(String[] args) throws Exception {
        long prctl = Library.getDefault().getSymbolAddress("prctl");
        CallContext context = new CallContext(Type.SINT32, Type.SINT32, Type.ULONG, Type.ULONG, Type.ULONG, Type.ULONG);
        if ((int) Invoker.getInstance().invokeL5(context, prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
            ChildJvm.say(REFUSED);
            return;
        }
        new Run().run();
    }

    private static final class Run extends RealProcesses {
        void run() throws Exception {
            OsProcess parent = shell(SEVEN_AT_A_WORD);
            long pid = Long.parseLong(lineFrom(parent));
            OsProcess exiting = OsProcess.findLive(pid).orElseThrow();
            CompletableFuture<ProcessState> exit = exiting.onExit(); // watched before it came to us
            end(parent);
            await(true, () -> isChild(pid));
            tell(parent);
            ChildJvm.say(exit.get(SOON.toSeconds(), TimeUnit.SECONDS));
            ChildJvm.say(exiting.status());
            ChildJvm.say(stateOf(pid));
            exiting.close();
            ChildJvm.say(stateOf(pid));
            try (OsProcess zombie = OsProcess.find(pid)) {
                ChildJvm.say(end(zombie));
            }
            Orphans.reapChild(pid);
            ChildJvm.say("[" + stateOf(pid) + "]");

            parent = shell("sleep 1000 & echo $!");
            long sleeping = Long.parseLong(lineFrom(parent));
            end(parent);
            await(true, () -> isChild(sleeping));
            try (OsProcess signalled = OsProcess.find(sleeping)) {
                signalled.signal(Signal.USR1);
                ChildJvm.say(end(signalled));
            }
            Orphans.reapChild(sleeping);
            ChildJvm.say("[" + stateOf(sleeping) + "]");
        }
    }
}
