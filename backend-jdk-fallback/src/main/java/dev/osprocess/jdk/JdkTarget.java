// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ErrorKind;
import dev.osprocess.NativeHandle;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.Strategy;
import dev.osprocess.spi.Target;
import org.jspecify.annotations.Nullable;

/**
 * A process that the JDK knows by its number and its start time. The JDK compares the start time before each signal; here
 * is compared once more, and what was once seen to be gone stays gone, whoever gets the number (ID-13).
 */
abstract class JdkTarget implements Target {
    private static final int NUMBER_OF_KILL = 9;
    private static final int NUMBER_OF_TERM = 15;

    final JdkSystem system;
    final ProcessHandle process;
    private final long pid;

    JdkTarget(JdkSystem system, ProcessHandle process) {
        this.system = system;
        this.process = process;
        this.pid = process.pid();
    }

    @Override
    public final long pid() {
        return pid;
    }

    @Override
    public final Strategy strategy() {
        return Strategy.FOREIGN_REAPER;
    }

    @Override
    public final @Nullable NativeHandle handle() {
        return null;
    }

    /** Whether it has ended and is reaped. Unknown is "no". */
    abstract boolean isGone();

    @Override
    public final void signal(Signal signal) throws ProcessException {
        int number = signal.number().orElse(-1);
        boolean kill = signal.equals(Signal.KILL) || number == NUMBER_OF_KILL;
        boolean term = signal.equals(Signal.TERM) || number == NUMBER_OF_TERM;
        if (number != 0 && !kill && !term) {
            throw lacks(Capability.SIGNAL_ANY, "send TERM or KILL");
        }
        if (term && !process.supportsNormalTermination()) { // it would be a KILL (SIG-12)
            throw lacks(Capability.SIGNAL_TERM, "send KILL");
        }
        if (isGone()) {
            throw done("signal");
        }
        if (number != 0) {
            send(kill);
        }
    }

    private void send(boolean kill) throws ProcessException {
        boolean sent;
        try {
            sent = kill ? process.destroyForcibly() : process.destroy();
        } catch (IllegalStateException self) { // the JDK keeps a JVM from ending itself (ID-10)
            throw new UnsupportedFeatureException(
                    "signals to this JVM itself",
                    JdkBackend.NAME,
                    system.host().remedy("use System.exit or Runtime.halt"));
        }
        if (!sent) {
            if (isGone() || !process.isAlive()) {
                throw done("signal");
            }
            throw ProcessException.builder(ErrorKind.PERMISSION, "signal")
                    .pid(pid)
                    .detail("the system refused, and the JDK does not tell why; as a rule it is another user's process")
                    .build();
        }
    }

    private UnsupportedFeatureException lacks(Capability capability, String remedy) {
        return new UnsupportedFeatureException(
                capability.description(), JdkBackend.NAME, system.host().remedy(remedy, capability));
    }

    @Override
    public final ProcessIdentity identity() throws ProcessException {
        ProcessIdentity read = JdkIdentities.of(system, process);
        if (isGone()) { // read first, then confirmed: what was read is not a newcomer's (D16)
            throw done("identity");
        }
        return read;
    }

    final ProcessException done(String operation) {
        return ProcessException.builder(ErrorKind.ALREADY_DONE, operation)
                .pid(pid)
                .detail("the process has finished already")
                .build();
    }
}
